"""Adapts a request to its endpoint: what it rejects is dropped, or sent under the name it knows."""

from collections.abc import Mapping, Sequence
from typing import Any

from storage.endpoints import Endpoint

PLAIN = frozenset({"type", "description", "enum", "const", "properties", "required", "items", "anyOf"})
CLOSED = "additionalProperties"
CHECKED_BY_THE_TOOL = frozenset(
    {"title", "examples", "pattern", "format", "minLength", "maxLength", "minimum", "maximum"}
    | {"exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems"}
)
"""vLLM accepts these in a strict schema; others reject them, so they are dropped there: the tool checks anyway."""

TELLING = frozenset({"user", "tool"})
"""The roles whose messages inform a model; the others are its prompt and its own messages."""

VLLM = "structured_outputs"


def as_taken(body: Mapping[str, Any], endpoint: Endpoint) -> dict[str, Any]:
    """Return the body of a completion request as the endpoint accepts it."""
    sent = endpoint.as_taken(body)
    if sent.get("tool_choice") == "required" and "tool_choice_required" not in endpoint.takes:
        sent["tool_choice"] = "auto"
    if "tools" in sent:
        kept = PLAIN | {CLOSED} | (CHECKED_BY_THE_TOOL if endpoint.choice == VLLM else frozenset())
        sent["tools"] = [_tool(tool, kept if "strict" in endpoint.takes else None) for tool in sent["tools"]]
    return sent


def told_in(messages: Sequence[Mapping[str, Any]]) -> str:
    """Return what a request gives its model to read: the messages of the customer, the desk and the tools."""
    return "\n".join(_words(one.get("content")) for one in messages if one["role"] in TELLING)


def _words(content: object) -> str:
    parts = content if isinstance(content, list) else [{"text": content}]
    return "\n".join(str(part.get("text") or "") for part in parts)


def _tool(tool: Mapping[str, Any], kept: frozenset[str] | None) -> dict[str, Any]:
    """Return a tool, strict if its schema allows that; `kept` are a strict schema's keywords, None for not strict."""
    function = {name: value for name, value in tool["function"].items() if name != "strict"}
    schema = None if kept is None else strict_schema(function.get("parameters", {}), kept)
    if schema is not None:
        function |= {"parameters": schema, "strict": True}
    return {**tool, "function": function}


def strict_schema(schema: Mapping[str, Any], kept: frozenset[str]) -> dict[str, Any] | None:
    """Return the schema in a form that can constrain a model's output exactly; None if it allows more than that.

    In each of its objects every property must be required, and no others allowed.
    """
    if not set(schema) <= PLAIN | CHECKED_BY_THE_TOOL | {CLOSED}:
        return None
    made = {name: value for name, value in schema.items() if name in kept}
    properties = made.get("properties", {})
    is_object = made.get("type") == "object" or "properties" in made
    if is_object and (made.get(CLOSED) is not False or set(made.get("required", [])) != set(properties)):
        return None
    named = {name: strict_schema(one, kept) for name, one in properties.items()}
    items = [strict_schema(made["items"], kept)] if "items" in made else []
    among = [strict_schema(one, kept) for one in made.get("anyOf", [])]
    if None in [*named.values(), *items, *among]:
        return None
    parts = {"properties": named, "items": next(iter(items), None), "anyOf": among}
    return made | {key: part for key, part in parts.items() if key in made}
