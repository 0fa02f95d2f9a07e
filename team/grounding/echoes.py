"""Finds an answer that only says again what the customer said, as small models do that have nothing to say."""

from collections.abc import Iterable
from difflib import SequenceMatcher

SHORTEST, LONGEST = 8, 400
"""Letters of what is compared: a greeting may be returned, and nobody repeats a long text by chance."""

ALIKE, SAME_KIND_ALIKE = 0.95, 0.85
"""Share of the letters in common, from 0 to 1; less where both ask or neither does."""


def echoes(text: str, said: Iterable[str]) -> bool:
    """Return whether a text is nearly one of those that the customer said, or a part of one."""
    return any(_is_like(text, one) for one in said)


def _is_like(text: str, said: str) -> bool:
    answer, heard = _letters(text), _letters(said)
    if not SHORTEST <= len(heard) <= LONGEST or len(answer) > 2 * len(heard):
        return False
    same_kind = _asks(text) == _asks(said)
    if same_kind and ((_asks(said) and heard in answer) or (len(answer) >= SHORTEST and answer in heard)):
        return True
    least = SAME_KIND_ALIKE if same_kind else ALIKE
    return SequenceMatcher(None, answer, heard, autojunk=False).ratio() >= least


def _asks(text: str) -> bool:
    return text.rstrip(' \n\t*_"”').endswith("?")


def _letters(text: str) -> str:
    return "".join(mark for mark in text.casefold() if mark.isalnum())
