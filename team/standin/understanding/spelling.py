"""Corrects typos in English words, at most one per word: "wehre is my pacakge"."""

import re
import string
from collections.abc import Iterator, Mapping

from team.standin.understanding.words import said

WORD = re.compile(r"\b[a-z]{5,30}\b")


def corrected(text: str, rarity: Mapping[str, float]) -> str:
    """Replace each unknown word with the most common known word that is one typo away, if there is one."""
    return WORD.sub(lambda found: _corrected(found[0], rarity), text)


def _corrected(word: str, rarity: Mapping[str, float]) -> str:
    if word in rarity or said(word, "concepts"):
        return word
    known = (one for one in _one_slip_away(word) if one in rarity and WORD.fullmatch(one))
    return min(known, key=lambda one: (rarity[one], one), default=word)


def _one_slip_away(word: str) -> Iterator[str]:
    """Yield every text with one letter dropped, added, or swapped with its neighbour; the first letter stays.

    A substituted letter too often turns one real word into another: a clock into a block.
    """
    for at in range(1, len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + letter + after for letter in string.ascii_lowercase)
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
