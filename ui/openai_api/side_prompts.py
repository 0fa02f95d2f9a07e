"""What chat programs do behind a customer's back, such as asking for a chat's title: known by its shape.

Code answers it, not the team, and it is no message of the customer's: nothing is stored, no model is asked and no tool
is called.
"""

import json
import re
import secrets
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from team.words.language import LANGUAGES, language_of
from ui.openai_api.shapes import Message
from ui.words.page import WORDS

TITLE_WORDS, TITLE_CHARS = 6, 40
SPOKEN = re.compile(r"^(?:user|human):[ \t]*+(?P<words>\S.*+)$", re.IGNORECASE | re.MULTILINE)
"""A line of a conversation that stands in a prompt, said by the customer."""

HISTORY, HISTORY_END = "<chat_history>", "</chat_history>"
EMOJI = "🙂"
SUGGESTED = ("suggest_order", "suggest_return", "suggest_product")


@dataclass(frozen=True)
class Shape:
    """One thing that a program asks aside. The comments of the data file say what `answers` can be."""

    program: str
    begins: str
    has: tuple[str, ...]
    answers: str
    role: str = "user"

    def fits(self, message: Message) -> bool:
        """Return whether a message is of this shape."""
        text = message.text.lstrip().lower()
        return message.role == self.role and text.startswith(self.begins) and all(one in text for one in self.has)


@dataclass(frozen=True)
class Aside:
    """The answer to what a program asks aside."""

    text: str
    id: str = field(default_factory=lambda: secrets.token_hex(12))


def side_answer(messages: Sequence[Message]) -> Aside | None:
    """Return the answer to what a program asks aside; None for a customer's message."""
    for shape in shapes():
        for message in (messages[0], messages[-1]):
            if shape.fits(message):
                return Aside(ANSWERS[shape.answers](_customer_in(message.text)))
    return None


@cache
def shapes() -> tuple[Shape, ...]:
    """Return the known shapes."""
    return tuple(Shape(**{**one, "has": tuple(one["has"])}) for one in _data()["shape"])


@cache
def offered_anyway() -> frozenset[str]:
    """Return the names of the tools that programs offer with every message, whether or not a model can use them."""
    return frozenset(name for one in _data()["tools"] for name in one["names"])


def customers_words(text: str) -> str:
    """Return what the customer wrote, without what their program put before it."""
    for one in _data()["added"]:
        added, end, words = text.partition(one["ends"])
        if end and added.startswith(one["begins"]):
            return words.strip()
    return text


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _customer_in(prompt: str) -> str:
    """Return what the customer says in the conversation that a prompt holds."""
    history = prompt.partition(HISTORY)[2].partition(HISTORY_END)[0]
    return "\n".join(found["words"].strip() for found in SPOKEN.finditer(history or prompt))


def _language(said: str) -> str:
    return language_of(said, next(iter(LANGUAGES)))


def _title(said: str) -> str:
    first = said.partition("\n")[0]
    short = " ".join(re.sub(r"[\"'*#`]", "", first).split()[:TITLE_WORDS])[:TITLE_CHARS].strip(" .,!?;:")
    return short or WORDS.say("untitled", _language(said))


def _titled(said: str) -> str:
    return _json(language=LANGUAGES[_language(said)], title=_title(said))


def _follow_ups(said: str) -> str:
    return _json(follow_ups=[WORDS.say(name, _language(said)) for name in SUGGESTED])


def _json(**fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False)


ANSWERS: Mapping[str, Callable[[str], str]] = {
    "title": _title,
    "title_json": lambda said: _json(title=_title(said)),
    "titled": _titled,
    "tags": lambda said: _json(tags=[WORDS.say("aside_tag", _language(said))]),
    "follow_ups": _follow_ups,
    "queries": lambda _: _json(queries=[]),
    "prompt": lambda _: _json(prompt=""),
    "text": lambda _: _json(text=""),
    "emoji": lambda _: EMOJI,
    "no_tools": lambda _: _json(tool_calls=[]),
}
