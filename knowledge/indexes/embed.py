"""Embedding texts as vectors, offline, with weights shipped in a package.

`docs/search.md` has the figures. `wordllama` understands little Korean and nothing across languages, so a text is first
translated into English with the shop's glossary.
"""

import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import anyio
import numpy as np
from numpy.typing import NDArray

from knowledge.language.glossary import as_english, glossary

Vectors = NDArray[np.float32]

WORDLLAMA_SIZE = 128


class Embedder(Protocol):
    """Turns texts into unit vectors. Its name changes when its vectors do."""

    @property
    def name(self) -> str:
        """The name of an index made with it."""

    @property
    def weight(self) -> float:
        """How much its vectors weigh relative to words."""

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
    """wordllama over the text in English."""

    weight = 0.3
    """As measured: words find more in both languages."""
    passages_at_once = 500

    @property
    def name(self) -> str:
        """Its size, and a digest of the glossary."""
        return f"wordllama-{WORDLLAMA_SIZE}-each-{glossary().digest}"

    async def size(self) -> int:
        """Return the size of its vectors."""
        return WORDLLAMA_SIZE

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row per handbook text."""
        return await anyio.to_thread.run_sync(self.embed, texts)

    async def embed_question(self, text: str) -> Vectors:
        """Return one row for a customer's question; all zeros if it has no words."""
        return await anyio.to_thread.run_sync(self.embed, [text])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text; a text without words is all zeros."""
        english = [as_english(text) for text in texts]
        spoken = np.array([any(map(str.isalnum, text)) for text in english], dtype=bool)
        vectors = np.zeros((len(texts), WORDLLAMA_SIZE), dtype=np.float32)
        if spoken.any():
            said = [text for text, is_spoken in zip(english, spoken, strict=True) if is_spoken]
            vectors[spoken] = unit(_model().embed(said))
        return vectors


@cache
def _model():  # type: ignore[no-untyped-def]  # noqa: ANN202 - wordllama has no types
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


def unit(rows: NDArray[np.generic]) -> Vectors:
    """Return the rows normalised to unit length; rows of zeros stay zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)
