"""Serves model servers of a benchmark on free ports, in its own event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette

WAITING = 1024
"""Connections that may wait to be accepted: all of a benchmark's arrive at once."""


@asynccontextmanager
async def serving(apps: Sequence[Starlette]) -> AsyncIterator[list[str]]:
    """Serve each app, and yield their addresses."""
    listeners = [socket.create_server(("127.0.0.1", 0), backlog=WAITING) for _ in apps]
    servers = [
        uvicorn.Server(uvicorn.Config(app, http="h11", lifespan="off", log_level="error", timeout_graceful_shutdown=1))
        for app in apps
    ]
    served = [
        asyncio.create_task(server.serve(sockets=[listener]))
        for server, listener in zip(servers, listeners, strict=True)
    ]
    try:
        yield [f"http://127.0.0.1:{one.getsockname()[1]}" for one in listeners]
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*served)
        for listener in listeners:
            listener.close()
