"""Spelling correction: a word that is in no passage is replaced by the shop word it is one typo away from.

English is compared by letters, Korean by the letters inside its syllables (반퓸 is 반품 with one wrong vowel). A typo
is an extra, missing or wrong letter, or two swapped neighbours.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from knowledge.language.glossary import glossary

SHORTEST_WORD = 5
SHORTEST_CHANGED = 6
"""Shortest English word, in letters; too many shorter real words are one typo, or one changed letter, apart."""
SHORTEST_JAMO = 6
"""Shortest Korean word, in letters inside its syllables."""

Near = Mapping[str, frozenset[str]]

_WORD = re.compile(r"(?<![a-z])[a-z]{5,30}+(?![a-z])", re.IGNORECASE)
_HANGUL = re.compile(r"(?<![가-힣])[가-힣]{2,30}+(?![가-힣])")
"""Longest word to correct; anything longer is not a misspelt word, and comparing it would be slow."""

_LONGEST_KOREAN = 5


def corrected(text: str, is_known: Callable[[str], bool]) -> str:
    """Return a text with each unknown word replaced by the shop word one typo away, if there is exactly one.

    Args:
        text: what the customer wrote.
        is_known: returns whether any passage contains a word, or a Korean word's syllable pair.
    """
    english = _WORD.sub(lambda found: _english(found.group(), is_known), text)
    return _HANGUL.sub(lambda found: _korean(found.group(), is_known), english)


def _english(word: str, is_known: Callable[[str], bool]) -> str:
    letters = word.lower()
    if is_known(letters) or letters in _english_words():
        return word
    return _only(_slips_away(letters, _near_english())) or word


def _korean(word: str, is_known: Callable[[str], bool]) -> str:
    if any(part in _korean_words() for part in _windows(word)):
        return word
    for part in sorted(_windows(word), key=len, reverse=True):
        if not all(is_known(part[start : start + 2]) for start in range(len(part) - 1)):
            meant = _only(_slips_away(_jamo(part), _near_korean()))
            if meant is not None:
                return word.replace(part, unicodedata.normalize("NFC", meant), 1)
    return word


def _windows(word: str) -> Iterator[str]:
    for length in range(2, _LONGEST_KOREAN + 1):
        for start in range(len(word) - length + 1):
            yield word[start : start + length]


def _only(words: set[str]) -> str | None:
    return words.pop() if len(words) == 1 else None


def _slips_away(letters: str, near: Near) -> set[str]:
    found = (near.get(shorter, frozenset()) for shorter in _shortened(letters))
    likely = {word for words in found for word in words if _is_one_slip(letters, word)}
    if len(letters) >= SHORTEST_CHANGED:
        return likely
    return {word for word in likely if len(word) != len(letters) or sorted(word) == sorted(letters)}


def _shortened(letters: str) -> Iterator[str]:
    yield letters
    for place in range(len(letters)):
        yield letters[:place] + letters[place + 1 :]


def _is_one_slip(one: str, other: str) -> bool:
    """Return whether two words are one typo apart, after stripping their common prefix and suffix."""
    if one == other:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    one, other = one[start:], other[start:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    changed_places = one[:2] == one and one == other[::-1]
    return max(len(one), len(other)) <= 1 or changed_places


@cache
def _english_words() -> frozenset[str]:
    words = {part for word in glossary().words["en"] for part in word.lower().split()}
    return frozenset(word for word in words if len(word) >= SHORTEST_WORD and word.isalpha())


@cache
def _korean_words() -> frozenset[str]:
    return frozenset(word for word in glossary().words["ko"] if _HANGUL.fullmatch(word))


@cache
def _near_english() -> Near:
    return _neighbourhood(_english_words())


@cache
def _near_korean() -> Near:
    return _neighbourhood(jamo for word in _korean_words() if len(jamo := _jamo(word)) >= SHORTEST_JAMO)


def _neighbourhood(words: Iterable[str]) -> Near:
    near: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        for shorter in _shortened(word):
            near[shorter].add(word)
    return {shorter: frozenset(found) for shorter, found in near.items()}


def _jamo(word: str) -> str:
    return unicodedata.normalize("NFD", word)
