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
"""Texts per request: the default limit of a Text Embeddings Inference server."""
LETTERS_AT_ONCE = 24_000
REQUESTS_AT_ONCE = 4
SHORTEST = 50
"""If a text of at most this length is rejected, its length is not the reason."""
FOR_PASSAGES = Patience(answer_s=60, altogether_s=300, tries=6)
FOR_QUESTIONS = Patience(answer_s=5, altogether_s=5, tries=3)
"""A customer is waiting for it, and for the rest of the answer after it."""
FOR_SIZE = Patience(answer_s=60, altogether_s=60, tries=3)
"""The first request of an ingest may have to wait for the model to load."""

LAYOUT = "each"
"""What an index made otherwise does not have in its name: a vector for each question about a passage."""

logger = logging.getLogger(__name__)


class Row(BaseModel):
    """The vector of one text, by its position in the request."""

    index: int
    embedding: list[float]


class Given(BaseModel):
    """The parts of the response that are used."""

    data: list[Row]


class EndpointEmbedder:
    """A model behind an endpoint, and its prefixes for questions and passages."""

    weight = 1.0
    """Not measured: a model made for search finds about as much as words do."""
    passages_at_once = 128

    def __init__(self, endpoint: Endpoint, model: str, before_question: str = "", before_passage: str = "") -> None:
        self._endpoint = endpoint
        self._model = model
        self._before_question = before_question
        self._before_passage = before_passage
        self._cuts = False

    @property
    def name(self) -> str:
        """Its model and passage prefix: the same ones at another address produce the same vectors."""
        plain = re.sub(r"[^a-z0-9]+", "-", self._model.lower()).strip("-")[:60]
        digest = hashlib.sha256((self._model + self._before_passage).encode()).hexdigest()[:8]
        return f"endpoint-{plain}-{digest}-{LAYOUT}"

    async def size(self) -> int:
        """Return the size of its vectors, by requesting one.

        Raises:
            EndpointAwayError: it returns none.
        """
        return len((await self._vectors(["shop"], FOR_SIZE))[0])

    async def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one row per handbook text.

        Raises:
            EndpointAwayError: it does not answer after all retries, rejects the request, or returns something else.
        """
        sent = [self._before_passage + text for text in texts]
        parts = await at_once(self._passages, portions(sent), REQUESTS_AT_ONCE)
        sizes = sorted({part.shape[1] for part in parts})
        if len(sizes) > 1:
            raise self._unusable(f"its vectors have {sizes[0]} numbers, then {sizes[1]}")
        return np.vstack(parts)

    async def embed_question(self, text: str) -> Vectors:
        """Return one row for a customer's question; all zeros if it has no words.

        Raises:
            EndpointAwayError: it does not answer in a few seconds, rejects the request, or returns something else.
        """
        if not any(map(str.isalnum, text)):
            return np.zeros((1, 1), dtype=np.float32)
        return await self._vectors([self._before_question + text], FOR_QUESTIONS)

    async def _passages(self, texts: Sequence[str]) -> Vectors:
        # A model's limits on number and length of texts are unknown: rejected requests are split and sent again.
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
            logger.warning("%s rejects long passages: they are truncated before embedding.", self._model)
        return await self._passages([texts[0][: len(texts[0]) // 2]])

    async def _vectors(self, texts: Sequence[str], patience: Patience) -> Vectors:
        answer = await self._endpoint.ask("embeddings", {"model": self._model, "input": list(texts)}, patience)
        try:
            rows = sorted(Given.model_validate_json(answer).data, key=lambda row: row.index)
        except ValidationError as error:
            raise self._unusable("its response is not a list of vectors") from error
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
    """Yield texts in lists as large as one request may be."""
    some, letters = list[str](), 0
    for text in texts:
        if some and (len(some) == TEXTS_AT_ONCE or letters + len(text) > LETTERS_AT_ONCE):
            yield some
            some, letters = [], 0
        some.append(text)
        letters += len(text)
    if some:
        yield some
