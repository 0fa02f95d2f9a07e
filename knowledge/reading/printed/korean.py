"""Korean words that a line's end breaks: browsers and word processors break them between any two syllables.

Whether a space stood there is told by how Korean is written: by the syllables that words end and begin with, counted in
the built-in policies and in the document itself.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from math import exp, log

from knowledge.reading.documents import HANDBOOK

Break = tuple[str, str]
"""The word that a line ends with, and the one that the next begins with."""
Feature = tuple[str, str]
_ALL: Feature = ("", "")

HANGUL = re.compile(r"[가-힣]")
_WORD = re.compile(r"[^\W_]+")
_LETTER_LAST = re.compile(r"[^\W_]\Z")
_USUAL = 0.35
"""How many of the line ends stand between two words where lines are broken anywhere."""
SUREST = 4.0
"""Odds are counted up to this logarithm."""
_DOUBT = 1.0
"""From how much more likely the line ends of a document are if it breaks its words, it does."""


def break_between(before: str, after: str) -> Break | None:
    """Return the words around a line's end if it may stand inside a Korean word."""
    if not (_LETTER_LAST.search(before) and _WORD.match(after)):
        return None
    last, first = _WORD.findall(before[-80:])[-1], _WORD.findall(after[:80])[0]
    return (last, first) if HANGUL.match(last[-1]) or HANGUL.match(first) else None


class Spelling:
    """How often what stands at a line's end is written with a space between, and without."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Learn from a document's lines, whose first and last words may be broken."""
        spaced, whole = _built_in()
        self._spaced, self._whole = spaced.copy(), whole.copy()
        for line in lines:
            _count(line.split()[1:-1], self._spaced, self._whole)

    def spaced(self, at: Break) -> float:
        """Return the logarithm of the odds for a space."""
        both = self._spaced[_ALL] + self._whole[_ALL]
        usual = self._spaced[_ALL] / both
        prior = log(usual / (1 - usual))
        told = prior
        for one in _features(*at):
            share = (self._spaced[one] + usual) / (self._spaced[one] + self._whole[one] + 1)
            told += log(share / (1 - share)) - prior
        return max(-SUREST, min(told, SUREST))


def breaks_words(odds: Sequence[float]) -> bool:
    """Tell whether a document whose line ends have these odds for a space breaks its lines inside words."""
    return sum(log(_USUAL * (1 + exp(-one))) for one in odds) > _DOUBT


def _features(before: str, after: str) -> tuple[Feature, ...]:
    return ("<", before[-2:].rjust(2)), (">", after[:2].ljust(2)), (before[-1], after[0])


def _count(words: Sequence[str], spaced: Counter[Feature], whole: Counter[Feature]) -> None:
    for word in words:
        for part in _WORD.findall(word):
            for at in range(1, len(part)):
                if HANGUL.match(part[at]) or HANGUL.match(part[at - 1]):
                    whole.update([_ALL, *_features(part[:at], part[at:])])
    for one, other in pairwise(words):
        found = break_between(one, other)
        if found is not None:
            spaced.update([_ALL, *_features(*found)])


@cache
def _built_in() -> tuple[Counter[Feature], Counter[Feature]]:
    spaced, whole = Counter[Feature](), Counter[Feature]()
    for path in sorted((HANDBOOK / "ko").glob("*.md")):
        for line in path.read_text("utf-8").split("\n"):
            _count(line.split(), spaced, whole)
    return spaced, whole
