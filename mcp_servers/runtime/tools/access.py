"""What a caller may list and call: a tool whose scope is missing is neither shown nor run."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mcp.server.context import CallNext, HandlerResult, ServerMiddleware, ServerRequestContext
from mcp.types import CallToolResult, TextContent
from pydantic import BaseModel

from mcp_servers.runtime.caller import Local, caller_of
from mcp_servers.runtime.failures import UNKNOWN_TOOL
from mcp_servers.runtime.tools.confirming.once import TOKEN
from mcp_servers.runtime.tools.confirming.question import session_can_be_asked
from mcp_servers.runtime.tools.confirming.ways import Ways
from mcp_servers.runtime.untrusted import neutral
from storage.process.logs import note
from storage.process.metrics import UNKNOWN, CallMetrics
from storage.tokens import Caller

LONGEST_NAME = 64

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Access:
    """What a tool requires of its caller: a scope such as 'orders:read' and, for some tools, being staff."""

    scope: str
    staff_only: bool

    def allows(self, caller: Caller) -> bool:
        """Return whether this caller may list and call the tool."""
        return self.scope in caller.scopes and (caller.staff or not self.staff_only)


def guarded(server: str, access: Mapping[str, Access], metrics: CallMetrics, ways: Ways) -> ServerMiddleware[Local]:
    """Return middleware that checks every request against each tool's requirements, given by tool name."""

    async def guard(ctx: ServerRequestContext[Local], call_next: CallNext) -> HandlerResult:
        if ctx.method == "tools/call":
            name = str((ctx.params or {}).get("name"))
            caller = caller_of(ctx.lifespan_context)
            if name not in access or not access[name].allows(caller):
                metrics.count(server, UNKNOWN, "refused")
                note(logger, "tool", server=server, tool=UNKNOWN, caller=caller.kind, outcome="refused")
                return _unknown(name)
            return await call_next(ctx)
        result = await call_next(ctx)
        if ctx.method != "tools/list":
            return result
        asked = session_can_be_asked(ctx.session, ctx.protocol_version)
        return _listed(ctx, result, access, token=not asked and await ways.takes_tokens())

    return guard


def _unknown(name: str) -> CallToolResult:
    shown = neutral(name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…")
    return CallToolResult(
        content=[TextContent(type="text", text=f"Unknown tool: {shown}")], is_error=True, _meta=UNKNOWN_TOOL
    )


def _listed(
    ctx: ServerRequestContext[Local], result: HandlerResult, access: Mapping[str, Access], *, token: bool
) -> dict[str, Any]:
    wire = result.model_dump(by_alias=True, mode="json", exclude_none=True) if isinstance(result, BaseModel) else result
    if wire is None:
        return {}
    caller = caller_of(ctx.lifespan_context)
    tools = [tool for tool in wire["tools"] if access[tool["name"]].allows(caller)]
    if not token:
        tools = [tool | {"inputSchema": _without_token(tool["inputSchema"])} for tool in tools]
    return wire | {"tools": tools}


def _without_token(schema: dict[str, Any]) -> dict[str, Any]:
    properties = {name: value for name, value in schema.get("properties", {}).items() if name != TOKEN}
    return schema | {"properties": properties}
