"""Embedding: texts into vectors, offline, with weights that come inside a package.

Chosen by measuring on `tests/knowledge/questions.toml` (`scripts/bench/search` prints the figures). `wordllama` alone
has a right passage among its first five for 0.77 of English questions, 0.27 of Korean ones, and 0.10 across languages.
So a text is first told in English through the shop's glossary, and two short vectors stand beside the 256 numbers of
wordllama: which of the glossary's meanings it holds, and its Korean syllable pairs hashed. That finds 0.94 in English,
0.92 in Korean and 0.93 across. Morphemes (kiwipiepy) in place of syllable pairs gained 0.06 in Korean BM25 without the
glossary, and at most 0.02 with it, for 145 MB installed and 3.5 s to load: not worth it here.
"""

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.words import as_english, glossary, meanings, syllable_pairs

Vectors = NDArray[np.float32]

WORDLLAMA_SIZE = 256
PAIRS_SIZE = 256
MEANINGS_WEIGHT = 0.7
PAIRS_WEIGHT = 0.5


class Embedder(Protocol):
    """What turns texts into vectors of length one. Its name changes when its vectors do."""

    @property
    def name(self) -> str:
        """What an index made with it is called."""

    @property
    def answer_cosine(self) -> float:
        """How near the nearest passage must be for a question to count as answered."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text."""


class OfflineEmbedder:
    """wordllama over the text in English, the meanings it holds, and its Korean syllable pairs."""

    answer_cosine = 0.22

    @property
    def name(self) -> str:
        """Its parts, and the glossary it was made with."""
        return f"wordllama-{WORDLLAMA_SIZE}-glossary-{glossary().digest}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text; a text without a word is all zeros."""
        parts = (
            self._wordllama(texts),
            MEANINGS_WEIGHT * _unit(np.array([_meaning_counts(text) for text in texts])),
            PAIRS_WEIGHT * _unit(np.array([_pair_counts(text) for text in texts])),
        )
        return _unit(np.hstack(parts))

    def _wordllama(self, texts: Sequence[str]) -> Vectors:
        english = [as_english(text) for text in texts]
        spoken = np.array([any(map(str.isalnum, text)) for text in english])
        vectors = np.zeros((len(texts), WORDLLAMA_SIZE), dtype=np.float32)
        if spoken.any():
            said = [text for text, is_spoken in zip(english, spoken, strict=True) if is_spoken]
            vectors[spoken] = _unit(self._model.embed(said))
        return vectors

    @cached_property
    def _model(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - wordllama has no types
        # Slow to import, and a server that never searches does not need it.
        import wordllama

        weights = Path(wordllama.__file__).parent
        return wordllama.WordLlama.load(dim=WORDLLAMA_SIZE, cache_dir=weights, disable_download=True)


def _meaning_counts(text: str) -> list[float]:
    counts = Counter(meanings(text))
    return [_damped(counts[meaning]) for meaning in glossary().meanings]


def _pair_counts(text: str) -> list[float]:
    row = [0.0] * PAIRS_SIZE
    for pair, count in Counter(_hashed(syllable_pairs(text))).items():
        place, sign = pair
        row[place] += sign * _damped(count)
    return row


def _hashed(pairs: Iterable[str]) -> Iterable[tuple[int, int]]:
    for pair in pairs:
        number = zlib.crc32(pair.encode())
        yield number % PAIRS_SIZE, 1 if number >> 31 else -1


def _damped(count: int) -> float:
    return 1 + math.log(count) if count else 0.0


def _unit(rows: NDArray[np.generic]) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)
