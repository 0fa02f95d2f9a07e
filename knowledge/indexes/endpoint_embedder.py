"""Embedding by any OpenAI-compatible `/v1/embeddings` endpoint: one model for both languages."""

import hashlib
import logging
import re
from collections.abc import Iterator, Sequence

import numpy as np
from pydantic import BaseModel, ValidationError

from knowledge.indexes.batches import at_once
from knowledge.indexes.embed import Vectors, unit
from knowledge.indexes.endpoint import Endpoint, EndpointAwayError, Patience, TooMuchError

TEXTS_AT_ONCE = 32
"""In one request: the most that a Text Embeddings Inference server takes unless it is told otherwise."""
LETTERS_AT_ONCE = 24_000
REQUESTS_AT_ONCE = 4
SHORTEST = 50
"""A text that is refused though it is no longer than this is refused for something else."""
FOR_PASSAGES = Patience(answer_s=60, altogether_s=300, tries=6)
FOR_QUESTIONS = Patience(answer_s=5, altogether_s=5, tries=3)
"""A customer waits for it, and for the rest of the answer after it."""
FOR_SIZE = Patience(answer_s=60, altogether_s=60, tries=3)
"""The first request of an ingest may have to wait until the model is loaded."""

logger = logging.getLogger(__name__)


class Row(BaseModel):
    """The vector of one text, by its place among those sent."""

    index: int
    embedding: list[float]


class Given(BaseModel):
    """The answer of an endpoint, as far as it is used."""

    data: list[Row]


class EndpointEmbedder:
    """A model behind an endpoint, and what it wants before a question and before a passage."""

    cosines_are_known = False
    passages_at_once = 128

    def __init__(self, endpoint: Endpoint, model: str, before_question: str = "", before_passage: str = "") -> None:
        self._endpoint = endpoint
        self._model = model
        self._before_question = before_question
        self._before_passage = before_passage
        self._cuts = False

    @property
    def name(self) -> str:
        """Its model, and what goes before a passage: the same at another address makes the same vectors."""
        plain = re.sub(r"[^a-z0-9]+", "-", self._model.lower()).strip("-")[:60]
        return f"endpoint-{plain}-{hashlib.sha256((self._model + self._before_passage).encode()).hexdigest()[:8]}"

    async def size(self) -> int:
        """Return how many numbers one of its vectors has: the endpoint is asked for one.

        Raises:
            EndpointAwayError: it gives none.
        """
        return len((await self._vectors(["shop"], FOR_SIZE))[0])

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each text of the handbook.

        Raises:
            EndpointAwayError: it does not answer after all tries, refuses, or answers something else.
        """
        sent = [self._before_passage + text for text in texts]
        parts = await at_once(self._passages, portions(sent), REQUESTS_AT_ONCE)
        sizes = sorted({part.shape[1] for part in parts})
        if len(sizes) > 1:
            raise self._unusable(f"its vectors have {sizes[0]} numbers, then {sizes[1]}")
        return np.vstack(parts)

    async def embed_question(self, text: str) -> Vectors:
        """Return one row for what a customer asks; all zeros where it says nothing.

        Raises:
            EndpointAwayError: it does not answer in a few seconds, refuses, or answers something else.
        """
        if not any(map(str.isalnum, text)):
            return np.zeros((1, 1), dtype=np.float32)
        return await self._vectors([self._before_question + text], FOR_QUESTIONS)

    async def _passages(self, texts: Sequence[str]) -> Vectors:
        # Nothing tells how many texts, and how long ones, a model takes: what is refused is sent again as less.
        try:
            return await self._vectors(texts, FOR_PASSAGES)
        except TooMuchError:
            if len(texts) > 1:
                half = len(texts) // 2
                return np.vstack([await self._passages(texts[:half]), await self._passages(texts[half:])])
            if len(texts[0]) <= SHORTEST:
                raise
        if not self._cuts:
            self._cuts = True
            logger.warning("%s refuses long passages: they are embedded by their beginning.", self._model)
        return await self._passages([texts[0][: len(texts[0]) // 2]])

    async def _vectors(self, texts: Sequence[str], patience: Patience) -> Vectors:
        answer = await self._endpoint.ask("embeddings", {"model": self._model, "input": list(texts)}, patience)
        try:
            rows = sorted(Given.model_validate_json(answer).data, key=lambda row: row.index)
        except ValidationError as error:
            raise self._unusable("its answer is no list of vectors") from error
        if [row.index for row in rows] != list(range(len(texts))):
            raise self._unusable(f"{len(texts)} texts got {len(rows)} vectors")
        if len({len(row.embedding) for row in rows}) > 1:
            raise self._unusable("its vectors differ in length")
        vectors = np.array([row.embedding for row in rows], dtype=np.float64)
        if not np.isfinite(vectors).all() or not vectors.any(axis=1).all():
            raise self._unusable("its vectors contain NaN or infinity, or nothing but zeros")
        return unit(vectors)

    def _unusable(self, reason: str) -> EndpointAwayError:
        return self._endpoint.away(reason, "Correct EMBEDDINGS_MODEL or EMBEDDINGS_BASE_URL")


def portions(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield texts in as large lists as one request may have."""
    some, letters = list[str](), 0
    for text in texts:
        if some and (len(some) == TEXTS_AT_ONCE or letters + len(text) > LETTERS_AT_ONCE):
            yield some
            some, letters = [], 0
        some.append(text)
        letters += len(text)
    if some:
        yield some
