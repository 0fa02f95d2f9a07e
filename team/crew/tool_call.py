"""One tool call on the customer's behalf: the first attempt, the repeat with their answer, and the result."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

from mcp import MCPError
from mcp.types import CallToolResult, ElicitRequest, ElicitResult, InputRequiredResult, TextContent

from storage.db import now
from storage.process.metrics import CallEnd
from team.crew.looks import Look, looks_in
from team.tools.client import CustomerClient, ServerSlowError, ServerUnreachableError
from team.tools.servers import ShopTool
from team.turn.confirmations import EXPIRES, OpenQuestion, new_question_id
from team.turn.log import Reached
from team.turn.request import CustomerAnswer
from team.turn.turn import Turn

AUDIT_ID = "shopdesk/audit_id"
WAITING = "Waiting for the customer's confirmation."
DECLINED = "The customer did not confirm; nothing was changed. Do not repeat the call unless they ask."
UNREACHABLE = "The shop's system does not answer now. It can be tried again later."
UNKNOWN_OUTCOME = " It is not known whether the change was made."
"""A specialist may pass both sentences on word for word."""
DONE = "done"
INVALID_STATE = "invalid_request_state"


@dataclass(frozen=True)
class Answer:
    """What the model is told about a call, and what the events show.

    `question`: the customer must be asked first. `looks`: the model calls the tool made. `lost`: why no answer came.
    """

    text: str
    is_error: bool = False
    structured: dict[str, Any] | None = None
    audit_id: str | None = None
    question: OpenQuestion | None = None
    looks: tuple[Look, ...] = ()
    lost: Literal["unreachable", "stopped"] | None = None

    @property
    def end(self) -> CallEnd:
        """The result under which the call is counted."""
        if self.lost is not None:
            return self.lost
        return "asked" if self.question is not None else "refused" if self.is_error else "ok"

    def as_event(self) -> dict[str, Any]:
        """The part of the `tool_result` event that comes from the result itself."""
        shown: dict[str, Any] = {"text": self.text, "is_error": self.is_error}
        return shown if self.structured is None else {**shown, "structured": self.structured}


@dataclass(frozen=True)
class ToolCall:
    """Which specialist calls which tool with which arguments."""

    agent: str
    offered: ShopTool
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The tool's name."""
        return self.offered.tool.name

    @property
    def reads(self) -> bool:
        """Whether the tool is read-only, so that the call may be repeated."""
        return self.offered.reads

    @property
    def writes_unasked(self) -> bool:
        """Whether the call may write without asking; the shop's tools that ask are marked destructive."""
        hints = self.offered.tool.annotations
        return not self.reads and (hints is None or hints.destructive_hint is not True)

    def named(self) -> dict[str, str]:
        """Who called what."""
        return {"agent": self.agent, "server": self.offered.server, "tool": self.name}

    def as_event(self) -> dict[str, Any]:
        """The data of the `tool_call` event."""
        return {
            **self.named(),
            "arguments": self.arguments,
            "injected": list(self.offered.injected),
            "unasked": self.writes_unasked,
        }


async def call_shop(call: ToolCall, client: CustomerClient, turn: Turn) -> Answer:
    """Call the tool; if this turn's answer belongs to this call, complete it with that answer."""
    try:
        given = None if turn.log.settled else turn.request.answer
        if given is not None and (given.question.tool, given.question.arguments) == (call.name, call.arguments):
            return await _finish(call, client, turn, given)
        return await _first(call, client, turn)
    except ServerUnreachableError:
        turn.log.call(Reached.NOT_READ if call.reads else Reached.NOT_KNOWN)
        return Answer(UNREACHABLE + ("" if call.reads else UNKNOWN_OUTCOME), is_error=True, lost="unreachable")
    except asyncio.CancelledError:
        # The turn was stopped in the middle of the call.
        if not call.reads:
            turn.log.call(Reached.NOT_KNOWN)
        raise
    except MCPError as error:
        return Answer(error.message, is_error=True)


async def _first(call: ToolCall, client: CustomerClient, turn: Turn) -> Answer:
    try:
        result = await client.call_tool(call.name, call.arguments)
    except ServerSlowError:
        # A second try would take as long again, and the customer does not have that time.
        raise
    except ServerUnreachableError:
        if not call.reads:
            raise
        turn.log.steps.metrics.tool_retries.labels(call.offered.server, call.name).inc()
        result = await client.call_tool(call.name, call.arguments)
    return _read(call, result, turn)


async def _finish(call: ToolCall, client: CustomerClient, turn: Turn, given: CustomerAnswer) -> Answer:
    question, yes = given.question, given.yes
    said = ElicitResult(action="accept", content={"confirm": True}) if yes else ElicitResult(action="decline")
    try:
        result = await client.call_tool(
            call.name,
            call.arguments,
            request_state=question.request_state,
            input_responses=dict.fromkeys(question.keys, said),
        )
    except MCPError as error:
        if not isinstance(error.data, dict) or error.data.get("reason") != INVALID_STATE:
            raise
        # The request state has expired: a no needs nothing more, a yes must be asked for again.
        turn.log.settle()
        return await _first(call, client, turn) if yes else Answer(DECLINED, is_error=True)
    turn.log.settle()
    return _read(call, result, turn)


def _read(call: ToolCall, result: CallToolResult | InputRequiredResult, turn: Turn) -> Answer:
    turn.log.call(Reached.ANSWERED)
    if isinstance(result, InputRequiredResult):
        return Answer(WAITING, question=_question(call, result, turn))
    text = "\n".join(part.text for part in result.content if isinstance(part, TextContent))
    audit_id = (result.meta or {}).get(AUDIT_ID)
    structured = result.structured_content if isinstance(result.structured_content, dict) else None
    if audit_id is not None and structured is not None and structured.get("status") == DONE:
        turn.log.change(str(structured["summary"]))
    return Answer(
        text,
        bool(result.is_error),
        structured,
        None if audit_id is None else str(audit_id),
        looks=looks_in(result.meta),
    )


def _question(call: ToolCall, result: InputRequiredResult, turn: Turn) -> OpenQuestion:
    asked = result.input_requests or {}
    return OpenQuestion(
        id=new_question_id(),
        asker=call.agent,
        server=call.offered.server,
        tool=call.name,
        arguments=call.arguments,
        request_state=result.request_state,
        keys=list(asked),
        text="\n".join(request.params.message for request in asked.values() if isinstance(request, ElicitRequest)),
        language=turn.language,
        expires_at=now() + EXPIRES,
    )
