"""Asking and answering in two steps, as the team does: the sealed question is taken away and answered later."""

from typing import Any

from mcp import Client
from mcp.types import CallToolResult, ElicitResult, InputRequiredResult

YES = ElicitResult(action="accept", content={"confirm": True})
NO = ElicitResult(action="decline")

Told = CallToolResult | InputRequiredResult


async def ask(client: Client, tool: str, arguments: dict[str, Any]) -> Told:
    """Call a tool; the question comes back, or at once the refusal."""
    return await client.session.call_tool(tool, arguments, allow_input_required=True)


async def answer(client: Client, tool: str, arguments: dict[str, Any], asked: Told, said: ElicitResult = YES) -> Told:
    """Answer a question, at whichever client; what was refused at once stays refused."""
    if isinstance(asked, CallToolResult):
        return asked
    return await client.session.call_tool(
        tool,
        arguments,
        input_responses=dict.fromkeys(asked.input_requests or {}, said),
        request_state=asked.request_state,
        allow_input_required=True,
    )
