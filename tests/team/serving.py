"""Real servers for a test, in its own event loop and on free ports."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp


def listening(port: int = 0) -> socket.socket:
    """Return a socket on a free port, so that its address is known before anything is built on it."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


def address(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


class AnnouncedServer(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@asynccontextmanager
async def serving(*apps: tuple[ASGIApp, socket.socket]) -> AsyncIterator[None]:
    """Serve each app on its socket; all have ended when this is left."""
    servers = [
        AnnouncedServer(uvicorn.Config(app, http="h11", log_level="error", timeout_graceful_shutdown=1))
        for app, _ in apps
    ]
    served = [
        asyncio.create_task(server.serve(sockets=[listener]))
        for server, (_, listener) in zip(servers, apps, strict=True)
    ]
    async with asyncio.timeout(10):
        await asyncio.gather(*(server.ready.wait() for server in servers))
    try:
        yield
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*served)
        for _, listener in apps:
            listener.close()
