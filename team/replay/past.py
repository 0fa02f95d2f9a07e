"""The tool servers of a replayed turn: results as they were then, and every write planned instead of done."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mcp.types import CallToolResult, InputRequiredResult, InputResponses, TextContent, Tool

from storage.tokens import Caller
from team.tools.client import CustomerClient
from team.tools.servers import Connection, ShopTool, ToolServers

PLANNED = "Planned, not done: {tool} would be called here. Go on as if it had worked."


class PastClient(CustomerClient):
    """A client that answers a call of the turn with its result of then, and writes nothing.

    The server it asks refuses every change of a caller of the past, too.
    """

    def __init__(
        self, asked: CustomerClient, tools: Mapping[str, ShopTool], results: Mapping[str, CallToolResult]
    ) -> None:
        super().__init__(asked.url, asked.pool, asked.caller, asked.mint)
        self.asked = asked
        self.tools = tools
        self.results = results

    async def call_tool(
        self,
        name: str,
        arguments: dict[str, Any],
        *,
        request_state: str | None = None,
        input_responses: InputResponses | None = None,
        meta: Mapping[str, Any] | None = None,
    ) -> CallToolResult | InputRequiredResult:
        """Return what the call told then; what it tells of the shop as it was then; or, for a write, its plan."""
        if (known := self.results.get(call_key(name, arguments))) is not None and self.tools[name].reads:
            return known
        if _writes_unasked(self.tools[name]):
            return CallToolResult(content=[TextContent(type="text", text=PLANNED.format(tool=name))])
        # Without the customer's answer, which a write needs to be more than a plan.
        return await self.asked.call_tool(name, arguments, meta=meta)

    async def list_tools(self) -> list[Tool]:
        """Return every tool of the caller."""
        return await self.asked.list_tools()

    async def close(self) -> None:
        """End the client behind this one."""
        await self.asked.close()


class PastServers(ToolServers):
    """The tool servers for one replay: the same, asked by a caller of the past."""

    def __init__(self, now: ToolServers, as_of: float, steps: Sequence[Mapping[str, Any]]) -> None:
        # Nothing of a client of its own: it asks through the others' pool.
        self.now = now
        self.as_of = as_of
        self.results = results_of(steps)
        self.callers: list[Caller] = []

    async def connect(self, caller: Caller) -> Connection:
        """Return a client for this caller as of then, outside of their conversation."""
        past = replace(caller, conversation=None, as_of=self.as_of)
        self.callers.append(past)
        found = await self.now.connect(past)
        return Connection(PastClient(found.client, found.tools, self.results), found.tools)

    async def close(self) -> None:
        """Close what was opened for the replay."""
        for caller in self.callers:
            await self.now.leave(caller)


def results_of(steps: Sequence[Mapping[str, Any]]) -> dict[str, CallToolResult]:
    """Return the results of a turn's calls, by tool and arguments; of two same calls, the last."""
    calls = {step["data"]["call_id"]: step["data"] for step in steps if step["kind"] == "tool_call"}
    found = {}
    for step in steps:
        data = step["data"]
        if step["kind"] == "tool_result" and data["call_id"] in calls:
            key = call_key(data["tool"], calls[data["call_id"]]["arguments"])
            found[key] = CallToolResult(
                content=[TextContent(type="text", text=data["text"])],
                structured_content=data.get("structured"),
                is_error=data["is_error"],
            )
    return found


def call_key(tool: str, arguments: Mapping[str, Any]) -> str:
    """Return what is the same for two same calls."""
    return f"{tool} {json.dumps(arguments, sort_keys=True, ensure_ascii=False)}"


def _writes_unasked(tool: ShopTool) -> bool:
    hints = tool.tool.annotations
    return not tool.reads and (hints is None or hints.destructive_hint is not True)
