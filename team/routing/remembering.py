"""Decisions that are remembered for a while, by what was asked: questions that mean the same get the same one.

What a question means is told by its words: numbers, order numbers, filling words and endings are left out. The shop's
embedder lives with the tool servers, and to ask it takes longer than to decide anew.
"""

import re
import time
import tomllib
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache

from storage.endpoints import Endpoints
from team.routing.choosing import Decision
from team.routing.preferences import Preferences
from team.routing.reading import FILE

MOST = 2_000
"""Decisions that are remembered; the one asked for longest ago goes first."""
READ_CHARS = 600
WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Kept:
    """A remembered decision, when it was made, and of which contents of models.toml."""

    at: float
    endpoints: Endpoints
    decision: Decision


class Remembered:
    """The decisions of a process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, Kept] = OrderedDict()

    def find(self, meaning: object, endpoints: Endpoints) -> tuple[Decision, float] | None:
        """Return the decision for a meaning, and its age in seconds; None if it is too old or models.toml changed."""
        kept = self._kept.get(meaning)
        if kept is None:
            return None
        age_s = time.monotonic() - kept.at
        if kept.endpoints is not endpoints or age_s > endpoints.routing.remembers_s:
            del self._kept[meaning]
            return None
        self._kept.move_to_end(meaning)
        return kept.decision, age_s

    def keep(self, meaning: object, endpoints: Endpoints, decision: Decision) -> None:
        """Remember a decision."""
        self._kept[meaning] = Kept(time.monotonic(), endpoints, decision)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def forget(self, meaning: object) -> None:
        """Forget a decision, whose endpoint did not answer."""
        self._kept.pop(meaning, None)


@dataclass(frozen=True)
class Unmeant:
    """What of a question does not change what it means: filling words, and the endings of the others."""

    filling: frozenset[str]
    endings: tuple[re.Pattern[str], ...]


@cache
def unmeant() -> Unmeant:
    """Return it, read once."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))["meaning"]
    return Unmeant(frozenset(read["filling"].split()), tuple(re.compile(one) for one in read["endings"]))


def meaning_of(text: str, *, pictured: bool, preferences: Preferences) -> object:
    """Return what two questions have in common if one decision does for both; equal for those that mean the same."""
    words = set(WORD.findall(text[:READ_CHARS].lower())) - unmeant().filling
    # A long question is another one than a short one with the same words.
    return frozenset(map(_stem, words)), len(text) // READ_CHARS, pictured, preferences


def _stem(word: str) -> str:
    for ending in unmeant().endings:
        word = ending.sub("", word)
    return word
