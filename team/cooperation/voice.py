"""A step's model as AutoGen asks it: the step's own endpoint, or one of the task's others in its place."""

import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Literal

from autogen_core import CancellationToken
from autogen_core.models import (
    ChatCompletionClient,
    CreateResult,
    LLMMessage,
    ModelCapabilities,
    ModelInfo,
    RequestUsage,
)
from autogen_core.tools import Tool, ToolSchema
from pydantic import BaseModel

from storage.reasons import Code, Reason
from team.cooperation.planning import PLAN, planning_args
from team.cooperation.plans import Planned
from team.cooperation.run import Run
from team.crew.context import fitted, tokens_of_tools
from team.crew.reply import answered, told
from team.crew.voice import ROOM_HELPS, USAGE
from team.models.asking import ask_in_order
from team.models.cached import hearing_cached
from team.models.dialects.line import offered_in
from team.models.fault import Fault, UnreadableReplyError, parsed
from team.models.models import Model
from team.turn.notes import Notes
from team.turn.turn import since


class OverBudgetError(Exception):
    """The task has used up its tokens."""


class StepVoice(ChatCompletionClient):
    """What AutoGen calls to get a step's next line. `spoke` is the model that wrote the last one."""

    component_type = "model"

    def __init__(self, run: Run, step: Planned) -> None:
        self.run = run
        self.step = step
        self.spoke: Model = run.candidates(step)[0]
        self.usage = RequestUsage(0, 0)
        self._asked_at = 0.0

    async def create(
        self,
        messages: Sequence[LLMMessage],
        *,
        tools: Sequence[Tool | ToolSchema] = [],
        tool_choice: Tool | Literal["auto", "required", "none"] = "auto",
        json_output: bool | type[BaseModel] | None = None,
        extra_create_args: Mapping[str, Any] = {},
        cancellation_token: CancellationToken | None = None,
    ) -> CreateResult:
        """Return the next line.

        Raises:
            NobodyAnswersError: no model gave a usable one.
            OverBudgetError: the task may not spend more.
            StoppedError: the task was stopped.
        """

        async def call(model: Model, nudge: str) -> CreateResult:
            if self.run.over_budget:
                raise OverBudgetError
            args: dict[str, Any] = {**USAGE, **({"parallel_tool_calls": False} if tools else {})}
            if self.step.name == PLAN:
                args |= planning_args(model.endpoint)
            if nudge in ROOM_HELPS:
                args["max_tokens"] = 2 * model.limits.max_tokens
            room = model.endpoint.context_tokens - args.get("max_tokens", model.limits.max_tokens)
            sent = fitted(told(messages, nudge), Notes(), room - tokens_of_tools(tools))
            reply = self.run.models.client(model).create_stream(
                sent, tools=tools, tool_choice=tool_choice, extra_create_args=args
            )
            self._asked_at = time.monotonic()
            with hearing_cached() as cached:
                line = await self.run.turn.unless_stopped(_read(reply))
            self._count(model, line.usage, "answered", cached.tokens)
            self.spoke = model
            return answered(line, offered_in(tools))

        return await ask_in_order(self.run.models, self.run.candidates(self.step), self.run.turn, call, self._failed)

    async def _failed(self, model: Model, fault: Fault) -> None:
        self._count(model, RequestUsage(0, 0), "failed")
        fields = fault.reason.as_fields("error")
        await self.run.record("step_failed", {"step": self.step.name, "model": model.key, **fields})

    def _count(self, model: Model, usage: RequestUsage, outcome: str, cached: int = 0) -> None:
        metrics, asked = self.run.turn.log.steps.metrics, (model.key, model.role)
        metrics.model_calls.labels(*asked, outcome, model.in_place_of).inc()
        metrics.model_seconds.labels(*asked).observe(since(self._asked_at) / 1000)
        metrics.model_tokens.labels(*asked, "prompt").inc(usage.prompt_tokens)
        metrics.model_tokens.labels(*asked, "completion").inc(usage.completion_tokens)
        metrics.model_tokens.labels(*asked, "cached").inc(cached)
        self.run.spent += usage.prompt_tokens + usage.completion_tokens
        self.usage = RequestUsage(
            self.usage.prompt_tokens + usage.prompt_tokens, self.usage.completion_tokens + usage.completion_tokens
        )

    def create_stream(
        self,
        messages: Sequence[LLMMessage],
        *,
        tools: Sequence[Tool | ToolSchema] = [],
        tool_choice: Tool | Literal["auto", "required", "none"] = "auto",
        json_output: bool | type[BaseModel] | None = None,
        extra_create_args: Mapping[str, Any] = {},
        cancellation_token: CancellationToken | None = None,
    ) -> AsyncGenerator[str | CreateResult, None]:
        """Steps are told whole, so nobody asks for this."""
        raise NotImplementedError("use create")

    async def close(self) -> None:
        """Leave the shared client open."""

    def actual_usage(self) -> RequestUsage:
        """What this step has used."""
        return self.usage

    def total_usage(self) -> RequestUsage:
        """What this step has used."""
        return self.usage

    def count_tokens(self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = []) -> int:
        """Estimate the tokens of a prompt."""
        return self.run.models.client(self.spoke).count_tokens(messages, tools=tools)

    def remaining_tokens(self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = []) -> int:
        """Estimate how many tokens remain for a reply."""
        return self.spoke.endpoint.context_tokens - self.count_tokens(messages, tools=tools)

    @property
    def capabilities(self) -> ModelCapabilities:
        """AutoGen's older name for `model_info`."""
        raise NotImplementedError("use model_info")

    @property
    def model_info(self) -> ModelInfo:
        """What the step's model can do."""
        return self.run.models.client(self.spoke).model_info


async def _read(reply: AsyncGenerator[str | CreateResult, None]) -> CreateResult:
    line = None
    async for heard in parsed(reply):
        line = heard if isinstance(heard, CreateResult) else line
    if line is None:
        raise UnreadableReplyError(Reason(Code.ENDLESS))
    return line
