"""What a caller may list and call: a tool whose scope is missing is neither shown nor run."""

from collections.abc import Mapping
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel

from mcp_servers.runtime.caller import Local, caller_of
from mcp_servers.runtime.confirm import TOKEN
from mcp_servers.runtime.question import session_can_be_asked


def scoped(scopes: Mapping[str, str]) -> ServerMiddleware[Local]:
    """Return the middleware that holds every request against the scope each tool needs.

    Args:
        scopes: the scope of each tool, by its name.
    """

    async def scope_middleware(ctx: ServerRequestContext[Local], call_next: CallNext) -> HandlerResult:
        if ctx.method == "tools/call":
            name = str((ctx.params or {}).get("name"))
            if scopes.get(name) not in caller_of(ctx.lifespan_context).scopes:
                return CallToolResult(content=[TextContent(type="text", text=f"Unknown tool: {name}")], is_error=True)
            return await call_next(ctx)
        result = await call_next(ctx)
        if ctx.method != "tools/list":
            return result
        return _listed(ctx, result, scopes)

    return scope_middleware


def _listed(ctx: ServerRequestContext[Local], result: HandlerResult, scopes: Mapping[str, str]) -> dict[str, Any]:
    wire = result.model_dump(by_alias=True, mode="json", exclude_none=True) if isinstance(result, BaseModel) else result
    if wire is None:
        return {}
    allowed = caller_of(ctx.lifespan_context).scopes
    tools = [tool for tool in wire["tools"] if scopes[tool["name"]] in allowed]
    if session_can_be_asked(ctx.session, ctx.protocol_version):
        tools = [tool | {"inputSchema": _without_token(tool["inputSchema"])} for tool in tools]
    return wire | {"tools": tools}


def _without_token(schema: dict[str, Any]) -> dict[str, Any]:
    properties = {name: value for name, value in schema.get("properties", {}).items() if name != TOKEN}
    return schema | {"properties": properties}
