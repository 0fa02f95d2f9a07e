"""The orders tool as most people would write it with the SDK's own `MCPServer`: a verifier, a session, a query.

`python -m scripts.bench.order_servers.with_mcpserver PORT FILE SECRET AUDIENCE` serves the shop in this SQLite file.
"""

import asyncio
import socket
import sys

import jwt
import uvicorn
from mcp.server import MCPServer
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken, TokenVerifier
from mcp.server.auth.settings import AuthSettings

from scripts.bench.order_servers.usual import ShownOrder, open_shop, read_order


class Verifier(TokenVerifier):
    """Accepts the shop's tokens for one audience."""

    def __init__(self, secret: str, audience: str) -> None:
        self._secret, self._audience = secret, audience

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return the token with its claims, or None, which the SDK answers with 401."""
        try:
            claims = jwt.decode(token, self._secret, ["HS256"], audience=self._audience, issuer="shopdesk")
        except jwt.InvalidTokenError:
            return None
        return AccessToken(
            token=token,
            client_id=claims["sub"],
            subject=claims["sub"],
            scopes=claims["scope"].split(),
            expires_at=claims["exp"],
            resource=self._audience,
            claims=claims,
        )


async def serve(port: int, path: str, secret: str, audience: str) -> None:
    """Serve it on this port until stopped."""
    here = {"issuer_url": "http://127.0.0.1", "resource_server_url": audience, "required_scopes": ["orders:read"]}
    server = MCPServer(
        "orders",
        log_level="WARNING",
        token_verifier=Verifier(secret, audience),
        auth=AuthSettings.model_validate(here | {"validate_token_resource": True}),
    )
    async with open_shop(path) as sessions:

        @server.tool()
        async def get_order(order_id: str) -> ShownOrder:
            """Look up one order."""
            token = get_access_token()
            return await read_order(sessions, order_id, (token and token.claims) or {})

        listening = socket.create_server(("127.0.0.1", port))
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        app = server.streamable_http_app()
        await uvicorn.Server(uvicorn.Config(app, http="h11", log_level="warning")).serve(sockets=[listening])


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), *sys.argv[2:]))
