"""A specialist's voice: its model, which stops when the turn does, and in whose place code can speak a line."""

import json
import re
import secrets
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Literal

import httpx2
from autogen_core import CancellationToken, FunctionCall
from autogen_core.models import (
    ChatCompletionClient,
    CreateResult,
    LLMMessage,
    ModelCapabilities,
    ModelInfo,
    RequestUsage,
)
from autogen_core.tools import Tool, ToolSchema
from openai import OpenAIError
from pydantic import BaseModel

from team.guardrails import MARKS
from team.language import say
from team.models import Model, Models
from team.turn import StoppedError, Turn, since

USAGE = {"stream_options": {"include_usage": True}}
MARKUP = "<tool_call>"
WRITTEN_CALL = re.compile(r"<tool_call>\s*(\{.*?\})\s*(?:</tool_call>|\Z)", re.DOTALL)


class Voice(ChatCompletionClient):
    """What AutoGen asks for a specialist's next line."""

    component_type = "model"

    def __init__(self, agent: str, role: str, models: Models, turn: Turn) -> None:
        self.agent = agent
        self.role = role
        self.models = models
        self.turn = turn
        self._lines: list[CreateResult] = []

    def say(self, text: str) -> None:
        """Let this be the next line, word for word."""
        self._lines.append(_spoken(text))

    def call(self, tool: str, arguments: dict[str, Any]) -> None:
        """Let the next line be this tool call."""
        call = FunctionCall(id=f"call_{secrets.token_hex(8)}", name=tool, arguments=json.dumps(arguments))
        self._lines.append(_spoken([call]))

    async def create_stream(
        self,
        messages: Sequence[LLMMessage],
        *,
        tools: Sequence[Tool | ToolSchema] = [],
        tool_choice: Tool | Literal["auto", "required", "none"] = "auto",
        json_output: bool | type[BaseModel] | None = None,
        extra_create_args: Mapping[str, Any] = {},
        cancellation_token: CancellationToken | None = None,
    ) -> AsyncGenerator[str | CreateResult, None]:
        """Yield the next line: code's own, or the model's as it is written."""
        if self._lines:
            yield self._lines.pop(0)
            return
        model = self.models.for_role(self.role)
        extra: dict[str, Any] = {**USAGE, **extra_create_args}
        if tools:
            extra["parallel_tool_calls"] = False
        asked = self.models.client(model).create_stream(
            messages, tools=tools, tool_choice=tool_choice, extra_create_args=extra
        )
        async for line in self._heard(model, asked):
            if tool_choice == "none" and isinstance(line, CreateResult) and not isinstance(line.content, str):
                self.turn.trouble = "looped"
                yield _spoken(say("looped", self.turn.language))
            else:
                yield line

    async def _heard(
        self, model: Model, asked: AsyncGenerator[str | CreateResult, None]
    ) -> AsyncGenerator[str | CreateResult, None]:
        started, written = time.monotonic(), ""
        try:
            while (line := await self.turn.unless_stopped(anext(asked, None))) is not None:
                if isinstance(line, str):
                    written += line
                    self._show(line, written)
                    yield line
                else:
                    await self._record(model, line.usage, started)
                    yield _with_written_call(line)
        except StoppedError:
            yield _spoken(say(self.turn.trouble or "stopped", self.turn.language))
        except (OpenAIError, httpx2.HTTPError, ValueError) as error:
            # A model that is down or talks garbage ends the turn with an honest sentence, and AutoGen's state is kept.
            self.turn.trouble = "model_down"
            await self._record(model, RequestUsage(0, 0), started, problem=f"{type(error).__name__}: {error}"[:300])
            yield _spoken(say("model_down", self.turn.language))

    def _show(self, piece: str, written: str) -> None:
        # Raw markup of a call that the model server did not parse is not for the customer's eyes.
        if MARKUP not in written:
            self.turn.show("token", agent=self.agent, text=piece.translate(MARKS))

    async def _record(self, model: Model, usage: RequestUsage, started: float, problem: str | None = None) -> None:
        ms = since(started)
        self.turn.count(usage.prompt_tokens, usage.completion_tokens)
        await self.turn.record(
            "model",
            agent=self.agent,
            role=self.role,
            **model.as_event(),
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            ms=ms,
            stand_in=problem is None and await self.models.is_stand_in(model.endpoint),
            **({"error": problem} if problem else {}),
        )

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
        """Return the next line whole."""
        async for line in self.create_stream(
            messages, tools=tools, tool_choice=tool_choice, extra_create_args=extra_create_args
        ):
            if isinstance(line, CreateResult):
                return line
        raise RuntimeError(f"{self.agent} was given no line to speak")

    async def close(self) -> None:
        """Leave the shared client open."""

    def actual_usage(self) -> RequestUsage:
        """What this turn has used."""
        return RequestUsage(self.turn.prompt_tokens, self.turn.completion_tokens)

    def total_usage(self) -> RequestUsage:
        """What this turn has used."""
        return self.actual_usage()

    def count_tokens(self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = []) -> int:
        """Estimate the tokens of a prompt."""
        return self.models.client(self.models.for_role(self.role)).count_tokens(messages, tools=tools)

    def remaining_tokens(self, messages: Sequence[LLMMessage], *, tools: Sequence[Tool | ToolSchema] = []) -> int:
        """Estimate how many tokens are left for a reply."""
        context = self.models.for_role(self.role).endpoint.context_tokens
        return context - self.count_tokens(messages, tools=tools)

    @property
    def capabilities(self) -> ModelCapabilities:
        """AutoGen's older name for `model_info`."""
        raise NotImplementedError("use model_info")

    @property
    def model_info(self) -> ModelInfo:
        """What the role's model can do."""
        return self.models.client(self.models.for_role(self.role)).model_info


def _spoken(content: str | list[FunctionCall]) -> CreateResult:
    reason: Literal["stop", "function_calls"] = "stop" if isinstance(content, str) else "function_calls"
    return CreateResult(finish_reason=reason, content=content, usage=RequestUsage(0, 0), cached=False)


def _with_written_call(line: CreateResult) -> CreateResult:
    """Make a call of one that the model wrote out and its server did not parse."""
    if not isinstance(line.content, str) or (found := WRITTEN_CALL.search(line.content)) is None:
        return line
    try:
        call = json.loads(found[1])
    except ValueError:
        return line
    if not isinstance(call, dict) or not isinstance(call.get("name"), str):
        return line
    arguments = json.dumps(call.get("arguments", {}))
    calls = [FunctionCall(id=f"call_{secrets.token_hex(8)}", name=call["name"], arguments=arguments)]
    return line.model_copy(update={"content": calls, "finish_reason": "function_calls"})
