"""The tool servers as a process of their own, over HTTP, and clients of them."""

import ssl
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from storage.settings import Settings
from storage.tokens import Caller, audience_of, mint
from tests.clients import SERVERS, Customer
from tests.processes import free_port, process

TLS = ssl.create_default_context()
"""Made once for all clients: reading the authorities' certificates takes longer than most calls."""


@asynccontextmanager
async def tools_process(
    settings: Settings, *servers: str, log: Path | None = None
) -> AsyncIterator[tuple[Settings, Process]]:
    """`shopdesk mcp --http` as a process; yields the settings with its address, and the process."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = ["-m", "scripts", "mcp", *servers, "--http", str(port)]
    async with process(command, {"PUBLIC_MCP_URL": address}, ready=f"{address}/health", log=log) as started:
        yield settings.model_copy(update={"public_mcp_url": address}), started


def token_of(
    settings: Settings, who: Caller, *, servers: Sequence[str] | None = None, expires_s: float = 60, secret: str = ""
) -> str:
    """A token of the tools' own shop, unless told otherwise."""
    audience = audience_of(settings.public_mcp_url, servers or SERVERS)
    return mint(secret or settings.secret, who, audience=audience, expires_s=expires_s)


@asynccontextmanager
async def client_at(url: str, token: str, customer: Customer | None = None) -> AsyncIterator[Client]:
    """A client over HTTP with this bearer token; without a customer it cannot be asked."""
    options: dict[str, Any] = {} if customer is None else {"elicitation_callback": customer}
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, verify=TLS) as http,
        Client(streamable_http_client(url, http_client=http), **options) as client,
    ):
        yield client
