"""The echo tool again, through our runtime: with its token, access checks, limits, and a session where the tool wants
one.

`python -m scripts.bench.echoes.ours PORT` serves it over HTTP the way `shopdesk mcp --http` serves the
shop's own servers.
"""

import asyncio
import socket
import sys

import uvicorn

from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.serving.serve import app_of
from mcp_servers.runtime.signature import Session
from scripts.bench.echoes.bare import Echo, echo
from storage.db import open_sessions
from storage.settings import load_settings


async def echo_with_session(session: Session, text: str) -> Echo:
    """Return the text, with a session of the shop's database injected."""
    return Echo(text=text)


ECHO = ToolServer("echo", title="Echo", instructions="Says it again.", reads=[echo, echo_with_session])


async def serve(port: int) -> None:
    """Serve it on this port until stopped."""
    settings = load_settings()
    async with open_sessions(settings.database) as sessions:
        app = app_of([ECHO], settings, sessions)
        listening = socket.create_server(("127.0.0.1", port))
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await uvicorn.Server(uvicorn.Config(app, http="h11", log_level="warning")).serve(sockets=[listening])


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
