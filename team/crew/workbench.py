"""A specialist's tools: those its file names, called on behalf of this turn's customer."""

import asyncio
import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autogen_core import CancellationToken
from autogen_core.tools import TextResultContent, ToolResult, ToolSchema, Workbench

from storage.db import reading
from storage.shop.audit import Audit
from storage.traces.conventions import EXECUTE_TOOL, OPERATION, TOOL, TOOL_CALL, TOOL_ERROR
from storage.traces.tracing import span
from team.crew.evidence import Evidence
from team.crew.reply import ReplyCheck
from team.crew.tool_call import Answer, ToolCall, call_shop
from team.crew.voice import Voice
from team.models.dialects.arguments import Offered
from team.roster import Specialist
from team.tools.servers import ShopTool, Tools
from team.turn.confirmations import MOST_NEXT, Waiting
from team.turn.handoff import HAND_OVER, Handoff, HandoffError, NobodyLeftError, hand_over_schema, read_handoff
from team.turn.notes import things_named
from team.turn.parts import asks_one_thing
from team.turn.turn import StoppedError, Turn, since
from team.words.citations import POLICIES, policies_in
from team.words.particulars import without_particulars

logger = logging.getLogger(__name__)

NEXT = "Waiting for the customer's answer to the first question. The shop asks about this one after it, and says so."
TOO_MANY_WAIT = "Not run: too many changes wait for an answer already. Say that they can ask for this one after them."
GO_ON = (
    " The shop asks them at the end of the answer: do not ask, and do not say it is done. "
    "Now answer what else they asked."
)
STOPPED = "Stopped by the customer. It is not known whether this was done."
MADE_UP = (
    "Not called: neither the customer nor any result told {named}. "
    "Use what was told, look it up with a tool, or ask the customer."
)
NOT_FOR_CUSTOMER = "Not handed over, because of `answer_so_far`. {why}"
BROKEN = "Something went wrong while calling this tool. Tell the customer that it did not work."


class SpecialistWorkbench(Workbench):
    """The tools of one specialist for one turn. Calls run one at a time and never raise."""

    component_type = "workbench"

    def __init__(
        self,
        specialist: Specialist,
        colleagues: Mapping[str, Specialist],
        tools: Tools,
        voice: Voice,
        turn: Turn,
        evidence: Evidence,
    ) -> None:
        self.specialist = specialist
        self.colleagues = colleagues
        self.shop = tools
        self.voice = voice
        self.turn = turn
        self.evidence = evidence
        self._one_at_a_time = asyncio.Lock()

    @property
    def tools(self) -> dict[str, ShopTool]:
        """The tools offered to the caller that this specialist may use."""
        may_use = self.specialist.may_use
        return {name: offered for name, offered in self.shop.offered.items() if may_use(offered.server, name)}

    @property
    def _check(self) -> ReplyCheck:
        offered: Offered = {name: {} for name in (*self.tools, HAND_OVER)}
        return ReplyCheck(self.turn, self.voice.prompt, offered, self.evidence, self.voice.checker)

    async def list_tools(self) -> list[ToolSchema]:
        """Return the tools as AutoGen gives them to a model."""
        handing = [hand_over_schema(self.colleagues)] if self.colleagues else []
        return [*(offered.sent for offered in self.tools.values()), *handing]

    async def call_tool(
        self,
        name: str,
        arguments: Mapping[str, Any] | None = None,
        cancellation_token: CancellationToken | None = None,
        call_id: str | None = None,
    ) -> ToolResult:
        """Call a tool, record the call and its result, and return the text for the model."""
        async with self._one_at_a_time:
            try:
                answer = await self._recorded(call_id or secrets.token_hex(8), name, arguments)
            except Exception:
                logger.exception("Calling %s failed", name)
                answer = Answer(BROKEN, is_error=True)
        content = [TextResultContent(content=self._for_model(answer.text))]
        return ToolResult(name=name, result=[*content], is_error=answer.is_error)

    def _for_model(self, text: str) -> str:
        # Only code may know which account a visitor was matched to.
        caller = self.turn.caller
        return text if caller is None or not self.turn.request.in_chat else without_particulars(text, caller.subject)

    async def _recorded(self, call_id: str, name: str, arguments: object) -> Answer:
        if name not in self.tools and name != HAND_OVER:
            return Answer(f"Unknown tool: {name}", is_error=True)
        if not isinstance(arguments, dict):
            return Answer("The arguments must be a JSON object.", is_error=True)
        if name == HAND_OVER:
            return await self._handed_over(arguments)
        call = ToolCall(self.specialist.name, self.tools[name], arguments)
        if unnamed := await self.evidence.unnamed(arguments, keeps_texts=call.writes_unasked):
            return Answer(MADE_UP.format(named=", ".join(unnamed)), is_error=True)
        log = self.turn.log
        log.speak_of(things_named(arguments))
        log.record("tool_call", call_id=call_id, **call.as_event())
        if not call.reads:
            # If the process dies now, the next one must know about this call.
            await log.kept()
        started = time.monotonic()
        answer = await self._traced(call, call_id)
        self.evidence.add_result(answer.text)
        for look in answer.looks:
            log.spend(look.prompt_tokens, look.completion_tokens)
            log.record("model", **look.as_event())
        if call.offered.server == POLICIES:
            self._note_policies(arguments, answer)
        shown = {**answer.as_event(), **await self._written(answer.audit_id)}
        log.record("tool_result", call_id=call_id, **call.named(), **shown, ms=since(started))
        return answer

    def _note_policies(self, arguments: Mapping[str, Any], answer: Answer) -> None:
        """Note which policies were read, and that the handbook seems not to say what was asked."""
        read = policies_in(answer.structured)
        self.turn.log.cite(read)
        if (answer.structured or {}).get("answered") is False:
            self.turn.log.ask_in_vain(str(arguments.get("query", "")), read)

    async def _traced(self, call: ToolCall, call_id: str) -> Answer:
        named = {OPERATION: EXECUTE_TOOL, TOOL: call.name, TOOL_CALL: call_id}
        with span(f"{EXECUTE_TOOL} {call.name}", named) as part:
            answer = await self._answered(call)
            if answer.is_error:
                part.fail(TOOL_ERROR)
        return answer

    async def _answered(self, call: ToolCall) -> Answer:
        started = time.monotonic()
        try:
            answer = await self.turn.unless_stopped(call_shop(call, self.shop.client, self.turn))
        except StoppedError:
            answer = Answer(STOPPED, is_error=True, lost="stopped")
        self.turn.log.steps.metrics.count_tool(call.offered.server, call.name, answer.end, time.monotonic() - started)
        return answer if answer.question is None else self._asks(answer)

    def _asks(self, answer: Answer) -> Answer:
        """Let the first question end this turn; further changes to confirm wait for its answer."""
        log = self.turn.log
        question, first = answer.question, log.question
        if question is None or (first is not None and first.same(question)):
            return replace(answer, question=None)
        if first is None:
            alone = asks_one_thing(log.parts[-1].text)
            log.ask(question, beside="" if alone else self.voice.beside)
            if alone:
                # There is nothing else to answer: no model is asked for the next line, and the question says it all.
                self.voice.say("")
            return replace(answer, text=answer.text + GO_ON)
        if len(first.then) >= MOST_NEXT:
            return Answer(TOO_MANY_WAIT, is_error=True)
        waiting = Waiting(asker=question.asker, tool=question.tool, arguments=question.arguments, text=question.text)
        if waiting not in first.then:
            log.wait(waiting)
        return Answer(NEXT)

    async def _handed_over(self, arguments: dict[str, Any]) -> Answer:
        """Hand the rest to another specialist, or say why that is not possible."""
        log = self.turn.log
        try:
            handoff = log.handoff or read_handoff(arguments, self.colleagues, log.spoke, self.turn.language)
        except HandoffError as error:
            if isinstance(error, NobodyLeftError):
                log.leave(str(arguments["remaining"]))
            return Answer(str(error), is_error=True)
        if (
            handoff.answered.strip()
            and (refusal := await self._check.last_refusal(handoff.answered, whole=False)) is not None
        ):
            return Answer(NOT_FOR_CUSTOMER.format(why=refusal.nudge), is_error=True)
        log.hand_over(handoff)
        self.voice.say(handoff.answered or f"{handoff.to} goes on.")
        log.record("handoff", **_shown(self.specialist.name, handoff))
        return Answer(f"{handoff.to} goes on.")

    async def _written(self, audit_id: str | None) -> dict[str, Any]:
        if audit_id is None:
            return {}
        async with reading(self.turn.log.steps.sessions) as session:
            row = await session.get(Audit, audit_id)
        return {"audit_id": audit_id, "changes": [] if row is None else row.changes}

    async def start(self) -> None:
        """Do nothing: the client is opened when needed."""

    async def stop(self) -> None:
        """Do nothing: the conversation keeps its client."""

    async def reset(self) -> None:
        """Do nothing: a workbench lives for one turn."""

    async def save_state(self) -> Mapping[str, Any]:
        """Return nothing: the open question is stored with the conversation."""
        return {}

    async def load_state(self, state: Mapping[str, Any]) -> None:
        """Load nothing."""


def _shown(agent: str, handoff: Handoff) -> dict[str, str]:
    """The data of the `handoff` event."""
    return {"from": agent, "to": handoff.to, "remaining": handoff.remaining, "answered": handoff.answered}
