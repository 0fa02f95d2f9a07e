"""A specialist's voice: its model, which stops when the turn does, and in whose place code can speak a line."""

import json
import secrets
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, Literal

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
from pydantic import BaseModel

from storage.reasons import Code, Reason
from team.crew.context import fitted, tokens_of_tools
from team.crew.reply import CALL_CUT, TOO_LONG, UNREADABLE, best_of, may_be_shown, readable, told, trouble_of, usable
from team.models.asking import ask
from team.models.dialects.arguments import Offered
from team.models.dialects.line import offered_in
from team.models.fault import Fault, NobodyAnswersError, UnreadableReplyError, parsed
from team.models.models import Model, Models
from team.turn.notes import Notes
from team.turn.parts import says_nothing
from team.turn.trouble import Trouble
from team.turn.turn import StoppedError, Turn, since
from team.words.guardrails import MARKS
from team.words.language import say

ROOM_HELPS = frozenset({TOO_LONG, CALL_CUT})
"""After these the next try may be twice as long; after a reply that repeated itself it may not."""

CALL_MEANT = frozenset({UNREADABLE, CALL_CUT})
"""After these the next try must be a call, where the endpoint can be told so."""

USAGE = {"stream_options": {"include_usage": True}}


class Voice(ChatCompletionClient):
    """What AutoGen asks for a specialist's next line."""

    component_type = "model"

    def __init__(self, agent: str, role: str, models: Models, turn: Turn, prompt: str, notes: Notes) -> None:
        self.agent = agent
        self.role = role
        self.models = models
        self.turn = turn
        self.prompt = prompt
        self.notes = notes
        self._lines: list[CreateResult] = []
        self._asked_at = 0.0
        self.beside = ""
        """What the model said in the same reply as its last call."""

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
            yield self._closing(self._lines.pop(0))
            return
        line = await self._line(messages, tools, tool_choice, extra_create_args)
        if tool_choice == "none" and not isinstance(line.content, str):
            self.turn.log.fail(Trouble.LOOPED)
            line = _spoken(say(Trouble.LOOPED, self.turn.language))
        yield self._closing(line)

    def _closing(self, line: CreateResult) -> CreateResult:
        """The last line of a turn ends with its question, so that whoever reads the conversation later knows it."""
        log = self.turn.log
        asked = log.question
        if not isinstance(line.content, str):
            self.beside = line.thought or ""
        if asked is None or log.handoff is not None or not isinstance(line.content, str):
            return line
        said = log.beside if says_nothing(line.content) else line.content
        return line.model_copy(update={"content": f"{said}\n\n{asked.text}".strip()})

    async def _line(
        self,
        messages: Sequence[LLMMessage],
        tools: Sequence[Tool | ToolSchema],
        tool_choice: Tool | Literal["auto", "required", "none"],
        extra: Mapping[str, Any],
    ) -> CreateResult:
        """Return the model's next line; where none answers, an honest sentence, so that AutoGen's state is kept."""

        async def call(model: Model, nudge: str) -> CreateResult:
            args: dict[str, Any] = {**USAGE, **extra, **({"parallel_tool_calls": False} if tools else {})}
            if nudge in ROOM_HELPS:
                args["max_tokens"] = 2 * model.limits.max_tokens
            client = self.models.client(model)
            room = model.endpoint.context_tokens - args.get("max_tokens", model.limits.max_tokens)
            sent = fitted(told(messages, nudge), self.notes, room - tokens_of_tools(tools))
            must = "required" if tools and tool_choice == "auto" and nudge in CALL_MEANT else tool_choice
            return await self._heard(
                model,
                offered_in(tools),
                client.create_stream(sent, tools=tools, tool_choice=must, extra_create_args=args),
            )

        try:
            return await ask(self.models, self.role, self.turn, call, self._failed)
        except StoppedError:
            return _spoken(say(self.turn.log.trouble or Trouble.STOPPED, self.turn.language))
        except NobodyAnswersError as error:
            if (text := best_of(error.line, self.turn.language)) is None:
                trouble = trouble_of(error.line, self.turn.language)
                self.turn.log.fail(trouble)
                text = say(trouble, self.turn.language)
            return _spoken(text)

    async def _heard(
        self, model: Model, offered: Offered, asked: AsyncGenerator[str | CreateResult, None]
    ) -> CreateResult:
        self._asked_at = time.monotonic()
        heard = await self.turn.unless_stopped(self._read(asked))
        line = readable(usable(heard, offered), self.turn.language, self.turn.secrets, self.prompt)
        await self._record(model, line.usage, {"stand_in": await self.models.is_stand_in(model.endpoint)})
        return line

    async def _read(self, asked: AsyncGenerator[str | CreateResult, None]) -> CreateResult:
        """Read a reply to its end, and let the page show the words as they come; AutoGen gets the whole line.

        Raises:
            TimeoutError: nothing came for longer than the role waits.
            RepeatsError: it repeats itself.
            UnreadableReplyError: the reply has no end, or another shape than it should.
        """
        line = None
        self.turn.log.begin_line()
        async for heard in parsed(asked):
            if not isinstance(heard, str):
                line = heard
                continue
            self.turn.log.write(heard)
            # What comes beside a question is shown when nothing that invites an answer is left in it.
            if self.turn.log.question is None and may_be_shown(self.turn.log.written[-1]):
                self.turn.log.show("token", agent=self.agent, text=heard.translate(MARKS))
        if line is None:
            raise UnreadableReplyError(Reason(Code.ENDLESS))
        return line

    async def _failed(self, model: Model, fault: Fault) -> None:
        await self._record(model, fault.usage, {"stand_in": False, **fault.reason.as_fields("error")})

    async def _record(self, model: Model, usage: RequestUsage, more: dict[str, Any]) -> None:
        self.turn.log.spend(usage.prompt_tokens, usage.completion_tokens)
        self.turn.log.record(
            "model",
            agent=self.agent,
            role=self.role,
            **model.as_event(),
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            ms=since(self._asked_at),
            **more,
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
        spent = self.turn.log.spent
        return RequestUsage(spent.prompt_tokens, spent.completion_tokens)

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
