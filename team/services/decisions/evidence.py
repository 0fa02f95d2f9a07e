"""Evidence for a decision: what the shop's tools say, called through MCP as the caller. Only tools that read."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mcp import MCPError
from mcp.types import CallToolResult, TextContent

from storage.errors import ShopError
from team.services.place import Place
from team.tools.client import ServerUnreachableError
from team.words.guardrails import MARKS

LONGEST = 6_000
"""Characters of one result that are kept as evidence."""


class ToolsAwayError(ShopError):
    """The tool servers do not answer."""

    def __init__(self) -> None:
        super().__init__("The shop's tools do not answer right now. Try again in a minute.")


class NotReadingError(ShopError):
    """Evidence was asked of a tool that writes, or that there is not."""

    def __init__(self, tool: str) -> None:
        super().__init__(f"Evidence comes from tools that only read; {tool} is none of them.")


@dataclass(frozen=True)
class Evidence:
    """One tool's result: its number, by which claims name it, and whether the tool refused."""

    number: int
    tool: str
    arguments: dict[str, Any]
    text: str
    refused: bool

    def as_json(self) -> dict[str, Any]:
        """The evidence as an answer shows it."""
        return {**vars(self)}


async def gather(place: Place, calls: Sequence[tuple[str, dict[str, Any]]]) -> list[Evidence]:
    """Call each tool, and return what it said, a refusal too.

    Raises:
        ToolsAwayError: the tool servers do not answer.
        NotReadingError: a tool writes, or does not exist.
    """
    try:
        connection = await place.servers.connect(place.caller)
    except (ServerUnreachableError, MCPError) as error:
        raise ToolsAwayError from error
    for tool, _ in calls:
        if tool not in connection.tools or not connection.tools[tool].reads:
            raise NotReadingError(tool)
    found = []
    for number, (tool, arguments) in enumerate(calls, start=1):
        place.tell("evidence", number, len(calls))
        try:
            result = await connection.client.call_tool(tool, arguments)
        except (ServerUnreachableError, MCPError) as error:
            raise ToolsAwayError from error
        if not isinstance(result, CallToolResult):
            raise NotReadingError(tool)
        found.append(Evidence(number, tool, arguments, _text(result)[:LONGEST], bool(result.is_error)))
    return found


def _text(result: CallToolResult) -> str:
    if result.structured_content is not None and not result.is_error:
        return json.dumps(result.structured_content, ensure_ascii=False).translate(MARKS)
    return "\n".join(part.text for part in result.content if isinstance(part, TextContent)).translate(MARKS)
