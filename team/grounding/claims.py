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
GIFT = re.compile("|".join(_LISTS["gift"]), re.IGNORECASE)
ABSOLUTE = re.compile("|".join(_LISTS["absolute"]), re.IGNORECASE)
PLAIN = frozenset(str(_LISTS["plain"]).split())
LATIN, HANGUL = re.compile(r"[a-z]{3,}"), re.compile(r"[가-힣]+")
STEM = 5
"""Two English words that share this many letters count as forms of the same word."""

SHARE = 0.5


def unfounded_rules(text: str, told: str) -> list[str]:
    """Return the sentences that state a rule with too few of its words in `told`, which is everything said so far.

    A word that allows no exception, such as "always", has to be among them; so has a gift, in any sentence.
    """
    told = told.upper()
    return [one.strip() for one in sentences(text) if _is_untold(one, told)]


def _is_untold(sentence: str, told: str) -> bool:
    if not _has_words(GIFT, sentence, told):
        return True
    stated = RULE.search(sentence) or ABSOLUTE.search(sentence)
    if stated is None or only_talks(sentence):
        return False
    return not (_founded(sentence, stated[0], told) and _has_words(ABSOLUTE, sentence, told))


def _has_words(words: re.Pattern[str], sentence: str, told: str) -> bool:
    return all(found[0].upper() in told for found in words.finditer(sentence))


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
