"""Vision models for tests: served over HTTP, saying what a test wants."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.settings import Settings
from tests.team.serving import address, listening, serving


@asynccontextmanager
async def seen_by(app: Starlette, settings: Settings) -> AsyncIterator[Settings]:
    """Serve a vision model and yield settings that point to it; the other slice is down."""
    async with seen_by_both(app, Starlette(), settings) as seen:
        yield seen


@asynccontextmanager
async def seen_by_both(own: Starlette, other: Starlette, settings: Settings) -> AsyncIterator[Settings]:
    """Serve the role's own model and the other slice's, and yield settings that point to them."""
    first, second = listening(), listening()
    async with serving((own, first), (other, second)):
        yield settings.model_copy(
            update={"model1_base_url": f"{address(first)}/v1", "model2_base_url": f"{address(second)}/v1"}
        )


class Scripted:
    """A model that answers every request the same way, and remembers the requests."""

    def __init__(self, answer: Callable[[], Response]) -> None:
        self.asked: list[Any] = []
        self.answer = answer
        self.app = Starlette(routes=[Route("/v1/chat/completions", self.complete, methods=["POST"])])

    async def complete(self, request: Request) -> Response:
        self.asked.append(json.loads(await request.body()))
        return self.answer()


def saying(content: object) -> Scripted:
    written = content if isinstance(content, str) else json.dumps(content)
    return Scripted(lambda: JSONResponse({"choices": [{"message": {"role": "assistant", "content": written}}]}))


NO_IMAGE = (
    "No image {} was found. Give a picture's id, or the path of one in a folder that the setting PICTURE_FOLDERS names "
    "(none yet)."
)
"""What a caller on this machine is told."""


def not_looked_at(reason: str) -> str:
    return (
        f"The picture could not be inspected right now: {reason}. What it shows is unknown. "
        "Try again in a minute, or ask the customer to describe it."
    )
