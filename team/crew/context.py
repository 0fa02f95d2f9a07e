"""Keeps a prompt within the model's context: the oldest and longest parts are dropped first."""

import json
import string
from collections.abc import Sequence

from autogen_core.models import (
    AssistantMessage,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    LLMMessage,
    SystemMessage,
    UserMessage,
)
from autogen_core.tools import Tool, ToolSchema

from team.crew.desk_agent import DESK
from team.crew.memory import CUSTOMER
from team.models.dialects.line import schema_of
from team.turn.notes import Notes

BYTES_PER_TOKEN = 3
PER_MESSAGE = 16
"""Tokens a message takes besides its text: its role and name, and a call's id."""
USED = 0.9
"""Fraction of the budget that is used: tokens are estimated, not counted."""

LEFT_OUT = "Left out: the conversation is too long. Call the tool again if you need this."


def tokens_in(text: str) -> int:
    """Estimate a text's tokens, erring high: one per digit, one per Hangul syllable, one per three Latin letters."""
    digits = sum(map(text.count, string.digits))
    return digits + -(-(len(text.encode()) - digits) // BYTES_PER_TOKEN)


def tokens_of_tools(tools: Sequence[Tool | ToolSchema]) -> int:
    """Estimate how many tokens of the prompt the tools take."""
    return sum(tokens_in(json.dumps(schema_of(tool), ensure_ascii=False)) for tool in tools)


def fitted(messages: Sequence[LLMMessage], notes: Notes, budget: int) -> list[LLMMessage]:
    """Return the messages that fit into `budget` tokens, plus notes on the turns that were dropped.

    Dropped in this order until it fits: tool calls of earlier turns, their oldest messages, this turn's oldest tool
    results.
    """
    budget, scale = int(budget * USED), Scale()
    head: list[LLMMessage] = [message for message in messages if isinstance(message, SystemMessage)]
    rest: list[LLMMessage] = [message for message in messages if not isinstance(message, SystemMessage)]
    last = max((at for at, message in enumerate(rest) if _by_customer(message)), default=0)
    before, now = rest[:last], rest[last:]
    for shorter in (_without_calls, *[_without_oldest] * len(before)):
        if scale.weigh(_whole(head, before, now, notes)) <= budget:
            break
        before = shorter(before)
    while scale.weigh(whole := _whole(head, before, now, notes)) > budget and (shorter_now := _without_a_result(now)):
        now = shorter_now
    return whole


def _whole(head: list[LLMMessage], before: list[LLMMessage], now: list[LLMMessage], notes: Notes) -> list[LLMMessage]:
    told = notes.before(sum(map(_by_customer, before)))
    noted: list[LLMMessage] = [UserMessage(content=told, source=DESK)] if told else []
    return [*head, *noted, *before, *now]


def _by_customer(message: LLMMessage) -> bool:
    return isinstance(message, UserMessage) and message.source == CUSTOMER


def _without_calls(before: list[LLMMessage]) -> list[LLMMessage]:
    return [message for message in before if isinstance(message.content, str)]


def _without_oldest(before: list[LLMMessage]) -> list[LLMMessage]:
    return before[1:]


def _without_a_result(now: list[LLMMessage]) -> list[LLMMessage] | None:
    """Drop the oldest result that is longer than its placeholder; the latest stays."""
    long = [
        at for at, message in enumerate(now) if isinstance(message, FunctionExecutionResultMessage) and _long(message)
    ]
    if len(long) < 2:  # noqa: PLR2004 - the model answers from the latest
        return None
    return [_shortened(message) if at == long[0] else message for at, message in enumerate(now)]


def _long(message: FunctionExecutionResultMessage) -> bool:
    return any(len(one.content) > len(LEFT_OUT) for one in message.content)


def _shortened(message: LLMMessage) -> LLMMessage:
    if not isinstance(message, FunctionExecutionResultMessage):
        return message
    results: list[FunctionExecutionResult] = [one.model_copy(update={"content": LEFT_OUT}) for one in message.content]
    return FunctionExecutionResultMessage(content=results)


class Scale:
    """Estimates the tokens of messages; each message is weighed only once."""

    def __init__(self) -> None:
        # Keep the message as well: once it is freed, its id may be reused.
        self._weighed: dict[int, tuple[LLMMessage, int]] = {}

    def weigh(self, messages: Sequence[LLMMessage]) -> int:
        """Return the total tokens of the messages."""
        return sum(map(self._tokens, messages))

    def _tokens(self, message: LLMMessage) -> int:
        if id(message) not in self._weighed:
            self._weighed[id(message)] = (message, PER_MESSAGE + tokens_in(_text(message)))
        return self._weighed[id(message)][1]


def _text(message: LLMMessage) -> str:
    if isinstance(message.content, str):
        return message.content
    if isinstance(message, AssistantMessage):
        return "".join(f"{call.name}{call.arguments}" for call in message.content if not isinstance(call, str))
    return "".join(one.content if isinstance(one, FunctionExecutionResult) else str(one) for one in message.content)
