"""Finds the tool calls in a model's line, whether or not its server parsed them."""

import json
import secrets
from collections.abc import Sequence
from typing import Any

from autogen_core import FunctionCall
from autogen_core.models import CreateResult
from autogen_core.tools import Tool, ToolSchema

from team.models.dialects.arguments import NoObjectError, Offered, arguments_of
from team.models.dialects.shapes import offered_name
from team.models.dialects.written import calls_in, talks_of_calls, without_thinking

CUT = "length"
ALOUD = ("Thought:", "Question:")
"""How a model's remarks to itself start in the dialect that has `Action:`."""


def schema_of(tool: Tool | ToolSchema) -> ToolSchema:
    """Return a tool's schema. Asking whether it is AutoGen's `Tool`, a protocol, takes 300 times as long."""
    return tool if isinstance(tool, dict) else tool.schema


def offered_in(tools: Sequence[Tool | ToolSchema]) -> Offered:
    """Return the tools of a request by name, each with the schema of its arguments."""
    return {schema["name"]: dict(schema.get("parameters", {})) for schema in map(schema_of, tools)}


def with_calls(line: CreateResult, offered: Offered) -> CreateResult:
    """Return the line with each call as AutoGen needs it: a tool's name, a JSON object, and a unique id.

    A call written out in any dialect becomes a proper one; what cannot be parsed stays unchanged.
    """
    if not isinstance(line.content, str):
        cut = line.content[-1] if line.finish_reason == CUT else None
        calls = [call if call is cut and not call.arguments.strip() else _read(call, offered) for call in line.content]
        return line.model_copy(update={"content": calls, "thought": _beside(line.thought, offered)})
    if (written := calls_in(line.content, offered)) is None:
        return line
    calls = [_call(call.tool, call.arguments) for call in written.calls]
    update = {"content": calls, "finish_reason": "function_calls", "thought": _beside(written.before, offered)}
    return line.model_copy(update=update)


def is_readable(call: FunctionCall) -> bool:
    """Whether a call has a name and its arguments are a JSON object."""
    try:
        return bool(call.name) and isinstance(json.loads(call.arguments), dict)
    except ValueError:
        return False


def _read(call: FunctionCall, offered: Offered) -> FunctionCall:
    name = offered_name(call.name, offered) or call.name
    try:
        return _call(name, arguments_of(call.arguments), call.id)
    except NoObjectError:
        return call


def _call(name: str, arguments: dict[str, Any], known_as: str = "") -> FunctionCall:
    return FunctionCall(
        id=known_as or f"call_{secrets.token_hex(8)}",
        name=name,
        arguments=json.dumps(arguments, ensure_ascii=False),
    )


def _beside(said: str | None, offered: Offered) -> str | None:
    """Return the words next to a call that a customer may read; None if they belong to a call."""
    words = without_thinking(said or "").strip()
    return None if not words or words.startswith(ALOUD) or talks_of_calls(words, offered) else words
