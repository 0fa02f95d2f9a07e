"""Making an MCP server of one tool server, or one of them all."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from typing import Any

from mcp.server import CacheHint, MCPServer
from mcp.server.caching import CacheableMethod
from mcp.server.mcpserver import Context, RequestStateSecurity
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult, InputRequiredResult

from mcp_servers.runtime.caller import Local
from mcp_servers.runtime.callers.auth import ShopVerifier, auth_settings
from mcp_servers.runtime.callers.outside import OutsideIssuer
from mcp_servers.runtime.limits.bounds import Bounds
from mcp_servers.runtime.limits.gate import gated
from mcp_servers.runtime.limits.tally import UNKNOWN, Outcome, Tally
from mcp_servers.runtime.modes import instructions_of, offered
from mcp_servers.runtime.reading.server import ReadingServer
from mcp_servers.runtime.server import SERVER, ToolServer
from mcp_servers.runtime.serving.stdio_lines import bounded_stdio
from mcp_servers.runtime.tools.access import Access, guarded
from mcp_servers.runtime.tools.confirm_token import EXPIRES_S
from mcp_servers.runtime.tools.errors import FaultError, readable
from mcp_servers.runtime.tools.making import UnusableToolError, tools_of
from mcp_servers.runtime.tools.question import remember_sealed_question
from mcp_servers.runtime.untrusted import unmarked
from storage.db import Sessions
from storage.settings import Settings
from storage.tokens import LEEWAY_S, Caller

TOGETHER = "shopdesk"
LIST_TTL_MS = 60_000
LISTS: Sequence[CacheableMethod] = ("tools/list", "prompts/list", "resources/list", "resources/templates/list")


class ShopServer(ReadingServer):
    """An MCP server whose failures a model can act on, whose calls are counted, and whose tools ask for `scopes`."""

    tally: Tally
    scopes: list[str]

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Local, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool.

        Raises:
            ToolError: the call failed; its text is the one line the model reads.
        """
        try:
            result = await super().call_tool(name, unmarked(arguments), context)
        except ToolError as error:
            told = readable(error, name)
            self._count(name, "failed" if isinstance(told, FaultError) else "refused", getattr(told, "limit", None))
            raise told from error
        self._count(name, "asked" if isinstance(result, InputRequiredResult) else "ok")
        return result

    async def run_stdio_async(self) -> None:
        """Serve the client at stdin and stdout until it leaves."""
        low = self._lowlevel_server
        async with bounded_stdio() as (messages, answers):
            await low.run(messages, answers, low.create_initialization_options())

    def _count(self, name: str, outcome: Outcome, limit: str | None = None) -> None:
        tool = self._tool_manager.get_tool(name)
        if tool is None:
            self.tally.calls[self.name, UNKNOWN, outcome] += 1
            return
        server = str((tool.meta or {})[SERVER])
        if limit is not None:
            self.tally.limited[server, limit] += 1
            outcome = "limited"
        self.tally.calls[server, name, outcome] += 1


def make_server(
    name: str,
    servers: Sequence[ToolServer],
    settings: Settings,
    sessions: Sessions,
    *,
    local: Caller | None = None,
    address: str | None = None,
    outside: OutsideIssuer | None = None,
    bounds: Bounds | None = None,
) -> ShopServer:
    """Return the MCP server that offers the tools of these servers.

    Args:
        name: its name; a question sealed under a name can be answered by any replica of the same name.
        servers: whose tools it offers, as far as the settings' mode has them.
        settings: the shop's settings.
        sessions: the shop's database.
        local: who is calling where there is no token (stdio).
        address: where clients reach it over HTTP; without one it asks for no token.
        outside: an issuer of tokens besides the shop itself, over HTTP.
        bounds: what callers are held to together with other servers of this process; without it, by themselves.

    Raises:
        UnusableToolError: two tools share a name, or a tool has a schema that models fail on.
    """
    bounds = bounds or Bounds(settings)
    servers = offered(servers, settings)
    tools, access = _access(servers, sessions, settings, bounds)
    made = ShopServer(
        name,
        title="Shopdesk" if name == TOGETHER else servers[0].title,
        instructions=instructions_of(servers, settings),
        version=version("shopdesk"),
        tools=tools,
        servers=servers,
        sessions=sessions,
        log_level="WARNING",
        lifespan=_speaking_for(local),
        middleware=[gated(name, bounds), guarded(name, access, bounds.tally)],
        request_state_security=RequestStateSecurity(keys=[settings.secret], ttl=EXPIRES_S + LEEWAY_S),
        cache_hints={method: CacheHint(ttl_ms=LIST_TTL_MS, scope="private") for method in LISTS},
        token_verifier=None if address is None else ShopVerifier(settings.secret, address, outside),
        auth=None if address is None else auth_settings(settings.token_issuer, address),
    )
    made.tally = bounds.tally
    made.scopes = sorted({one.scope for one in access.values()})
    # Outermost, so that it sees the sealed state before the SDK opens it.
    made.middleware.insert(0, remember_sealed_question)
    return made


def _speaking_for(local: Caller | None) -> Callable[[MCPServer[Local]], AbstractAsyncContextManager[Local]]:
    @asynccontextmanager
    async def lifespan(_: MCPServer[Local]) -> AsyncIterator[Local]:
        yield Local(local)

    return lifespan


def _access(
    servers: Sequence[ToolServer], sessions: Sessions, settings: Settings, bounds: Bounds
) -> tuple[list[Tool], dict[str, Access]]:
    tools: list[Tool] = []
    access: dict[str, Access] = {}
    for server in servers:
        staff_only = {str(function.__name__) for function in server.staff_only}
        for tool in tools_of(server, sessions, settings, bounds):
            if tool.name in access:
                raise UnusableToolError(tool.name, f"two servers, {server.name} among them, have one of that name")
            reads = tool.annotations is not None and tool.annotations.read_only_hint
            scope = f"{server.name}:{'read' if reads else 'write'}"
            tools.append(tool)
            access[tool.name] = Access(scope, staff_only=tool.name in staff_only)
    return tools, access


def scopes_of(servers: Sequence[str]) -> frozenset[str]:
    """Return every scope these servers know."""
    return frozenset(f"{server}:{kind}" for server in servers for kind in ("read", "write"))
