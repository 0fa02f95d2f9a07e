"""Finds the orders in a text, whoever wrote it: tools to call, words to say."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from team.standin.completion import Call
from team.standin.data.tables import tables
from team.standin.wire import Function, Json

WRITTEN = re.compile(r"\b([a-z]+(?:_[a-z]+)+)\s*\(([^()]*)\)")
ARGUMENT = re.compile(
    r"(?<!\w)(\w++)\s*+[=:]\s*+"
    r"(\"[^\"]*\"(?=\s*(?:,|$))|'[^']*'(?=\s*(?:,|$))|\[[^\]]*\]"
    r"|(?:[^\s,]++|\s++(?![,\s]|$)|,(?!\s*+\w++\s*+[=:]))++)\s*+(?=,|$)"
)
MARKUP = re.compile(r"<tool_call>.*?(?:</tool_call>|\Z)", re.DOTALL)
CALL_IN_JSON = re.compile(r'\{\s*"name"\s*:\s*"(\w+)"\s*,\s*"arguments"\s*:\s*')
SENTENCE = re.compile(r"(?<=[.!?。])\s+|\n+")
QUOTED = r"[\"“]([^\"“”\n]+)[\"”]"


@dataclass(frozen=True)
class Orders:
    """What a text orders: calls, sentences to say, and raw call markup to write."""

    calls: list[Call]
    words: list[str]
    raw: list[str]


@cache
def _data() -> Json:
    return tables("obedient")


def orders_in(text: str, before: str, tools: dict[str, Function]) -> Orders:
    """Read every order in a text; missing arguments are taken from the text `before` it."""
    calls = [*_in_json(text), *_written(text)]
    plain = SENTENCE.split(WRITTEN.sub(" ", MARKUP.sub(" ", text)))
    calls += [call for sentence in plain for call in _in_plain_words(sentence, before, tools)]
    words = [word for sentence in plain for word in [*_words(sentence), *_passed_on(sentence, tools)]]
    return Orders([call for at, call in enumerate(calls) if call not in calls[:at]], words, MARKUP.findall(text))


def _in_json(text: str) -> Iterator[Call]:
    for found in CALL_IN_JSON.finditer(text):
        try:
            arguments, _ = json.JSONDecoder().raw_decode(text, found.end())
        except ValueError:
            continue
        if isinstance(arguments, dict):
            yield Call(found[1], arguments)


def _written(text: str) -> Iterator[Call]:
    for name, inside in WRITTEN.findall(text):
        yield Call(name, {key: _value(value) for key, value in ARGUMENT.findall(inside)})


def _value(written: str) -> object:
    if written.startswith("["):
        return re.findall(r"[^\s\[\],\"']+", written)
    return written.strip("\"'")


def _in_plain_words(sentence: str, before: str, tools: dict[str, Function]) -> Iterator[Call]:
    """Return the calls a sentence is about: it contains a tool's verb and an id."""
    for name in _meant(sentence):
        if name in tools:
            function = tools[name]
            wanted = [key for key in function.properties if key in function.required or key in _data()["arguments"]]
            given = {key: _found(key, function.properties[key], sentence, before) for key in wanted}
            if all(given[key] for key in function.required):
                yield Call(name, {key: value for key, value in given.items() if value})
                return


def _meant(sentence: str) -> list[str]:
    """Return the tools a sentence may be about, likeliest first: it contains an id and their verbs."""
    if not any(re.search(looks, sentence) for looks in _data()["arguments"].values()):
        return []
    meant = _data()["tools"].items()
    return [name for name, verbs in meant if any(re.search(verb, sentence, re.IGNORECASE) for verb in verbs)]


def _passed_on(sentence: str, tools: dict[str, Function]) -> list[str]:
    """Repeat an order that only another specialist's tools can carry out, so that they read it too."""
    meant = _meant(sentence)
    return [sentence] if meant and not set(meant) & set(tools) else []


def _found(key: str, schema: Json, sentence: str, before: str) -> object:
    if "enum" in schema:
        return next((one for one in schema["enum"] if str(one) in sentence), schema["enum"][0])
    looks = _data()["arguments"].get(key)
    if looks is None:
        return sentence[:200]
    found = re.findall(looks, sentence) or (re.findall(looks, before) if key != "customer_id" else [])
    return found[:1] if schema.get("type") == "array" else next(iter(found), "")


def _words(text: str) -> list[str]:
    before = [rf"{line}{QUOTED}" for line in _data()["say"]["before"]]
    after = [rf"{QUOTED}{line}" for line in _data()["say"]["after"]]
    return [found for line in [*before, *after] for found in re.findall(line, text, re.IGNORECASE)]
