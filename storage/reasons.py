"""Why a step of the team went as it did: a code with its facts, which every reader puts into their own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Union

Fact = Union[str, int, float, "Reason", Sequence[Union[str, "Reason"]]]
"""What a reason holds; one that stands for others holds them."""


class Code(StrEnum):
    """What can be said of a step. A stored event keeps it: a code may be added, but none renamed."""

    WAITED_FOR_CUSTOMER = "waited_for_customer"
    QUESTION_ANSWERED = "question_answered"
    LIKELIEST = "likeliest"
    CHOSEN = "chosen"
    NO_MODEL = "no_model"
    NOBODY_NAMED = "nobody_named"

    LATE = "late"
    STATUS = "status"
    STATUS_AGAIN = "status_again"
    AWAY = "away"
    UNREADABLE = "unreadable"
    ENDLESS = "endless"
    EMPTY_REPLY = "empty_reply"
    CUT = "cut"
    REPEATS = "repeats"
    BAD_CALL = "bad_call"
    BAD_ARGUMENTS = "bad_arguments"
    FOREIGN = "foreign"
    LEAKS = "leaks"
    ALL_REST = "all_rest"
    RESTS = "rests"

    TOO_LONG = "too_long"
    NO_TEXT = "no_text"
    NO_ANSWER = "no_answer"
    RAW_JSON = "raw_json"
    PAYMENT_ID = "payment_id"
    INTERNAL_ID = "internal_id"
    RAW_DATA = "raw_data"
    MARKUP = "markup"
    PROMPT = "prompt"
    TOOL_NAMES = "tool_names"
    SEVERAL = "several"

    TOO_SLOW = "too_slow"
    FAILED = "failed"
    LOOPED = "looped"
    MODEL_DOWN = "model_down"
    TOOLS_DOWN = "tools_down"
    WRONG_LANGUAGE = "wrong_language"
    CUT_OFF = "cut_off"
    NOTHING_TO_SAY = "nothing_to_say"


SENTENCES: Mapping[Code, str] = {
    Code.WAITED_FOR_CUSTOMER: "this specialist waited to know the customer",
    Code.QUESTION_ANSWERED: "this specialist's question was answered",
    Code.LIKELIEST: "the likeliest of the candidates",
    Code.CHOSEN: "the model's choice",
    Code.NO_MODEL: "no model answered: {why}",
    Code.NOBODY_NAMED: "the model named nobody: {said!r}",
    Code.LATE: "no answer in time",
    Code.STATUS: "status {status}",
    Code.STATUS_AGAIN: "status {status}, again after {seconds:g} s",
    Code.AWAY: "the connection failed",
    Code.UNREADABLE: "a reply that cannot be read ({error})",
    Code.ENDLESS: "a reply that has no end",
    Code.EMPTY_REPLY: "an empty reply",
    Code.CUT: "a reply cut at max_tokens",
    Code.REPEATS: "a reply that repeats itself",
    Code.BAD_CALL: "a tool call that cannot be read",
    Code.BAD_ARGUMENTS: "arguments that are no JSON object",
    Code.FOREIGN: "a reply in another language",
    Code.LEAKS: "not for the customer: {kinds}",
    Code.ALL_REST: "every endpoint failed a moment ago",
    Code.RESTS: "{endpoint} failed a moment ago",
    Code.TOO_LONG: "{characters} characters; at most {most}",
    Code.NO_TEXT: "no text",
    Code.NO_ANSWER: "empty",
    Code.RAW_JSON: "raw JSON",
    Code.PAYMENT_ID: "payment method id",
    Code.INTERNAL_ID: "internal id",
    Code.RAW_DATA: "raw data",
    Code.MARKUP: "model markup",
    Code.PROMPT: "prompt",
    Code.TOOL_NAMES: "tool names reworded: {names}",
    Code.SEVERAL: "{reasons}",
    Code.TOO_SLOW: "the answer took too long",
    Code.FAILED: "the answer failed",
    Code.LOOPED: "the team went round in circles",
    Code.MODEL_DOWN: "no model answered",
    Code.TOOLS_DOWN: "the tool servers cannot be reached",
    Code.WRONG_LANGUAGE: "the answer was in another language",
    Code.CUT_OFF: "the shop stopped in the middle of the answer",
    Code.NOTHING_TO_SAY: "nothing of the answer was for the customer",
}
"""In English, for whoever reads an event as it is, and for the log. The facts of a code are what its sentence names."""


@dataclass(frozen=True)
class Reason:
    """One reason. As a string it is its English sentence."""

    code: Code
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __str__(self) -> str:
        return SENTENCES[self.code].format(**{name: _worded(fact) for name, fact in self.facts.items()})

    def as_fields(self, name: str) -> dict[str, Any]:
        """The fields of an event: the sentence under this name, with the code and the facts beside it."""
        return {name: str(self), f"{name}_code": self.code.value, f"{name}_facts": _json(self.facts)}


def all_of(reasons: Sequence[Reason]) -> Reason:
    """Return one reason that says all of these; there is at least one."""
    return reasons[0] if len(reasons) == 1 else Reason(Code.SEVERAL, {"reasons": reasons})


def _worded(fact: Fact) -> Fact:
    return fact if isinstance(fact, (str, int, float, Reason)) else ", ".join(map(str, fact))


def _json(value: object) -> Any:  # noqa: ANN401 - JSON of any shape
    match value:
        case Reason():
            return {"code": value.code.value, "facts": _json(value.facts)}
        case Mapping():
            return {name: _json(fact) for name, fact in value.items()}
        case list() | tuple():
            return [_json(one) for one in value]
    return value
