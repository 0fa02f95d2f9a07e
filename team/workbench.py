"""A specialist's tools: what its file names, called as this turn's customer."""

import asyncio
import logging
import secrets
import time
from collections.abc import Mapping
from typing import Any

from autogen_core import CancellationToken
from autogen_core.tools import ParametersSchema, TextResultContent, ToolResult, ToolSchema, Workbench

from storage.audit import Audit
from team.particulars import without_particulars
from team.roster import Specialist
from team.tool_call import Answer, ToolCall, call_shop
from team.tool_servers import Connection, ShopTool
from team.turn import StoppedError, Turn, since
from team.voice import Voice

logger = logging.getLogger(__name__)

ASKED_ALREADY = "Not run: the customer is being asked about another change first."
STOPPED = "Stopped by the customer. It is not known whether this was done."
BROKEN = "Something went wrong while calling this tool. Tell the customer that it did not work."


class SpecialistWorkbench(Workbench):
    """The tools of one specialist for one turn. Calls run one at a time, and never raise."""

    component_type = "workbench"

    def __init__(self, specialist: Specialist, connection: Connection, voice: Voice, turn: Turn) -> None:
        self.agent = specialist.name
        self.client = connection.client
        self.voice = voice
        self.turn = turn
        self.tools = {
            name: offered for name, offered in connection.tools.items() if specialist.may_use(offered.server, name)
        }
        self._one_at_a_time = asyncio.Lock()

    async def list_tools(self) -> list[ToolSchema]:
        """Return the tools as AutoGen gives them to a model."""
        return [_schema(name, offered) for name, offered in self.tools.items()]

    async def call_tool(
        self,
        name: str,
        arguments: Mapping[str, Any] | None = None,
        cancellation_token: CancellationToken | None = None,
        call_id: str | None = None,
    ) -> ToolResult:
        """Call a tool, record the call and its result, and hand the text to the model."""
        async with self._one_at_a_time:
            try:
                answer = await self._recorded(call_id or secrets.token_hex(8), name, arguments)
            except Exception:
                logger.exception("Calling %s failed", name)
                answer = Answer(BROKEN, is_error=True)
        content = [TextResultContent(content=self._for_model(answer.text))]
        return ToolResult(name=name, result=[*content], is_error=answer.is_error)

    def _for_model(self, text: str) -> str:
        # By which account a visitor was recognized is known to code alone.
        caller = self.turn.caller
        return text if caller is None or not self.turn.in_chat else without_particulars(text, caller.subject)

    async def _recorded(self, call_id: str, name: str, arguments: object) -> Answer:
        if name not in self.tools:
            return Answer(f"Unknown tool: {name}", is_error=True)
        if not isinstance(arguments, dict):
            return Answer("The arguments must be a JSON object.", is_error=True)
        if self.turn.asked is not None:
            return Answer(ASKED_ALREADY, is_error=True)
        call = ToolCall(self.agent, self.tools[name], arguments)
        await self.turn.record("tool_call", call_id=call_id, **call.as_event())
        started = time.monotonic()
        answer = await self._answered(call)
        shown = {**answer.as_event(), **await self._written(answer.audit_id)}
        await self.turn.record("tool_result", call_id=call_id, **call.named(), **shown, ms=since(started))
        return answer

    async def _answered(self, call: ToolCall) -> Answer:
        try:
            answer = await self.turn.unless_stopped(call_shop(call, self.client, self.turn))
        except StoppedError:
            return Answer(STOPPED, is_error=True)
        if answer.question is not None:
            self.turn.asked = answer.question
            self.voice.say(answer.question.text)
        return answer

    async def _written(self, audit_id: str | None) -> dict[str, Any]:
        if audit_id is None:
            return {}
        async with self.turn.steps.sessions() as session:
            row = await session.get(Audit, audit_id)
        return {"audit_id": audit_id, "changes": [] if row is None else row.changes}

    async def start(self) -> None:
        """Nothing: the client is opened when it is needed."""

    async def stop(self) -> None:
        """Nothing: the conversation keeps its client."""

    async def reset(self) -> None:
        """Nothing: a workbench lives for one turn."""

    async def save_state(self) -> Mapping[str, Any]:
        """Return nothing: the open question is kept with the conversation."""
        return {}

    async def load_state(self, state: Mapping[str, Any]) -> None:
        """Load nothing."""


def _schema(name: str, offered: ShopTool) -> ToolSchema:
    given = offered.tool.input_schema
    parameters = ParametersSchema(
        type="object",
        properties=given.get("properties", {}),
        required=given.get("required", []),
        additionalProperties=False,
    )
    return ToolSchema(name=name, description=offered.tool.description or "", parameters=parameters)
