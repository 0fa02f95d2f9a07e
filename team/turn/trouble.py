"""What can prevent an answer; each trouble's value is also the catalogue id of what the desk says about it."""

from collections.abc import Collection
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cache, lru_cache

from team.words.language import LANGUAGES, say
from team.words.sentences import sentences


class Trouble(StrEnum):
    """Why the team gave no answer, or an incomplete one."""

    STOPPED = "stopped"
    TOO_SLOW = "too_slow"
    FAILED = "failed"
    LOOPED = "looped"
    MODEL_DOWN = "model_down"
    TOOLS_DOWN = "tools_down"
    WRONG_LANGUAGE = "wrong_language"
    CUT_OFF = "cut_off"
    NOTHING_TO_SAY = "nothing_to_say"
    LOG_IN = "log_in"
    TOO_LONG = "too_long"
    EMPTY = "empty"
    INSULTED = "insulted"
    OFFER_PERSON = "offer_person"
    NO_ORDERS = "no_orders"

    @property
    def is_failure(self) -> bool:
        """Whether it is our fault: the customer is told so, and a person may have to look into it."""
        return self in FAILURES


FAILURES = frozenset(
    {
        Trouble.TOO_SLOW,
        Trouble.FAILED,
        Trouble.LOOPED,
        Trouble.MODEL_DOWN,
        Trouble.TOOLS_DOWN,
        Trouble.WRONG_LANGUAGE,
        Trouble.CUT_OFF,
        Trouble.NOTHING_TO_SAY,
    }
)


FAULTS = (Trouble.FAILED, Trouble.MODEL_DOWN, Trouble.TOOLS_DOWN, Trouble.CUT_OFF)
"""Only code knows of these, so a model that says nearly the same is not answering either."""

NEARLY = 0.75
"""Share of letters, as difflib's ratio, at which a sentence is another wording of a notice."""


REMEMBERED = 1_024
"""Texts: each line of a conversation is looked at again for every model call of its turns."""


@lru_cache(maxsize=REMEMBERED)
def is_own_failure(text: str) -> bool:
    """Whether a text contains one of the desk's own failure notices, in any language and regardless of punctuation.

    A notice of a fault counts in other words too.
    """
    plain = _letters(text)
    return any(own in plain for own in _own(FAILURES)) or any(
        _is_nearly_one(said, _own(FAULTS)) for said in {plain, *map(_letters, sentences(text))}
    )


def _is_nearly_one(said: str, notices: Collection[str]) -> bool:
    # What is too long or too short to be one needs no matcher, whose index of a text takes longest.
    near = [own for own in notices if 2 * min(len(own), len(said)) >= NEARLY * (len(own) + len(said))]
    if not near:
        return False
    compared = SequenceMatcher(None, "", said, autojunk=False)
    return any(_ratio_reaches(compared, own) for own in near)


def _ratio_reaches(compared: SequenceMatcher[str], own: str) -> bool:
    compared.set_seq1(own)
    return compared.quick_ratio() >= NEARLY and compared.ratio() >= NEARLY


@cache
def _own(troubles: Collection[Trouble]) -> tuple[str, ...]:
    return tuple(_letters(say(trouble, language)) for trouble in sorted(troubles) for language in LANGUAGES)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
