"""Rules that an answer states without a figure: what may, must or cannot be done has to be told by somebody.

Words are compared and not meanings: half of a rule's own words have to stand in what was told in its language. That
lets an honest paraphrase through, and stops a rule about something that nobody spoke of.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from team.grounding.talk import only_talks
from team.words.sentences import sentences

_LISTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("claims.toml").read_text(encoding="utf-8"))

RULE = re.compile("|".join(_LISTS["rule"]), re.IGNORECASE)
PLAIN = frozenset(str(_LISTS["plain"]).split())
LATIN, HANGUL = re.compile(r"[a-z]{3,}"), re.compile(r"[가-힣]+")
STEM = 5
"""Letters by which two forms of an English word are the same."""

SHARE = 0.5


def unfounded_rules(text: str, told: str) -> list[str]:
    """Return the sentences that state a rule of which too few words were told; `told` is all that was said."""
    return [
        one.strip()
        for one in sentences(text)
        if (stated := RULE.search(one)) and not only_talks(one) and not _founded(one, stated[0], told)
    ]


def _founded(rule: str, stated: str, told: str) -> bool:
    # A tool's English words may stand in a Korean sentence: they are compared with English ones.
    read = _korean if HANGUL.search(stated) else _english
    own, known = set(read(rule)), set(read(told))
    # Told in the other language alone, it cannot be compared.
    return not own or len(known) < len(own) or len(own & known) >= SHARE * len(own)


def _english(text: str) -> Iterator[str]:
    yield from (word[:STEM] for word in LATIN.findall(text.lower()) if word not in PLAIN)


def _korean(text: str) -> Iterator[str]:
    """The first two syllables of each word: what follows is mostly a particle or an ending."""
    for word in HANGUL.findall(text):
        if len(word) > 1:
            yield word[:2]
