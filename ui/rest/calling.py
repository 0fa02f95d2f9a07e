"""One tool call over REST, through MCP as its caller; a change that asks first becomes a question with a link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mcp import MCPError
from mcp.types import InputRequiredResult

from storage.db import reading
from storage.people.asked_changes import get_change
from storage.tokens import Caller
from team.tools.client import ServerUnreachableError
from team.tools.servers import Connection, ShopTool, ToolServers
from ui.parts import Parts
from ui.rest.outcomes import LINK, meta_of
from ui.rest.refusals import (
    NotAllowedError,
    OutcomeUnknownError,
    ToolServersAwayError,
    UnknownToolError,
)
from ui.rest.results import CONFIRM_URL, NEEDS_CONFIRMATION, Called, asked, called

CATALOGUE = Caller("catalogue", True, frozenset())
"""Lists every tool, and never calls one."""


@dataclass(frozen=True)
class Tool:
    """A tool as one caller is connected to it."""

    offered: ShopTool
    connection: Connection

    @property
    def name(self) -> str:
        """Its name, which no other server's tool has."""
        return self.offered.tool.name

    @property
    def properties(self) -> Mapping[str, Any]:
        """The schemas of its arguments."""
        found: Mapping[str, Any] = self.offered.tool.input_schema.get("properties", {})
        return found

    @property
    def required(self) -> Sequence[str]:
        """The arguments that it needs."""
        found: Sequence[str] = self.offered.tool.input_schema.get("required", ())
        return found


async def every_tool(servers: ToolServers) -> dict[str, ShopTool]:
    """Return every tool of the shop by its name, whoever may call it.

    Raises:
        ToolServersAwayError: the tool servers do not answer.
    """
    return (await _connected(servers, CATALOGUE)).tools


async def find_tool(parts: Parts, caller: Caller, server: str, name: str) -> Tool:
    """Return a tool for this caller; its name may carry the server's, as in `orders.get_order`.

    Args:
        parts: the page's parts.
        caller: who calls.
        server: the server; empty for whichever has it.
        name: the tool.

    Raises:
        ToolServersAwayError: the tool servers do not answer.
        UnknownToolError: there is no such tool.
        NotAllowedError: it is not for this caller.
    """
    before, _, bare = name.rpartition(".")
    server = server or before
    connection = await _connected(parts.tool_servers, caller)
    found = connection.tools.get(bare)
    if found is None or found.server != (server or found.server) or before not in ("", found.server):
        raise await _why_not(parts.tool_servers, server, bare, caller)
    return Tool(found, connection)


async def call_tool(
    parts: Parts,
    tool: Tool,
    arguments: Mapping[str, Any],
    said: Mapping[str, str] | None = None,
    *,
    program: str = "",
) -> Called:
    """Call a tool, and return what came of it.

    A change that asks first returns its question; the same call made again returns the same one, and after the answer
    what came of it, once.

    Args:
        parts: the page's parts.
        tool: the tool, as its caller is connected to it.
        arguments: its arguments.
        said: what a person wrote for arguments that take only some words.
        program: what the program that calls is called.

    Raises:
        ToolRefusedError: the tool refused the call, or the person has said no to it.
        ToolServersAwayError: the tool servers do not answer.
        OutcomeUnknownError: they stopped answering while they made a change.
    """
    client, offered = tool.connection.client, tool.offered
    try:
        result = await client.call_tool(tool.name, dict(arguments), meta={LINK: program, **meta_of(said)})
    except (ServerUnreachableError, MCPError) as error:
        raise (ToolServersAwayError if offered.reads else OutcomeUnknownError)() from error
    if isinstance(result, InputRequiredResult):
        # A question of a server that is not ours to answer here: none of the shop's asks for anything but a yes.
        raise OutcomeUnknownError
    done = called(result)
    if done.body.get("status") != NEEDS_CONFIRMATION or CONFIRM_URL not in done.body:
        return done
    async with reading(parts.sessions) as session:
        row = await get_change(session, str(done.body[CONFIRM_URL]).rpartition("/")[2])
    return asked(row, parts.settings.public_ui_url)


async def _connected(servers: ToolServers, caller: Caller) -> Connection:
    try:
        return await servers.connect(caller)
    except (ServerUnreachableError, MCPError) as error:
        raise ToolServersAwayError from error


async def _why_not(servers: ToolServers, server: str, name: str, caller: Caller) -> Exception:
    found = (await every_tool(servers)).get(name)
    if found is None or found.server != (server or found.server):
        return UnknownToolError()
    scope = scope_of(found)
    return NotAllowedError(name, scope, staff_only=not caller.staff and scope in (caller.scopes or {scope}))


def scope_of(offered: ShopTool) -> str:
    """Return the scope that a tool needs."""
    return f"{offered.server}:{'read' if offered.reads else 'write'}"
