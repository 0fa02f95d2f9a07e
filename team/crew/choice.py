"""Restricts a model's reply to one of several names, in the way its endpoint supports, and reads which one it chose."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from openai.types.chat import ChatCompletion
from openai.types.chat.chat_completion_message import ChatCompletionMessage

from storage.endpoints import Choice

TOP_LOGPROBS = 10
NAME = "name"
TOOL = "choose"
ROOM = 64
"""Tokens that a name may take, including the JSON around it."""


def constraint(choice: Choice, names: Sequence[str], max_tokens: int) -> dict[str, Any]:
    """Return the call arguments that restrict the reply to one of the names; `text` relies on the prompt alone.

    Log-probabilities are requested only where the reply starts with the name and the server is known to support them.
    """
    if choice == "structured_outputs":
        return {
            "max_tokens": max_tokens,
            "logprobs": True,
            "top_logprobs": TOP_LOGPROBS,
            "extra_body": {"structured_outputs": {"choice": list(names)}},
        }
    schema = {
        "type": "object",
        "properties": {NAME: {"type": "string", "enum": list(names)}},
        "required": [NAME],
        "additionalProperties": False,
    }
    room = {"max_tokens": max(max_tokens, ROOM)}
    if choice == "json_schema":
        named = {"name": TOOL, "schema": schema, "strict": True}
        return room | {"response_format": {"type": "json_schema", "json_schema": named}}
    if choice == "tool":
        tool = {"type": "function", "function": {"name": TOOL, "parameters": schema, "strict": True}}
        return room | {"tools": [tool], "tool_choice": {"type": "function", "function": {"name": TOOL}}}
    return room


def chosen(reply: ChatCompletion, names: Collection[str]) -> tuple[str, str]:
    """Return the name the model chose, empty unless it chose exactly one, and what it wrote."""
    written = _written(reply.choices[0].message) if reply.choices else ""
    if written in names:
        return written, written
    found = [name for name in names if name in _named(written)]
    return (found[0] if len(found) == 1 else ""), written


def _written(message: ChatCompletionMessage) -> str:
    for call in message.tool_calls or []:
        if call.type == "function":
            return call.function.arguments
    return (message.content or "").strip()


def _named(written: str) -> str:
    """Return the part of a reply that may hold the name: the field of a JSON reply, or else the whole text."""
    try:
        data = json.loads(written)
    except ValueError:
        return written
    return str(data.get(NAME, "")) if isinstance(data, dict) else ""
