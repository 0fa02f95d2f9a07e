"""Comparing a turn's events with what its script expects."""

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from typing import Any

from scripts.evaluation.script import Fields, Step
from team.turn.steps import Step as Event

NEVER_SHOWN = re.compile(
    r"(?:credit_card|gift_card|paypal)_\d+|\b(?:img|c|t|q|a|v)_[\w-]{9,}|\b[a-z]+_[a-z]+_\d{4}\b|</?tool_call>|<\|"
    r"|\b[23]1\d{8}\b|[{}]|```|\b(?:get|list|search|cancel|change|return|exchange|create|hand)_[a-z_]+\b"
)
"""What no customer should ever read: ids, markup, JSON, names of tools."""


def step_problems(step: Step, events: Sequence[Event], pictures: Mapping[str, str]) -> list[str]:
    """Return how a turn differs from what its step expects."""
    answer, ended = answer_of(events), _only(events, "turn_ended")
    problems = _calls_missing(step, _only(events, "tool_call"), pictures)
    problems += [f"{word!r} is not in the answer: {answer!r}" for word in step.words if not _says(answer, word)]
    problems += answer_problems(step.never_words, events)
    problems += [f"the answer shows {found[0]!r}: {answer!r}" for found in [NEVER_SHOWN.search(answer)] if found]
    seen = {
        "specialist": [data["choice"] for data in _only(events, "router")][:1],
        "asks": [data["tool"] for data in _only(events, "question")],
        "ended": [data["status"] for data in ended],
        "language": list(dict.fromkeys(said["language"] for said in _said(events))),
    }
    expected = {name: getattr(step, name) for name in seen}
    problems += [
        f"{name} {seen[name]} instead of {value}: {answer!r}"
        for name, value in expected.items()
        if value is not None and seen[name] != [value]
    ]
    if step.asks is None and seen["asks"]:
        problems.append(f"it asked about {seen['asks'][0]}: {answer!r}")
    return problems


def call_problems(never: Sequence[str], events: Sequence[Event]) -> list[str]:
    """Return the forbidden calls that were made; `orders.*` stands for all of a server's tools."""
    made = [_name(data) for data in _only(events, "tool_call")]
    return [f"{name} was called" for name in made if any(fnmatch(name, pattern) for pattern in never)]


def answer_problems(never: Sequence[str], events: Sequence[Event]) -> list[str]:
    """Return the forbidden words that were said."""
    answer = answer_of(events)
    return [f"{word!r} is in the answer: {answer!r}" for word in never if word.lower() in answer.lower()]


def answer_of(events: Sequence[Event]) -> str:
    """Return the text of the answer."""
    return "\n".join(said["text"] for said in _said(events))


def _said(events: Sequence[Event]) -> list[dict[str, Any]]:
    return [data for data in _only(events, "message") if data["role"] == "assistant"]


def _calls_missing(step: Step, made: list[Fields], pictures: Mapping[str, str]) -> list[str]:
    left = iter(made)
    for name, arguments in step.expected_calls():
        wanted = {key: pictures.get(str(value)[1:], value) for key, value in arguments.items()}
        if not any(_name(call) == name and _has(call["arguments"], wanted) for call in left):
            told = [(_name(call), call["arguments"]) for call in made]
            return [f"no call of {name} with {wanted} in its place, but {told}"]
    return []


def _has(arguments: Fields, wanted: Fields) -> bool:
    return all(arguments.get(key) == value for key, value in wanted.items())


def _name(call: Fields) -> str:
    return f"{call['server']}.{call['tool']}"


def _says(answer: str, word: str | list[str]) -> bool:
    return any(one.lower() in answer.lower() for one in ([word] if isinstance(word, str) else word))


def _only(events: Sequence[Event], kind: str) -> list[dict[str, Any]]:
    return [event.data for event in events if event.kind == kind]
