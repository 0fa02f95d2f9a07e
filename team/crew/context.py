"""Keeping a prompt inside the model's context: what is oldest and longest is left out first."""

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
from team.turn.notes import Notes

BYTES_PER_TOKEN = 3
PER_MESSAGE = 16
"""What a message takes beside its words: its role and name, and of a call its id."""
USED = 0.9
"""Of the room there is: tokens are estimated, not counted."""

LEFT_OUT = "Left out: the conversation is too long. Call the tool again if you need this."


def tokens_in(text: str) -> int:
    """Estimate a text's tokens, rather too many: each digit is one, a Hangul syllable too, Latin letters are three."""
    digits = sum(map(text.count, string.digits))
    return digits + -(-(len(text.encode()) - digits) // BYTES_PER_TOKEN)


def tokens_of_tools(tools: Sequence[Tool | ToolSchema]) -> int:
    """Estimate what the tools take of the prompt."""
    schemas = [tool.schema if isinstance(tool, Tool) else tool for tool in tools]
    return sum(tokens_in(json.dumps(schema, ensure_ascii=False)) for schema in schemas)


def fitted(messages: Sequence[LLMMessage], notes: Notes, budget: int) -> list[LLMMessage]:
    """Return the messages that fit into `budget` tokens, with the notes on what stands in none of them.

    Left out are, until it fits: earlier turns' tool calls, their oldest messages, this turn's oldest tool results.
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
    """Leave out the oldest result that is longer than the words in its place; the latest stays."""
    long = [
        at for at, message in enumerate(now) if isinstance(message, FunctionExecutionResultMessage) and _long(message)
    ]
    if len(long) < 2:  # noqa: PLR2004 - the latest is what the model is to answer from
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
    """What messages take in tokens; each is weighed once, however often the others are asked about with it."""

    def __init__(self) -> None:
        # With the message itself: an id alone may be another message's later.
        self._weighed: dict[int, tuple[LLMMessage, int]] = {}

    def weigh(self, messages: Sequence[LLMMessage]) -> int:
        """Return the tokens of all of them together."""
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
