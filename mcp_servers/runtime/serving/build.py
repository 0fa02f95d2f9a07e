"""Building an MCP server from one tool server, or from all of them."""

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from time import perf_counter
from typing import Any

from mcp.server import CacheHint
from mcp.server.apps import client_supports_apps
from mcp.server.auth.settings import AuthSettings
from mcp.server.caching import CacheableMethod
from mcp.server.lowlevel import Server
from mcp.server.mcpserver import Context, RequestStateBoundary, RequestStateSecurity
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp.server.subscriptions import InMemorySubscriptionBus
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    InputRequiredResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
)
from mcp.types import Tool as ListedTool

from mcp_servers.runtime.caller import Local, caller_of
from mcp_servers.runtime.callers.auth import ShopVerifier, auth_settings
from mcp_servers.runtime.callers.outside import OutsideIssuer
from mcp_servers.runtime.failures import UNKNOWN_TOOL
from mcp_servers.runtime.limits.limits import Limits
from mcp_servers.runtime.limits.middleware import limited
from mcp_servers.runtime.modes import instructions_of, offered
from mcp_servers.runtime.reading.server import ReadingServer, Request
from mcp_servers.runtime.server import SERVER, ToolServer
from mcp_servers.runtime.serving.listening import Listening
from mcp_servers.runtime.tools.access import Access, guarded
from mcp_servers.runtime.tools.confirming.by_link import is_question
from mcp_servers.runtime.tools.confirming.by_url import ByUrl
from mcp_servers.runtime.tools.confirming.confirm_token import EXPIRES_S
from mcp_servers.runtime.tools.confirming.question import remember_sealed_question
from mcp_servers.runtime.tools.confirming.ways import Ways
from mcp_servers.runtime.tools.errors import FaultError, readable
from mcp_servers.runtime.tools.left_out import without_left_out
from mcp_servers.runtime.tools.making import Toolbox, UnusableToolError
from mcp_servers.runtime.untrusted import unmarked
from storage.db import Sessions
from storage.process.logs import about, tell
from storage.process.metrics import UNKNOWN, CallMetrics, Outcome
from storage.settings import Settings
from storage.tokens import LEEWAY_S, Caller
from storage.traces.conventions import CALLER, OUTCOME
from storage.traces.tracing import tell as of_span

logger = logging.getLogger(__name__)

TOGETHER = "shopdesk"
LIST_TTL_MS = 60_000
LISTS: Sequence[CacheableMethod] = ("tools/list", "prompts/list", "resources/list", "resources/templates/list")


class ShopServer(ReadingServer):
    """An MCP server whose failures a model can act on, and whose calls are counted.

    `auth` and `verifier` say whose tokens it accepts over HTTP; without them it requires none. Its tools need `scopes`.
    """

    def __init__(
        self,
        name: str,
        *,
        tools: Sequence[Tool],
        metrics: CallMetrics,
        scopes: Sequence[str],
        auth: AuthSettings | None,
        verifier: ShopVerifier | None,
        ways: Ways,
        sessions: Sessions,
        **options: Any,  # noqa: ANN401 - those of a ReadingServer
    ) -> None:
        self.tools = {tool.name: tool for tool in tools}
        self.metrics, self.scopes, self.auth, self.verifier = metrics, list(scopes), auth, verifier
        self.ways, self.by_url = ways, ByUrl(sessions)
        self.changes = InMemorySubscriptionBus()
        super().__init__(
            name,
            on_list_tools=self.list_tools,
            on_call_tool=self.call_tool,
            get_tool_input_schema=self._schema_of,
            on_subscriptions_listen=Listening(self.changes, sessions, ways.page.link_of("")),
            sessions=sessions,
            **options,
        )

    async def list_tools(self, ctx: Request, params: PaginatedRequestParams | None) -> ListToolsResult:
        """Return every tool; middleware decides which of them the caller sees."""
        shows = client_supports_apps(ctx)
        cards = {name: self.cards.uri_of(name) if shows else None for name in self.tools}
        return ListToolsResult(tools=[_listed(tool, cards[tool.name]) for tool in self.tools.values()])

    async def call_tool(self, ctx: Request, params: CallToolRequestParams) -> CallToolResult | InputRequiredResult:
        """Call a tool, count the call and tell the log of it; what is said in a call is in no line."""
        caller, started = caller_of(ctx.lifespan_context), perf_counter()
        with about(caller.conversation or ""):
            result, outcome, limit = await self._answered(ctx, params)
            server, tool = self._named(params.name)
            if limit is not None:
                self.metrics.refuse(server, limit)
            self.metrics.count(server, tool, outcome)
            of_span({OUTCOME: outcome, CALLER: caller.kind})
            ms = round((perf_counter() - started) * 1000, 1)
            tell(logger, "tool", server=server, tool=tool, caller=caller.kind, outcome=outcome, limit=limit, ms=ms)
        return result

    async def _answered(
        self, ctx: Request, params: CallToolRequestParams
    ) -> tuple[CallToolResult | InputRequiredResult, Outcome, str | None]:
        """Return the result, what it is, and the limit that was reached. A failure's text is what the model reads."""
        name = params.name
        context = Context[Local](request_context=ctx, input_params=params, subscriptions=self.changes)
        try:
            given = without_left_out(unmarked(params.arguments or {}), self._schema_of(name) or {})
            result = await self._run(name, given, context)
            result = await self.by_url.asked(context, params, result, lambda: self._run(name, given, context))
        except ToolError as error:
            told = readable(error, name)
            limit: str | None = getattr(told, "limit", None)
            refused: Outcome = "failed" if isinstance(told, FaultError) else "refused"
            content = [TextContent(type="text", text=str(told))]
            failed = CallToolResult(content=content, is_error=True, _meta=getattr(told, "meta", UNKNOWN_TOOL))
            return failed, refused if limit is None else "limited", limit
        return result, "asked" if is_question(result) else "ok", None

    async def _run(
        self, name: str, arguments: dict[str, Any], context: Context[Local]
    ) -> CallToolResult | InputRequiredResult:
        if name not in self.tools:
            raise ToolError(f"Unknown tool: {name}")
        result: CallToolResult | InputRequiredResult = await self.tools[name].run(
            arguments, context, convert_result=True
        )
        return result

    def _schema_of(self, name: str) -> dict[str, Any] | None:
        return self.tools[name].parameters if name in self.tools else None

    def _named(self, name: str) -> tuple[str, str]:
        """Return a tool's server and its name; of one that there is not, nothing the caller wrote."""
        tool = self.tools.get(name)
        return (self.name, UNKNOWN) if tool is None else (str((tool.meta or {})[SERVER]), name)


def _listed(tool: Tool, card: str | None) -> ListedTool:
    return ListedTool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.parameters,
        output_schema=tool.output_schema,
        annotations=tool.annotations,
        icons=tool.icons,
        _meta=tool.meta if card is None else {**(tool.meta or {}), "ui": {"resourceUri": card}},
    )


def make_server(
    name: str,
    servers: Sequence[ToolServer],
    settings: Settings,
    sessions: Sessions,
    *,
    local: Caller | None = None,
    address: str | None = None,
    outside: OutsideIssuer | None = None,
    toolbox: Toolbox | None = None,
) -> ShopServer:
    """Return the MCP server that offers the tools of these servers.

    Args:
        name: its name; a question sealed under a name can be answered by any replica of the same name.
        servers: whose tools it offers, as far as the settings' mode allows.
        settings: the shop's settings.
        sessions: the shop's database.
        local: who is calling if there is no token (stdio).
        address: its URL over HTTP; without one it requires no token.
        outside: an external issuer of tokens, over HTTP.
        toolbox: the tools, and what their callers are held to, shared with other servers of this process; without it,
            its own.

    Raises:
        UnusableToolError: two tools share a name, or a tool has a schema that models fail on.
    """
    toolbox = toolbox or Toolbox(settings, sessions, Limits(settings), over_http=address is not None)
    servers, limits = offered(servers, settings), toolbox.limits
    tools, access = _access(servers, toolbox)
    made = ShopServer(
        name,
        title="Shopdesk" if name == TOGETHER else servers[0].title,
        instructions=instructions_of(servers, settings),
        version=version("shopdesk"),
        tools=tools,
        servers=servers,
        sessions=sessions,
        metrics=limits.metrics,
        ways=toolbox.ways,
        scopes=sorted({one.scope for one in access.values()}),
        lifespan=_speaking_for(local),
        cache_hints={method: CacheHint(ttl_ms=LIST_TTL_MS, scope="private") for method in LISTS},
        verifier=None if address is None else ShopVerifier(settings.secret, address, outside),
        auth=None if address is None else auth_settings(settings.token_issuer, address),
    )
    return _guarded(made, access, settings, limits)


def _guarded(made: ShopServer, access: dict[str, Access], settings: Settings, limits: Limits) -> ShopServer:
    """Put in front of a server what every request passes, from the outside in."""
    sealing = RequestStateSecurity(keys=[settings.secret], ttl=EXPIRES_S + LEEWAY_S)
    # The question middleware is outermost, so that it sees the sealed state before the SDK opens it.
    made.middleware.insert(0, remember_sealed_question)
    made.middleware.append(RequestStateBoundary(sealing, default_audience=made.name))
    made.middleware += [limited(made.name, limits), guarded(made.name, access, limits.metrics, made.ways)]
    return made


def _speaking_for(local: Caller | None) -> Callable[[Server[Local]], AbstractAsyncContextManager[Local]]:
    @asynccontextmanager
    async def lifespan(_: Server[Local]) -> AsyncIterator[Local]:
        yield Local(local)

    return lifespan


def _access(servers: Sequence[ToolServer], toolbox: Toolbox) -> tuple[list[Tool], dict[str, Access]]:
    tools: list[Tool] = []
    access: dict[str, Access] = {}
    for server in servers:
        staff_only = {str(function.__name__) for function in server.staff_only}
        for tool in toolbox.of(server):
            if tool.name in access:
                raise UnusableToolError(tool.name, f"another server besides {server.name} has one with that name")
            reads = tool.annotations is not None and tool.annotations.read_only_hint
            scope = f"{server.name}:{'read' if reads else 'write'}"
            tools.append(tool)
            access[tool.name] = Access(scope, staff_only=tool.name in staff_only)
    return tools, access


def scopes_of(servers: Sequence[str]) -> frozenset[str]:
    """Return every scope these servers know."""
    return frozenset(f"{server}:{kind}" for server in servers for kind in ("read", "write"))
