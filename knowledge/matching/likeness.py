"""Whether a question resembles those that the built-in handbook answers, or those that no handbook does.

A linear model learned from both, over a question's hashed words and its vector by the offline embedder, whichever
embedder the shop searches with.
"""

import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.indexes.embed import OfflineEmbedder, Vectors, unit
from knowledge.language.words import search_words

LIKENESS = Path(__file__).resolve().parent / "likeness.npz"
WORDS_SIZE = 2048


def likeness(question: str) -> float:
    """Return how much a question resembles answered ones: about 1 for those, -1 for others."""
    return float((traits([question]) @ _learned())[0])


def traits(questions: Sequence[str]) -> Vectors:
    """Return the features of each question, one per row."""
    words = np.zeros((len(questions), WORDS_SIZE), dtype=np.float32)
    for row, question in zip(words, questions, strict=True):
        for word in set(search_words(question)):
            number = zlib.crc32(word.encode())
            row[number % WORDS_SIZE] += 1 if number >> 31 else -1
    return np.hstack([OfflineEmbedder().embed(questions), unit(words), np.ones((len(questions), 1), dtype=np.float32)])


@cache
def _learned() -> NDArray[np.float32]:
    # It is package data and does not change.
    with np.load(LIKENESS) as kept:
        return np.asarray(kept["weights"], dtype=np.float32)


def write_learned(weights: NDArray[np.float32]) -> None:
    """Write what `scripts/bench/fit_answers` learned."""
    np.savez_compressed(LIKENESS, weights=weights)
    _learned.cache_clear()
