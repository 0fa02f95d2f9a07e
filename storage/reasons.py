"""Why a step of the team went as it did: a code with its facts, which every reader puts into their own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Union

from storage.words.languages import ENGLISH
from storage.words.shop import WORDS

Fact = Union[str, int, float, "Reason", Sequence[Union[str, "Reason"]]]
"""What a reason holds; one that stands for others holds them."""


class Code(StrEnum):
    """What can be said of a step. A stored event keeps it: a code may be added, but none renamed."""

    WAITED_FOR_CUSTOMER = "waited_for_customer"
    QUESTION_ANSWERED = "question_answered"
    PERSON_WANTED = "person_wanted"
    LIKELIEST = "likeliest"
    UNSURE = "unsure"
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
    THOUGHT = "thought"
    OWN_WORDS = "own_words"
    NOT_LOOKED_UP = "not_looked_up"
    ECHOES = "echoes"
    DECLINES = "declines"
    OFFERS = "offers"
    STRAYS = "strays"
    NOT_TOLD = "not_told"
    ALL_REST = "all_rest"
    RESTS = "rests"

    NO_PICTURES = "no_pictures"
    NOT_CONFIRMED = "not_confirmed"
    OVER_BUDGET = "over_budget"
    STOPPED = "stopped"

    NEEDS = "needs"
    NEEDS_TOLD = "needs_told"
    KIND_ORDER = "kind_order"
    KIND_POLICY = "kind_policy"
    KIND_PRODUCT = "kind_product"
    KIND_VISION = "kind_vision"
    KIND_REASONING = "kind_reasoning"
    KIND_CODE = "kind_code"
    KIND_TRANSLATION = "kind_translation"
    KIND_SMALL_TALK = "kind_small_talk"
    LEVEL_SIMPLE = "level_simple"
    LEVEL_MEDIUM = "level_medium"
    LEVEL_COMPLEX = "level_complex"
    RULED = "ruled"
    PREFERRED = "preferred"
    WISH_AUTO = "wish_auto"
    WISH_FASTEST = "wish_fastest"
    WISH_CHEAPEST = "wish_cheapest"
    WISH_BEST = "wish_best"
    WISH_LOCAL_FIRST = "wish_local_first"
    AHEAD_OF = "ahead_of"
    MEASURED = "measured"
    NOT_MEASURED = "not_measured"
    WAITING = "waiting"
    NOT_RULED = "not_ruled"
    NO_ROOM = "no_room"
    TOO_DEAR = "too_dear"
    TOO_LATE = "too_late"
    FELL_BACK = "fell_back"

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
    MASKED = "masked"
    CARD_NUMBER = "card_number"
    CARD_CODE = "card_code"
    RESIDENT_NUMBER = "resident_number"
    SOCIAL_SECURITY = "social_security"
    PASSWORD = "password"  # noqa: S105 - the kind, not one
    ABUSE = "abuse"
    ORDERS = "orders"
    PERSONAL = "personal"
    PROMISE = "promise"
    SEVERAL = "several"

    TOO_SLOW = "too_slow"
    FAILED = "failed"
    LOOPED = "looped"
    MODEL_DOWN = "model_down"
    TOOLS_DOWN = "tools_down"
    WRONG_LANGUAGE = "wrong_language"
    CUT_OFF = "cut_off"
    NOTHING_TO_SAY = "nothing_to_say"


@dataclass(frozen=True)
class Reason:
    """One reason. As a string it is its English words, for whoever reads an event as it is, and for the log."""

    code: Code
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.told(ENGLISH)

    def told(self, language: str) -> str:
        """Return the reason in words of this language."""
        return told(self.code, self.facts, language)

    def as_fields(self, name: str) -> dict[str, Any]:
        """The fields of an event: the sentence under this name, with the code and the facts beside it."""
        return {name: str(self), f"{name}_code": self.code.value, f"{name}_facts": _json(self.facts)}


def all_of(reasons: Sequence[Reason]) -> Reason:
    """Return one reason that says all of these; there is at least one."""
    return reasons[0] if len(reasons) == 1 else Reason(Code.SEVERAL, {"reasons": reasons})


def told(code: str, facts: Mapping[str, object], language: str) -> str:
    """Return a reason in words, its facts as they are here or as an event holds them.

    Raises:
        CatalogueError: the code is unknown, or a fact is missing or does not fit, as in events of another release.
    """
    return WORDS.say(f"reason_{code}", language, **{name: _worded(fact, language) for name, fact in facts.items()})


def _worded(fact: object, language: str) -> str | int | float:
    match fact:
        case Reason():
            return fact.told(language)
        case {"code": str(code), "facts": dict(facts)}:
            return told(code, facts, language)
        case str() | int() | float():
            return fact
        case Sequence():
            return ", ".join(str(_worded(one, language)) for one in fact)
    raise TypeError(f"{fact!r} is no fact of a reason")


def _json(value: object) -> Any:  # noqa: ANN401 - JSON of any shape
    match value:
        case Reason():
            return {"code": value.code.value, "facts": _json(value.facts)}
        case Mapping():
            return {name: _json(fact) for name, fact in value.items()}
        case list() | tuple():
            return [_json(one) for one in value]
    return value
