"""Rules that an answer states without a figure: somebody must have said what may, must or cannot be done.

This compares words, not meanings: half of a rule's own words must occur in what was said in its language. That allows
an
honest paraphrase, and blocks a rule about something nobody mentioned.
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
DONE = re.compile("|".join(_LISTS["done"]), re.IGNORECASE)
CANCELLED = re.compile(_LISTS["cancelled"]["said"], re.IGNORECASE)
CANCELLED_TOLD = re.compile(_LISTS["cancelled"]["told"], re.IGNORECASE)
REFUNDED = re.compile(_LISTS["refunded"]["said"], re.IGNORECASE)
REFUNDED_TOLD = re.compile(_LISTS["refunded"]["told"], re.IGNORECASE | re.MULTILINE)
HAPPENED = ((CANCELLED, CANCELLED_TOLD), (REFUNDED, REFUNDED_TOLD))
CASE = re.compile(_LISTS["case"], re.IGNORECASE)
PLAIN = frozenset(str(_LISTS["plain"]).split())
LATIN, HANGUL = re.compile(r"[a-z]{3,}"), re.compile(r"[가-힣]+")
STEM = 5
"""Two English words that share this many letters count as forms of the same word."""

SHARE = 0.5


def unfounded_rules(text: str, told: str) -> list[str]:
    """Return the sentences that state a rule with too few of its words in `told`, which is everything said so far."""
    return [
        one.strip()
        for one in sentences(text)
        if (stated := RULE.search(one)) and not only_talks(one) and not _founded(one, stated[0], told)
    ]


def undone(text: str, told: str, *, changed: bool) -> list[str]:
    """Return the sentences that claim a change which nobody made; `changed`: a tool changed something in this chat."""
    facts = [one for one in sentences(text) if not CASE.search(one)]
    return [one.strip() for one in facts if not changed and (DONE.search(one) or _unheard(one, told))]


def _unheard(sentence: str, told: str) -> bool:
    return any(said.search(sentence) and not heard.search(told) for said, heard in HAPPENED)


def _founded(rule: str, stated: str, told: str) -> bool:
    # A tool's English words may occur in a Korean sentence: they are compared with English ones.
    read = _korean if HANGUL.search(stated) else _english
    own, known = set(read(rule)), set(read(told))
    # A rule that was only said in the other language cannot be compared.
    return not own or len(known) < len(own) or len(own & known) >= SHARE * len(own)


def _english(text: str) -> Iterator[str]:
    yield from (word[:STEM] for word in LATIN.findall(text.lower()) if word not in PLAIN)


def _korean(text: str) -> Iterator[str]:
    """Yield the first two syllables of each word: what follows is usually a particle or an ending."""
    for word in HANGUL.findall(text):
        if len(word) > 1:
            yield word[:2]
