"""MCP clients for tests: in memory, as a customer or staff, answering questions or unable to."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from mcp import Client
from mcp.client.context import ClientRequestContext
from mcp.client.extension import advertise
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.types import CallToolResult, ElicitRequestParams, ElicitResult

from mcp_servers.registry import load_servers, server_names
from mcp_servers.runtime.serving.build import TOGETHER, ShopServer, make_server, scopes_of
from storage.db import Sessions
from storage.settings import Settings
from storage.tokens import Caller

SERVERS = tuple(server_names())
"""Asked once: each time, every installed package is looked through."""


class Customer:
    """Answers every question the same way, and remembers what was asked."""

    def __init__(self, *, says_yes: bool) -> None:
        self.says_yes = says_yes
        self.asked: list[str] = []

    async def __call__(self, _ctx: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        self.asked.append(params.message)
        if not self.says_yes:
            return ElicitResult(action="decline")
        return ElicitResult(action="accept", content={"confirm": True})


def caller(customer_id: str | None, *, language: str = "en", scopes: Sequence[str] | None = None) -> Caller:
    """A customer, or staff where there is none, with every scope unless some are named."""
    allowed = scopes_of(SERVERS) if scopes is None else frozenset(scopes)
    return Caller(customer_id or "staff", staff=customer_id is None, scopes=allowed, language=language)


def server_for(settings: Settings, sessions: Sessions, who: Caller, names: Sequence[str] = ()) -> ShopServer:
    """The server of all tools, or of some servers', with this caller at the other end."""
    chosen = list(names) or list(SERVERS)
    return make_server(TOGETHER, load_servers(chosen, settings, sessions), settings, sessions, local=who)


@asynccontextmanager
async def client_of(
    server: ShopServer, customer: Customer | None = None, *, mode: str = "auto", cards: bool = False
) -> AsyncIterator[Client]:
    """A client connected in memory; without a customer it cannot be asked. mode: auto or legacy (2025-11-25).

    One that shows `cards` says so.
    """
    options: dict[str, Any] = {} if customer is None else {"elicitation_callback": customer}
    if cards:
        options["extensions"] = [advertise(EXTENSION_ID, {"mimeTypes": [APP_MIME_TYPE]})]
    async with Client(server, mode=mode, **options) as client:
        yield client


def text_of(result: CallToolResult) -> str:
    """The one text block of a result."""
    [block] = result.content
    return block.text  # type: ignore[union-attr]  # our tools return text alone
