"""Vectors that tell whether two texts mean the same: two questions, or two sentences of policies.

A search looks up words besides, and is better with wordllama's vectors alone. By themselves these tell too little, so
two more are appended: of the glossary meanings a text contains, rarer ones weighing more, and of its hashed letters
(Korean syllable pairs, English trigrams), which tolerate typos.
"""

import math
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.indexes.embed import OfflineEmbedder, Vectors, unit
from knowledge.indexes.fitted import fitted
from knowledge.language.glossary import glossary, meanings
from knowledge.language.words import STOP_WORDS, syllable_pairs

Numbers = NDArray[np.float64]

LETTERS_SIZE = 128
LETTERS_WEIGHT = 0.7
RARE_MEANING = 5.0
"""The weight of a meaning that the built-in handbook never mentions."""

_LATIN = re.compile(r"[a-z]{3,}")


def comparable(texts: Sequence[str]) -> Vectors:
    """Return one unit vector per text; a text without words is all zeros."""
    parts = (
        OfflineEmbedder().embed(texts),
        unit(_rows(texts, len(glossary().meanings), _meaning_counts)),
        LETTERS_WEIGHT * unit(_rows(texts, LETTERS_SIZE, _letter_counts)),
    )
    return unit(np.hstack(parts))


def _rows(texts: Sequence[str], size: int, count: Callable[[str], Iterator[tuple[int, float]]]) -> Numbers:
    rows = np.zeros((len(texts), size))
    for row, text in zip(rows, texts, strict=True):
        for place, number in count(text):
            row[place] += number
    return rows


def _meaning_counts(text: str) -> Iterator[tuple[int, float]]:
    weights, numbers = fitted().meanings, glossary().meanings
    for meaning, count in Counter(meanings(text)).items():
        yield numbers[meaning], _damped(count) * weights.get(meaning, RARE_MEANING)


def _letter_counts(text: str) -> Iterator[tuple[int, float]]:
    for letters, count in Counter((*syllable_pairs(text), *_letter_threes(text))).items():
        number = zlib.crc32(letters.encode())
        yield number % LETTERS_SIZE, (1 if number >> 31 else -1) * _damped(count)


def _letter_threes(text: str) -> Iterator[str]:
    for word in _LATIN.findall(text.lower()):
        if word not in STOP_WORDS:
            marked = f"<{word}>"
            for start in range(len(marked) - 2):
                yield marked[start : start + 3]


def _damped(count: int) -> float:
    return 1 + math.log(count)
