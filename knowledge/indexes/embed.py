"""Embedding texts as vectors, offline, with weights shipped in a package.

`docs/search.md` has the figures. `wordllama` alone understands little Korean and nothing across languages, so a
text is first translated into English with the shop's glossary, and two vectors are appended to wordllama's: the
glossary meanings it contains, rarer ones weighing more, and its hashed letters (Korean syllable pairs, English
trigrams), which tolerate typos.
"""

import hashlib
import logging
import math
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

import anyio
import numpy as np
from numpy.typing import NDArray

from knowledge.indexes.fitted import fitted
from knowledge.language.glossary import as_english, glossary, meanings
from knowledge.language.words import STOP_WORDS, syllable_pairs

Vectors = NDArray[np.float32]
Numbers = NDArray[np.float64]

WORDLLAMA_SIZE = 128
LETTERS_SIZE = 128
LETTERS_WEIGHT = 0.7
RARE_MEANING = 5.0
"""The weight of a meaning that the built-in handbook never mentions."""

_LATIN = re.compile(r"[a-z]{3,}")


class Embedder(Protocol):
    """Turns texts into unit vectors. Its name changes when its vectors do."""

    @property
    def name(self) -> str:
        """The name of an index made with it."""

    @property
    def cosines_are_known(self) -> bool:
        """Whether the distance between questions and answers has been measured for it."""

    async def size(self) -> int:
        """Return the current size of its vectors; all vectors of an index have the same size."""

    @property
    def passages_at_once(self) -> int:
        """Passages to embed before they are stored: the most that an interruption can cost."""

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row per handbook text."""

    async def embed_question(self, text: str) -> Vectors:
        """Return one row for a customer's question; all zeros if it has no words."""


class OfflineEmbedder:
    """wordllama over the text in English, the meanings it holds, and its letters."""

    cosines_are_known = True
    passages_at_once = 500

    @property
    def name(self) -> str:
        """Its components, and a digest of its data."""
        weights = hashlib.sha256(repr(sorted(fitted().meanings.items())).encode()).hexdigest()[:8]
        return f"wordllama-{WORDLLAMA_SIZE}-glossary-{glossary().digest}-{weights}"

    async def size(self) -> int:
        """Return the size of its vectors."""
        return WORDLLAMA_SIZE + len(glossary().meanings) + LETTERS_SIZE

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row per handbook text."""
        return await anyio.to_thread.run_sync(self.embed, texts)

    async def embed_question(self, text: str) -> Vectors:
        """Return one row for a customer's question; all zeros if it has no words."""
        return await anyio.to_thread.run_sync(self.embed, [text])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text; a text without words is all zeros."""
        parts = (
            self._wordllama(texts),
            unit(_rows(texts, len(glossary().meanings), _meaning_counts)),
            LETTERS_WEIGHT * unit(_rows(texts, LETTERS_SIZE, _letter_counts)),
        )
        return unit(np.hstack(parts))

    def _wordllama(self, texts: Sequence[str]) -> Vectors:
        english = [as_english(text) for text in texts]
        spoken = np.array([any(map(str.isalnum, text)) for text in english], dtype=bool)
        vectors = np.zeros((len(texts), WORDLLAMA_SIZE), dtype=np.float32)
        if spoken.any():
            said = [text for text, is_spoken in zip(english, spoken, strict=True) if is_spoken]
            vectors[spoken] = unit(self._model.embed(said))
        return vectors

    @cached_property
    def _model(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - wordllama has no types
        wordllama = _wordllama_module()  # type: ignore[no-untyped-call]
        weights = Path(wordllama.__file__).parent
        return wordllama.WordLlama.load(dim=256, trunc_dim=WORDLLAMA_SIZE, cache_dir=weights, disable_download=True)


def _wordllama_module():  # type: ignore[no-untyped-def]  # noqa: ANN202 - wordllama has no types
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    # Slow to import, and a server that never searches does not need it. It also makes every library log to stderr.
    import wordllama

    root.handlers[:] = handlers
    root.setLevel(level)
    return wordllama


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


def unit(rows: NDArray[np.generic]) -> Vectors:
    """Return the rows normalised to unit length; rows of zeros stay zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)
