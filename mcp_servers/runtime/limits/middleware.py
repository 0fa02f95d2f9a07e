"""The middleware that every request for work passes first: whether its caller may call again so soon."""

from mcp import MCPError
from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.types import CallToolResult, TextContent

from mcp_servers.runtime.caller import Local, caller_of
from mcp_servers.runtime.failures import meta_of
from mcp_servers.runtime.limits.deadline import deadline
from mcp_servers.runtime.limits.limits import Limits
from storage.process.limits import LimitError

TOOL_CALL = "tools/call"
READS = frozenset({"resources/list", "resources/read", "prompts/get", "completion/complete"})
LIMIT_REACHED = -32029
"""JSON-RPC's code of a refusal where no tool result can carry it."""


def limited(server: str, limits: Limits) -> ServerMiddleware[Local]:
    """Return the middleware that holds tool calls and reads to the caller's rate, and reads to the rest as well.

    A tool's deadline and semaphore are kept in its body, since a call may wait long for a customer's answer.
    """

    async def limit(ctx: ServerRequestContext[Local], call_next: CallNext) -> HandlerResult:
        if ctx.method != TOOL_CALL and ctx.method not in READS:
            return await call_next(ctx)
        try:
            limits.limiter.take(caller_of(ctx.lifespan_context).subject)
            if ctx.method == TOOL_CALL:
                return await call_next(ctx)
            return await _read(ctx, call_next)
        except LimitError as error:
            limits.metrics.refuse(server, error.limit)
            return _refused(ctx.method, error)

    async def _read(ctx: ServerRequestContext[Local], call_next: CallNext) -> HandlerResult:
        ends = deadline()
        async with limits.semaphore(server).held():
            with limits.metrics.working(server, ctx.method), ends.kept():
                return await call_next(ctx)

    return limit


def _refused(method: str, error: LimitError) -> CallToolResult:
    if method != TOOL_CALL:
        raise MCPError(code=LIMIT_REACHED, message=str(error), data={"limit": error.limit}) from error
    return CallToolResult(content=[TextContent(type="text", text=str(error))], is_error=True, _meta=meta_of(error))
