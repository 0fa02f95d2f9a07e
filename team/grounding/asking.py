"""Finds an answer that only asks, and about nothing that was said or that a shop asks: a small model's nonsense."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from team.words.sentences import sentences

_LISTS: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("asking.toml").read_text(encoding="utf-8")
)
SUBJECT = re.compile(rf"\b(?:{'|'.join(_LISTS['en']['subjects'])})|{'|'.join(_LISTS['ko']['subjects'])}", re.IGNORECASE)
IDLE = frozenset(_LISTS["en"]["idle"])
IDLE_KO = tuple(_LISTS["ko"]["idle"])

LATIN = re.compile(r"[^\W\d_가-힣]{4,}")
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


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _stems(plain: str) -> Iterator[str]:
    yield from (word[:STEM] for word in LATIN.findall(plain) if word not in IDLE)
    yield from (word[:STEM_KO] for word in HANGUL.findall(plain) if not word.startswith(IDLE_KO))
