"""The cost of a call before any of our code runs: a bare MCPServer with one tool, served the way ours are.

`python -m scripts.bench.echoes.bare` serves it over stdio, `… PORT` over HTTP, `… PORT TOKEN` to callers with that
token.
"""

import socket
import sys

import uvicorn
from mcp.server import MCPServer
from mcp.server.auth.provider import AccessToken, TokenVerifier
from mcp.server.auth.settings import AuthSettings
from pydantic import BaseModel

ADDRESS = "http://127.0.0.1/mcp"


class Echo(BaseModel):
    """The text that was sent."""

    text: str


async def echo(text: str) -> Echo:
    """Return the text."""
    return Echo(text=text)


class OneToken(TokenVerifier):
    """Knows a single token: no verifier is cheaper."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return the token if it is the known one."""
        known = token == self._token
        return AccessToken(token=token, client_id="bench", scopes=[], resource=ADDRESS) if known else None


def bare_server(token: str | None = None) -> MCPServer:
    """Return an MCP server with the echo tool, open to everybody or only to whoever has the token."""
    # Passed as text, because AuthSettings parses addresses itself.
    here = {"issuer_url": "http://127.0.0.1", "resource_server_url": ADDRESS, "validate_token_resource": True}
    server = MCPServer(
        "echo",
        log_level="WARNING",
        token_verifier=None if token is None else OneToken(token),
        auth=None if token is None else AuthSettings.model_validate(here),
    )
    server.tool()(echo)
    return server


def serve_http(server: MCPServer, port: int) -> None:
    """Serve it on this port of this machine until stopped."""
    listening = socket.create_server(("127.0.0.1", port))
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    app = server.streamable_http_app(stateless_http=False)
    uvicorn.Server(uvicorn.Config(app, http="h11", log_level="warning")).run(sockets=[listening])


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            bare_server().run("stdio")
        case [port, *token]:
            serve_http(bare_server(*token), int(port))
