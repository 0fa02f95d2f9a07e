"""The tools of a task's steps: what reads is called as the person who asked; what writes waits for their yes."""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

from autogen_core import CancellationToken
from autogen_core.tools import TextResultContent, ToolResult, ToolSchema, Workbench

from storage.cooperation.writes import TaskWrite, write_key
from team.cooperation.plans import Planned
from team.cooperation.run import Run
from team.crew.tool_call import WAITING, Answer, ToolCall, call_shop
from team.tools.servers import ShopTool
from team.turn.confirmations import OpenQuestion
from team.words.language import say

NOT_DONE = f"{WAITING} It is not done: the person is asked when the answer is ready. Say so, and go on."
LONGEST_TOLD = 2_000
"""Characters of a result that its step tells."""


class StepWorkbench(Workbench):
    """The tools of one step. Calls of a step run one at a time."""

    component_type = "workbench"

    def __init__(self, run: Run, step: Planned) -> None:
        self.run = run
        self.step = step
        self._one_at_a_time = asyncio.Lock()

    @property
    def tools(self) -> dict[str, ShopTool]:
        """The caller's tools, of the servers that the task names."""
        named = self.run.asked.tools
        return {name: one for name, one in self.run.tools.offered.items() if named is None or one.server in named}

    async def list_tools(self) -> list[ToolSchema]:
        """Return the tools as AutoGen gives them to a model."""
        return [offered.sent for offered in self.tools.values()]

    async def call_tool(
        self,
        name: str,
        arguments: Mapping[str, Any] | None = None,
        cancellation_token: CancellationToken | None = None,
        call_id: str | None = None,
    ) -> ToolResult:
        """Call a tool and return its text; a change is written down as a question instead."""
        async with self._one_at_a_time:
            answer = await self._answered(name, dict(arguments or {}))
        return ToolResult(name=name, result=[TextResultContent(content=answer.text)], is_error=answer.is_error)

    async def _answered(self, name: str, arguments: dict[str, Any]) -> Answer:
        if name not in self.tools:
            return Answer(f"Unknown tool: {name}", is_error=True)
        call = ToolCall(self.step.name, self.tools[name], arguments)
        told = {"step": self.step.name, "server": call.offered.server, "tool": name}
        await self.run.record("step_call", {**told, "arguments": arguments})
        started = time.monotonic()
        answer = await self._asked_first(call) if call.writes_unasked else await self._called(call)
        metrics = self.run.turn.log.steps.metrics
        metrics.count_tool(call.offered.server, name, answer.end, time.monotonic() - started)
        shown = {"text": answer.text[:LONGEST_TOLD], "is_error": answer.is_error}
        await self.run.record("step_result", {**told, **shown})
        return answer

    async def _called(self, call: ToolCall) -> Answer:
        answer = await self.run.turn.unless_stopped(call_shop(call, self.run.tools.client, self.run.turn))
        if answer.question is None:
            return answer
        await self._ask(call, answer.question.text, answer.question)
        return Answer(NOT_DONE)

    async def _asked_first(self, call: ToolCall) -> Answer:
        """Ask about a change about which its server would not: several models might make it."""
        told = json.dumps(call.arguments, ensure_ascii=False)
        await self._ask(call, say("task_write", self.run.language, tool=call.name, arguments=told), None)
        return Answer(NOT_DONE)

    async def _ask(self, call: ToolCall, question: str, sealed: OpenQuestion | None) -> None:
        write = TaskWrite(
            key=write_key(call.name, call.arguments),
            step=self.step.name,
            server=call.offered.server,
            tool=call.name,
            arguments=call.arguments,
            question=question,
            sealed=None if sealed is None else sealed.request_state,
            names=[] if sealed is None else sealed.keys,
        )
        await self.run.ask_write(write)

    async def start(self) -> None:
        """Do nothing: the client is opened when needed."""

    async def stop(self) -> None:
        """Do nothing: others use the client too."""

    async def reset(self) -> None:
        """Do nothing: a workbench lives for one step."""

    async def save_state(self) -> Mapping[str, Any]:
        """Return nothing: questions are stored with the task."""
        return {}

    async def load_state(self, state: Mapping[str, Any]) -> None:
        """Load nothing."""
