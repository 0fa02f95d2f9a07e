"""Finds an answer about nothing that was said or that a shop speaks of: a small model's nonsense."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from team.grounding.claims import PLAIN
from team.grounding.figures import figures_in
from team.grounding.talk import only_talks
from team.words.sentences import sentences

_LISTS: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("asking.toml").read_text(encoding="utf-8")
)
SUBJECT = re.compile(rf"\b(?:{'|'.join(_LISTS['en']['subjects'])})|{'|'.join(_LISTS['ko']['subjects'])}", re.IGNORECASE)
IDLE = frozenset(_LISTS["en"]["idle"])
IDLE_KO = tuple(_LISTS["ko"]["idle"])
FEWEST = 3
"""Words that a statement about something else has at least."""

LATIN = re.compile(r"[^\W\d_가-힣]{4,}")
SHORT = re.compile(r"\b[a-z]{3}\b")
HANGUL = re.compile(r"[가-힣]{2,}")
STEM, STEM_KO = 5, 2
"""Letters, and syllables, by which two words count as the same: what follows is inflection."""


def strays(text: str, said: Iterable[str]) -> bool:
    """Return whether a text asks, and nothing in it is about what the customer said or about what a shop asks."""
    plain = _plain(text)
    asks = any(one.rstrip(' \n\t*_"”').endswith("?") for one in sentences(plain))
    if not asks or SUBJECT.search(plain):
        return False
    return set(_stems(plain)).isdisjoint(stem for one in said for stem in _stems(_plain(one)))


def off_topic(text: str, told: str) -> bool:
    """Return whether a text states something, and not one word of it is a shop's or among those of `told`.

    A figure needs a source of its own, so a text with one is about something.
    """
    plain = _plain(text)
    if SUBJECT.search(plain) or only_talks(text) or figures_in(text):
        return False
    own, short = set(_stems(plain)), set(SHORT.findall(plain)) - PLAIN
    told = _plain(told)
    return len(own) >= FEWEST and own.isdisjoint(_stems(told)) and short.isdisjoint(SHORT.findall(told))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _stems(plain: str) -> Iterator[str]:
    yield from (word[:STEM] for word in LATIN.findall(plain) if word not in IDLE)
    yield from (word[:STEM_KO] for word in HANGUL.findall(plain) if not word.startswith(IDLE_KO))
