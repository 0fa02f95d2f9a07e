"""What came of a question: carrying out its person's answer, once, and telling whoever may know."""

from collections.abc import Mapping
from typing import Any

from mcp import MCPError
from mcp.types import CallToolResult

from storage.db import reading, writing
from storage.people.asked_changes import AskedChange, get_change
from storage.shop.audit import Answer
from team.tools.client import ServerUnreachableError
from ui.parts import Parts
from ui.rest.refusals import OutcomeUnknownError, ToolRefusedError, ToolServersAwayError
from ui.rest.results import OK, Called, called

SAID = "shopdesk/said"
LINK = "shopdesk/link"
"""In a call's `_meta`: which program asks. Its person answers on the page, and not where the program is."""

ASKED = "shopdesk/asked"
"""In a call's `_meta`: the question whose answer the call carries out."""

DECLINED = "declined"


def meta_of(said: Mapping[str, str] | None) -> dict[str, Any]:
    """Return the `_meta` of a call with which the audit keeps what the person wrote, word for word."""
    return {} if said is None else {SAID: dict(said)}


async def carry_out(parts: Parts, row: AskedChange) -> Called:
    """Do what the person answered, unless it was done before; the tool servers make a confirmed change only once.

    They keep what came of it with the question, in the transaction that makes the change.

    Raises:
        ToolServersAwayError: the tool servers do not answer; the answer is kept, and can be given again.
        OutcomeUnknownError: they stopped answering; likewise, and giving it again finds out.
        ToolRefusedError: an error that may pass, likewise.
    """
    if row.status is not None and row.outcome is not None:
        return Called(row.status, row.outcome)
    result = await _called(parts, row)
    async with reading(parts.sessions) as session:
        after = await get_change(session, row.id)
    if after.status is not None and after.outcome is not None:
        return Called(after.status, after.outcome)
    try:
        called(result)
    except ToolRefusedError as error:
        if error.may_pass:
            raise
        return await _failed(parts, row, error)
    raise OutcomeUnknownError


async def _called(parts: Parts, row: AskedChange) -> CallToolResult:
    try:
        connection = await parts.tool_servers.connect(row.caller)
    except (ServerUnreachableError, MCPError) as error:
        raise ToolServersAwayError from error
    try:
        result = await connection.client.call_tool(
            row.tool, row.arguments, meta={ASKED: row.id, LINK: row.program or "", **meta_of(row.said)}
        )
    except (ServerUnreachableError, MCPError) as error:
        raise OutcomeUnknownError from error
    if not isinstance(result, CallToolResult):
        raise OutcomeUnknownError
    return result


async def _failed(parts: Parts, row: AskedChange, error: ToolRefusedError) -> Called:
    """Keep why a yes could not be carried out; a no needs no tool."""
    no = row.answer is Answer.NO
    done = Called(OK, {"status": DECLINED, "summary": row.text}) if no else Called(error.status, error.body)
    async with writing(parts.sessions) as session:
        kept = await get_change(session, row.id, lock=True)
        if kept.outcome is None:
            kept.status, kept.outcome = done.status, dict(done.body)
    return done
