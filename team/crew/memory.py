"""What the team remembers: little enough between turns for a small model; within a turn, each line with its speaker."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from autogen_core.model_context import UnboundedChatCompletionContext
from autogen_core.models import AssistantMessage, LLMMessage, UserMessage

from team.crew.desk_agent import DESK, REST
from team.roster import Specialist
from team.turn.trouble import is_own_failure
from team.turn.turn import Turn

REMEMBERED = 24
"""How many messages of a conversation a specialist still reads."""

CUSTOMER = "user"
THEIRS = frozenset({CUSTOMER, REST})
"""Sources of the customer's own words: the customer, and the desk when it repeats a part of them."""

NAMES_AN_ORDER = re.compile(r"#\w|(?<![\w-])[A-Za-z]{0,2}\d{4,}(?![\w-])")

State = Mapping[str, Any]


class Memory(UnboundedChatCompletionContext):
    """A specialist's conversation as their model reads it.

    What colleagues said appears as the assistant's, just as the customer sees it. A reminder that applies to the
    current
    message follows directly after it.
    """

    def __init__(self, specialist: Specialist, colleagues: Collection[str], turn: Turn) -> None:
        super().__init__()
        self.specialist = specialist
        self.colleagues = colleagues
        self.turn = turn

    async def get_messages(self) -> list[LLMMessage]:
        """Return everything that was said, each line with its speaker."""
        lines = [self._as_said(line) for line in await super().get_messages() if not is_no_answer(line)]
        return beside_the_message(lines, self._reminder())

    def _as_said(self, line: LLMMessage) -> LLMMessage:
        if isinstance(line, UserMessage) and isinstance(line.content, str) and line.source in self.colleagues:
            return AssistantMessage(content=line.content, source=line.source)
        return line

    def _reminder(self) -> str:
        log = self.turn.log
        if not log.parts or self.turn.request.answer is not None:
            # A yes or no states no wish, and code makes the call that it confirms.
            return ""
        return reminder(self.specialist.reminders, log.parts[-1].text, pictures=bool(log.parts[-1].image_ids))


def reminder(rules: Mapping[str, str], text: str, *, pictures: bool) -> str:
    """Return those of a specialist's reminders that apply to a message; empty if none does."""
    named = "order" if NAMES_AN_ORDER.search(text) else "no_order"
    return " ".join(rules[fits] for fits in ("always", *(["picture"] if pictures else []), named) if fits in rules)


def beside_the_message(lines: Sequence[LLMMessage], said: str) -> list[LLMMessage]:
    """Insert the desk's reminder directly after the customer's last message."""
    theirs = [at for at, line in enumerate(lines) if isinstance(line, UserMessage) and line.source in THEIRS]
    if not said or not theirs:
        return list(lines)
    return [*lines[: theirs[-1] + 1], UserMessage(content=said, source=DESK), *lines[theirs[-1] + 1 :]]


def is_apology(content: object) -> bool:
    """Whether a line is the desk's notice of a failed turn, which no model may take for an answer."""
    return isinstance(content, str) and is_own_failure(content)


def is_no_answer(line: LLMMessage) -> bool:
    """Whether a line stands in for an answer that was never given."""
    return is_apology(line.content) or (isinstance(line, AssistantMessage) and line.content == "")


def remembered(state: State) -> dict[str, Any]:
    """Return AutoGen's team state without what no later turn reads."""
    return {**state, "agent_states": {name: _member(one) for name, one in state["agent_states"].items()}}


def _member(state: State) -> dict[str, Any]:
    if "agent_state" not in state:
        # The group's manager keeps every message for a selector prompt; we have a router instead.
        return {**state, "message_thread": []}
    if "llm_context" not in state["agent_state"]:
        # The desk speaks lines from code and ignores what was said before.
        return {**state, "message_buffer": []}
    context = state["agent_state"]["llm_context"]
    messages = _since_their_last_message(context["messages"])
    agent_state = {**state["agent_state"], "llm_context": {**context, "messages": messages}}
    return {**state, "message_buffer": list(state["message_buffer"])[-REMEMBERED:], "agent_state": agent_state}


def _since_their_last_message(messages: Sequence[State]) -> list[State]:
    """Keep every message of the last turn; of earlier turns keep the text, without tool calls and results."""
    starts = [at for at, message in enumerate(messages) if message.get("source") == CUSTOMER]
    last = starts[-1] if starts else 0
    said = [message for message in messages[:last] if isinstance(message["content"], str)]
    return [*said[-REMEMBERED:], *messages[last:]]
