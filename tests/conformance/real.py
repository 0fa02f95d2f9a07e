"""The shop's own servers for the suite, which cannot send a token: `python -m tests.conformance.real PORT`."""

import sys

import anyio
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_servers.registry import server_names
from mcp_servers.runtime.serving.build import scopes_of
from mcp_servers.runtime.serving.serve import build_app
from storage.db import open_sessions
from storage.settings import load_settings
from storage.tokens import Caller, audience_of, mint

LASTS_S = 3_600


def signed(app: ASGIApp, token: str) -> ASGIApp:
    """Return the app as it is for a client that sends this token with every request."""

    async def with_token(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "headers": [*scope["headers"], (b"authorization", f"Bearer {token}".encode())]}
        await app(scope, receive, send)

    return with_token


async def serve(port: int) -> None:
    """Serve every server, as staff, until interrupted."""
    settings = load_settings().model_copy(update={"public_mcp_url": f"http://127.0.0.1:{port}"})
    who = Caller("suite", staff=True, scopes=scopes_of(server_names()))
    audience = audience_of(settings.public_mcp_url, server_names())
    token = mint(settings.secret, who, audience=audience, expires_s=LASTS_S)
    async with open_sessions(settings.database) as sessions:
        app = signed(build_app(server_names(), settings, sessions), token)
        await uvicorn.Server(uvicorn.Config(app, port=port, http="h11", log_level="warning")).serve()


if __name__ == "__main__":
    anyio.run(serve, int(sys.argv[1]))
