"""A stand-in served over HTTP on a free port, and requests to it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn

from team.standin.server import build_app, listen
from team.standin.understanding.classifier import load

MODEL = "test/model"


@pytest.fixture(scope="session", autouse=True)
def learnt() -> None:
    """No test's time-out pays for what is learnt once."""
    load()


@pytest.fixture
async def url() -> AsyncIterator[str]:
    """Where the stand-in answers."""
    taken = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(build_app(MODEL), http="h11", lifespan="off", log_level="warning"))
    serving = asyncio.create_task(server.serve(sockets=[taken]))
    yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    server.should_exit = True
    await serving
