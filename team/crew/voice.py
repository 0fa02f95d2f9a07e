"""A specialist's voice: its model, stopped when the turn stops, and lines that code speaks in its place."""

import json
import secrets
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

from team.crew.checking.claims import Checker
from team.crew.context import fitted, tokens_of_tools
from team.crew.evidence import Evidence
from team.crew.hearing import Hearing
from team.crew.reply import CALL_CUT, DECLINED, ECHOED, LOOK_UP, TOO_LONG, UNREADABLE, ReplyCheck, told, trouble_of
from team.models.asking import ask
from team.models.dialects.line import offered_in, schema_of
from team.models.fault import NobodyAnswersError
from team.models.models import Model, Models
from team.roster import Specialist
from team.tools.servers import Tools
from team.turn.handoff import HAND_OVER
from team.turn.notes import Notes
from team.turn.parts import says_nothing
from team.turn.trouble import Trouble
from team.turn.turn import StoppedError, Turn

ROOM_HELPS = frozenset({TOO_LONG, CALL_CUT})
"""After these, the next attempt may be twice as long; not after a reply that repeated itself."""

CALL_MEANT = frozenset({UNREADABLE, CALL_CUT})
"""After these, the next attempt must be a tool call, if the endpoint can require one."""

USAGE = {"stream_options": {"include_usage": True}}


class Voice(ChatCompletionClient):
    """What AutoGen calls to get a specialist's next line."""

    component_type = "model"

    def __init__(
        self,
        specialist: Specialist,
        models: Models,
        turn: Turn,
        prompt: str,
        notes: Notes,
        tools: Tools,
        evidence: Evidence,
    ) -> None:
        self.agent = specialist.name
        self.role = specialist.role
        self.models = models
        self.turn = turn
        self.prompt = prompt
        self.notes = notes
        self.shop = tools
        self.evidence = evidence
        self.checker = Checker(specialist.name, specialist.role, models, turn)
        self._lines: list[CreateResult] = []
        self._hearing = Hearing(specialist, models, turn)

    @property
    def beside(self) -> str:
        """The text in the same reply as the model's last call."""
        return self._hearing.beside

    def say(self, text: str) -> None:
        """Queue this text as the next line, word for word."""
        self._lines.append(_spoken(text))

    def call(self, tool: str, arguments: dict[str, Any]) -> None:
        """Queue this tool call as the next line."""
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
        """Yield the next line: one queued by code, or the model's as it streams."""
        if self._lines:
            self._hearing.beside = ""
            yield self._closing(self._lines.pop(0))
            return
        line = await self._line(messages, tools, tool_choice, extra_create_args)
        if tool_choice == "none" and not isinstance(line.content, str):
            self.turn.log.fail(Trouble.LOOPED)
            line = _spoken("")
        yield self._closing(line)

    def _closing(self, line: CreateResult) -> CreateResult:
        """End the turn's last line with its question, so that whoever reads the conversation later sees it."""
        log = self.turn.log
        asked = log.question
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
        """Return the model's next line; if there is none, an empty one, with the trouble recorded in the log."""
        check = ReplyCheck(self.turn, self.prompt, offered_in(tools), self.evidence, self.checker)
        must_look_up = False

        async def call(model: Model, nudge: str) -> CreateResult:
            nonlocal must_look_up
            must_look_up = must_look_up or nudge in {LOOK_UP, DECLINED, ECHOED}
            offered, choice = tools, tool_choice
            if tools and tool_choice == "auto" and (must_look_up or nudge in CALL_MEANT):
                offered, choice = self._that_read(tools) if must_look_up else tools, "required"
            args: dict[str, Any] = {**USAGE, **extra, **({"parallel_tool_calls": False} if offered else {})}
            if nudge in ROOM_HELPS:
                args["max_tokens"] = 2 * model.limits.max_tokens
            client = self.models.client(model)
            room = model.endpoint.context_tokens - args.get("max_tokens", model.limits.max_tokens)
            sent = fitted(told(messages, nudge), self.notes, room - tokens_of_tools(offered))
            reply = client.create_stream(sent, tools=offered, tool_choice=choice, extra_create_args=args)
            return await self._hearing.heard(model, reply, check)

        try:
            return await ask(self.models, self.role, self.turn, call, self._hearing.failed)
        except StoppedError:
            return _spoken("")
        except NobodyAnswersError as error:
            self.turn.log.fail(trouble_of(error.line, self.turn.language))
            return _spoken("")

    def _that_read(self, tools: Sequence[Tool | ToolSchema]) -> Sequence[Tool | ToolSchema]:
        """Return the read-only tools and the handoff: a call that is forced must not change anything.

        If none of the tools is read-only, there is nothing to look up with, so return all of them.
        """
        reading = {name for name, offered in self.shop.offered.items() if offered.reads}
        return [tool for tool in tools if schema_of(tool)["name"] in {*reading, HAND_OVER}] or tools

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
        """Return the next line in one piece."""
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
        """Estimate how many tokens remain for a reply."""
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
