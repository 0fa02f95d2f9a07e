"""The tool servers as the team sees them: which exist, what they offer, and one client per conversation."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import httpx2
from autogen_core.tools import ToolSchema
from mcp.types import Tool

from storage.tokens import Caller, audience_of
from team.pool import Borrowed
from team.tools.as_sent import as_sent
from team.tools.client import CustomerClient, ServerUnreachableError

Mint = Callable[[Caller, Sequence[str], float], str]
"""Mints a token: for whom, for which audiences, for how many seconds."""

TOKEN_S = 60
KEPT_S = 30
"""How long the lists of servers and tools are cached, in seconds."""

CLIENTS = 256


@dataclass(frozen=True)
class ShopTool:
    """A tool, the server it comes from, the parameters that server injects, and its schema for the caller's model."""

    tool: Tool
    server: str
    injected: tuple[str, ...]
    sent: ToolSchema

    @property
    def reads(self) -> bool:
        """Whether the tool is read-only."""
        hints = self.tool.annotations
        return hints is not None and hints.read_only_hint is True


@dataclass(frozen=True)
class Catalog:
    """What one kind of caller is offered."""

    tools: dict[str, ShopTool]
    until: float


@dataclass(frozen=True)
class Connection:
    """A conversation's client, and the tools it is offered."""

    client: CustomerClient
    tools: dict[str, ShopTool]


class ToolServers:
    """All conversations' clients over one pool; if there are too many, the least recently used idle one is closed."""

    def __init__(self, url: str, pool: httpx2.AsyncHTTPTransport, mint: Mint) -> None:
        self.url = url
        self.pool = pool
        self.mint = mint
        self.http = httpx2.AsyncClient(transport=Borrowed(pool), timeout=httpx2.Timeout(5))
        self._servers: tuple[float, tuple[str, ...]] = (0.0, ())
        self._catalogs: dict[tuple[bool, frozenset[str]], Catalog] = {}
        self.clients: OrderedDict[str | Caller, CustomerClient] = OrderedDict()

    async def connect(self, caller: Caller) -> Connection:
        """Return the conversation's client, acting for this caller from now on, and its tools.

        A caller with scopes is limited to them; one without has them all.

        Raises:
            ServerUnreachableError: the tool servers do not answer.
        """
        servers = await self.servers()
        scopes = caller.scopes or frozenset(f"{server}:{what}" for server in servers for what in ("read", "write"))
        caller = replace(caller, scopes=scopes)
        # Outside a conversation, two programs of one customer may have different scopes and languages.
        key = caller.conversation or caller
        if key in self.clients and self.clients[key].caller.subject != caller.subject:
            # A visitor became a customer: the old client has cached the list of what a visitor may call.
            await self.clients.pop(key).close()
        if key not in self.clients:
            self.clients[key] = CustomerClient(f"{self.url}/mcp", self.pool, caller, self._minted)
        self.clients[key].caller = caller
        self.clients.move_to_end(key)
        await self._close_oldest()
        return Connection(self.clients[key], await self._tools(self.clients[key]))

    async def leave(self, caller: Caller) -> None:
        """Close the client of a caller outside of any conversation, who will not come again."""
        for key in [
            key for key in self.clients if isinstance(key, Caller) and replace(key, scopes=caller.scopes) == caller
        ]:
            await self.clients.pop(key).close()

    async def servers(self) -> tuple[str, ...]:
        """Return the names of all servers.

        Raises:
            ServerUnreachableError: they do not answer.
        """
        at, known = self._servers
        if at and time.monotonic() - at < KEPT_S:
            return known
        try:
            answer = await self.http.get(f"{self.url}/servers")
            answer.raise_for_status()
        except httpx2.HTTPError as error:
            raise ServerUnreachableError(self.url) from error
        self._servers = (time.monotonic(), tuple(answer.json()["servers"]))
        return self._servers[1]

    async def _tools(self, client: CustomerClient) -> dict[str, ShopTool]:
        # All customers are offered the same tools; the same goes for staff, and for visitors.
        caller = client.caller
        kind = (caller.staff, caller.scopes)
        if kind not in self._catalogs or self._catalogs[kind].until < time.monotonic():
            tools = {tool.name: _shop_tool(tool, staff=caller.staff) for tool in await client.list_tools()}
            self._catalogs[kind] = Catalog(tools, time.monotonic() + KEPT_S)
        return self._catalogs[kind].tools

    async def close(self) -> None:
        """Close every client; the pool stays open."""
        await asyncio.gather(*(client.close() for client in self.clients.values()))
        await self.http.aclose()

    def _minted(self, caller: Caller) -> str:
        return self.mint(caller, audience_of(self.url, self._servers[1]), TOKEN_S)

    async def _close_oldest(self) -> None:
        idle = [key for key, client in self.clients.items() if not client.calls]
        for key in idle[: max(0, len(self.clients) - CLIENTS)]:
            await self.clients.pop(key).close()


class Tools:
    """The shop's tools in one turn, called on behalf of its current caller."""

    def __init__(self, servers: ToolServers) -> None:
        self.servers = servers
        self._connection: Connection | None = None

    async def connect(self, caller: Caller) -> None:
        """Act for this caller from now on.

        Raises:
            ServerUnreachableError: the tool servers do not answer.
        """
        self._connection = await self.servers.connect(caller)

    @property
    def client(self) -> CustomerClient:
        """The client to call with; nobody speaks before `connect`."""
        assert self._connection is not None  # noqa: S101 - the agenda connects before anybody speaks
        return self._connection.client

    @property
    def offered(self) -> dict[str, ShopTool]:
        """What the caller is offered; empty before `connect`."""
        return {} if self._connection is None else self._connection.tools


def _shop_tool(tool: Tool, *, staff: bool) -> ShopTool:
    meta = tool.meta or {}
    injected = tuple(meta.get("shopdesk/injected", ()))
    return ShopTool(tool, str(meta["shopdesk/server"]), injected, as_sent(tool, staff=staff))
