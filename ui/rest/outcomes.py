"""What came of a question: carrying out its person's answer, once, and telling whoever may know."""

from collections.abc import Mapping
from typing import Any

from mcp import MCPError
from mcp.types import CallToolResult, ElicitResult, InputRequiredResult

from storage.db import writing
from storage.people.asked_changes import AskedChange, QuestionExpiredError, Wanted, ask, get_change
from storage.shop.audit import Answer
from team.tools.client import ServerUnreachableError
from ui.parts import Parts
from ui.rest.refusals import (
    DeclinedError,
    FactsChangedError,
    OutcomeUnknownError,
    ToolRefusedError,
    ToolServersAwayError,
)
from ui.rest.results import OK, Called, asked, called, plain, question_in

SAID = "shopdesk/said"
INVALID_STATE = "invalid_request_state"
DECLINED = "declined"


def meta_of(said: Mapping[str, str] | None) -> dict[str, Any] | None:
    """Return the `_meta` of a call with which the audit keeps what the person wrote, word for word."""
    return None if said is None else {SAID: dict(said)}


async def came_of(parts: Parts, row: AskedChange) -> Called:
    """Return to the program that asked what came of an answered question; the same call asks anew after that.

    Raises:
        DeclinedError: the person said no.
        ToolRefusedError: the shop could not make the change; the person was told the same.
    """
    done = await carry_out(parts, row)
    async with writing(parts.sessions) as session:
        (await get_change(session, row.id, lock=True)).told = True
    if row.answer is Answer.NO:
        raise DeclinedError
    return done


async def carry_out(parts: Parts, row: AskedChange) -> Called:
    """Do what the person answered, unless it was done before; the tool servers make a confirmed change only once.

    Raises:
        ToolServersAwayError: the tool servers do not answer; the answer is kept, and can be given again.
        OutcomeUnknownError: they stopped answering; likewise, and giving it again finds out.
        ToolRefusedError: an error that may pass, likewise.
    """
    if row.status is not None and row.outcome is not None:
        return Called(row.status, row.outcome)
    try:
        done = await _finished(parts, row)
    except (ToolRefusedError, QuestionExpiredError) as error:
        if isinstance(error, ToolRefusedError) and error.may_pass:
            raise
        done = _refused(row, error)
    async with writing(parts.sessions) as session:
        kept = await get_change(session, row.id, lock=True)
        kept.status, kept.outcome = done.status, dict(done.body)
    return done


async def _finished(parts: Parts, row: AskedChange) -> Called:
    yes = row.answer is Answer.YES
    reply = ElicitResult(action="accept", content={"confirm": True}) if yes else ElicitResult(action="decline")
    try:
        connection = await parts.tool_servers.connect(row.caller)
    except (ServerUnreachableError, MCPError) as error:
        raise ToolServersAwayError from error
    try:
        result = await connection.client.call_tool(
            row.tool,
            row.arguments,
            request_state=row.request_state,
            input_responses=dict.fromkeys(row.keys, reply),
            meta=meta_of(row.said),
        )
    except ServerUnreachableError as error:
        raise OutcomeUnknownError from error
    except MCPError as error:
        if not isinstance(error.data, dict) or error.data.get("reason") != INVALID_STATE:
            raise OutcomeUnknownError from error
        raise QuestionExpiredError from error
    if not yes:
        return _declined(row)
    return await _asked_again(parts, row, result) if isinstance(result, InputRequiredResult) else _done(result)


def _done(result: CallToolResult) -> Called:
    done = called(result)
    return Called(done.status, plain(done.body))


def _declined(row: AskedChange) -> Called:
    return Called(OK, {"status": DECLINED, "summary": row.text})


def _refused(row: AskedChange, error: ToolRefusedError | QuestionExpiredError) -> Called:
    if row.answer is Answer.NO:
        return _declined(row)
    if isinstance(error, QuestionExpiredError):
        return Called(410, {"error": str(error), "code": "question_expired"})
    return Called(error.status, error.body)


async def _asked_again(parts: Parts, row: AskedChange, result: InputRequiredResult) -> Called:
    """Ask about the facts as they are now; the answer to the former ones changed nothing."""
    wanted = Wanted(row.caller, row.server, row.tool, row.arguments, row.said)
    async with writing(parts.sessions) as session:
        again = await ask(
            session,
            wanted,
            question_in(result),
            request_state=result.request_state,
            keys=list(result.input_requests or {}),
        )
    link = asked(again, parts.settings.public_ui_url).body["confirm_url"]
    told = FactsChangedError()
    return Called(told.status, {"error": str(told), "code": "facts_changed", "confirm_url": link})
