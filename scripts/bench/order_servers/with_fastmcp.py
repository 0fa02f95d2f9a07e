"""The orders tool as most people would write it with FastMCP, in a separate environment.

`python -m scripts.bench.order_servers.with_fastmcp PORT FILE SECRET AUDIENCE` serves the shop in this SQLite file.
"""

import asyncio
import socket
import sys

import uvicorn
from fastmcp import FastMCP
from fastmcp.server.auth.providers.jwt import JWTVerifier
from fastmcp.server.dependencies import get_access_token

from scripts.bench.order_servers.usual import ShownOrder, open_shop, read_order


async def serve(port: int, path: str, secret: str, audience: str) -> None:
    """Serve it on this port until stopped."""
    verifier = JWTVerifier(
        public_key=secret, issuer="shopdesk", audience=audience, algorithm="HS256", required_scopes=["orders:read"]
    )
    server = FastMCP("orders", auth=verifier)
    async with open_shop(path) as sessions:

        async def get_order(order_id: str) -> ShownOrder:
            """Look up one order."""
            token = get_access_token()
            return await read_order(sessions, order_id, (token and token.claims) or {})

        server.tool(get_order)
        listening = socket.create_server(("127.0.0.1", port))
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        app = server.http_app(path="/mcp", json_response=True, stateless_http=True)
        await uvicorn.Server(uvicorn.Config(app, http="h11", log_level="warning")).serve(sockets=[listening])


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), *sys.argv[2:]))
