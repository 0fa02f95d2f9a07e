"""An endpoint that embeds texts by their words, over real HTTP, and fails as a test wants."""

import math
import time
import zlib
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from knowledge.language.words import search_words
from storage.settings import Settings
from tests.team.serving import address, listening, serving

MODEL = "test/bilingual-model"
Failure = Callable[[Request, dict[str, Any]], Awaitable[Response | None]]
"""Answer a request in the endpoint's place; None lets it answer."""


class EmbeddingModel:
    """What it is like, the texts of each request so far, and what the next requests meet instead of an answer."""

    def __init__(self) -> None:
        self.size = 256
        self.key = ""
        self.alike = 0.01
        self.means = dict[str, str]()
        self.most_texts = 1000
        self.most_letters = 1_000_000
        self.failures = deque[Failure]()
        self.requests = list[list[str]]()
        self.at = list[float]()
        self.reranked = list[list[str]]()
        routes = [
            Route("/v1/embeddings", self.embeddings, methods=["POST"]),
            Route("/v1/rerank", self.rerank, methods=["POST"]),
        ]
        self.app = Starlette(routes=routes)

    @property
    def texts(self) -> list[str]:
        return [text for request in self.requests for text in request]

    async def embeddings(self, request: Request) -> Response:
        told = await request.json()
        self.requests.append(told["input"])
        self.at.append(time.monotonic())
        if self.failures and (failed := await self.failures.popleft()(request, told)) is not None:
            return failed
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            given = request.headers.get("authorization", "nothing")
            return JSONResponse({"error": {"message": f"Incorrect API key provided: {given}"}}, 401)
        if told["model"] != MODEL:
            return JSONResponse({"error": {"message": f"The model `{told['model']}` does not exist."}}, 404)
        if len(told["input"]) > self.most_texts or max(map(len, told["input"])) > self.most_letters:
            return JSONResponse({"error": "batch too large", "error_type": "Validation"}, 413)
        return JSONResponse(self.given(told["input"]))

    async def rerank(self, request: Request) -> Response:
        """The longer a passage, the better it is."""
        told = await request.json()
        self.reranked.append(told["documents"])
        if self.failures and (failed := await self.failures.popleft()(request, told)) is not None:
            return failed
        lengths = sorted((len(text), place) for place, text in enumerate(told["documents"]))
        return JSONResponse(
            {"results": [{"index": place, "relevance_score": length / 1000} for length, place in lengths]}
        )

    def given(self, texts: list[str]) -> dict[str, Any]:
        return {"data": [{"index": place, "embedding": self.vector(text)} for place, text in enumerate(texts)]}

    def vector(self, text: str) -> list[float]:
        row = [self.alike] * self.size
        for word, count in Counter(search_words(self.means.get(text, text))).items():
            row[zlib.crc32(word.encode()) % self.size] += 1 + math.log(count)
        return row


@asynccontextmanager
async def embedding_by(model: EmbeddingModel, settings: Settings, port: int = 0) -> AsyncIterator[Settings]:
    """Serve the model, and yield the settings of a shop that uses it."""
    listener = listening(port)
    told = {
        "embeddings_base_url": f"{address(listener)}/v1",
        "embeddings_model": MODEL,
        "embeddings_api_key": model.key,
    }
    async with serving((model.app, listener)):
        yield settings.model_copy(update=told)


def status(code: int, headers: dict[str, str] | None = None) -> Failure:
    async def fail(_request: Request, _told: dict[str, Any]) -> Response:
        return JSONResponse({"error": {"message": "not now"}}, code, headers)

    return fail


def answering(answer: object) -> Failure:
    """Answer this, whatever was asked; text stands as it is."""

    async def fail(_request: Request, _told: dict[str, Any]) -> Response:
        return Response(answer) if isinstance(answer, str) else JSONResponse(answer)

    return fail


async def well(_request: Request, _told: dict[str, Any]) -> None:
    """Do not fail."""


async def hang(request: Request, _told: dict[str, Any]) -> Response:
    """Never answer: it ends when the client leaves."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return Response(status_code=500)
