"""What a call costs before any of our code runs: a bare MCPServer with one tool, served as ours are."""

import socket
import sys

import uvicorn
from mcp.server import MCPServer
from pydantic import BaseModel

server = MCPServer("echo", log_level="WARNING")


class Echo(BaseModel):
    """What was sent."""

    text: str


@server.tool()
async def echo(text: str) -> Echo:
    """Say it again."""
    return Echo(text=text)


if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    app = server.streamable_http_app(stateless_http=False)
    uvicorn.Server(uvicorn.Config(app, http="h11", log_level="warning")).run(sockets=[listening])
