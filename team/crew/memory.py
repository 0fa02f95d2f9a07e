"""What a team remembers between turns: few enough words for a small model's context."""

from collections.abc import Mapping, Sequence
from typing import Any

REMEMBERED = 24
"""Messages of a conversation that a specialist still reads."""

CUSTOMER = "user"

State = Mapping[str, Any]


def remembered(state: State) -> dict[str, Any]:
    """Return AutoGen's team state without what no later turn reads."""
    return {**state, "agent_states": {name: _member(one) for name, one in state["agent_states"].items()}}


def _member(state: State) -> dict[str, Any]:
    if "agent_state" not in state:
        # The group's manager keeps every message for a selector prompt, which the router has in place of it.
        return {**state, "message_thread": []}
    if "llm_context" not in state["agent_state"]:
        # The desk says code's lines, whatever was said before.
        return {**state, "message_buffer": []}
    context = state["agent_state"]["llm_context"]
    messages = _since_their_last_message(context["messages"])
    agent_state = {**state["agent_state"], "llm_context": {**context, "messages": messages}}
    return {**state, "message_buffer": list(state["message_buffer"])[-REMEMBERED:], "agent_state": agent_state}


def _since_their_last_message(messages: Sequence[State]) -> list[State]:
    """Keep every message of the last turn; of those before it what was said, not the tools' results."""
    starts = [at for at, message in enumerate(messages) if message.get("source") == CUSTOMER]
    last = starts[-1] if starts else 0
    said = [message for message in messages[:last] if isinstance(message["content"], str)]
    return [*said[-REMEMBERED:], *messages[last:]]
