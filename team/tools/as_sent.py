"""A tool as it is sent to a small model: what is needed to call it, without what only the server validates."""

from collections.abc import Mapping
from typing import Any

from autogen_core.tools import ParametersSchema, ToolSchema
from mcp.types import Tool

KEPT = ("type", "description", "enum", "const")
"""Keywords that say what to write. Others, such as a length or a pattern, appear in the tool's error if violated."""

STAFF_ONLY = "Staff only:"
"""How the description of an argument starts that customers cannot use."""

DEEPEST = 8
"""Nesting depth of definitions; a schema that goes deeper is recursive."""


def as_sent(tool: Tool, *, staff: bool) -> ToolSchema:
    """Return the tool's schema for a model that acts for staff, or for a customer."""
    schema = tool.input_schema
    inlined = {name: _slim(one, schema) for name, one in schema.get("properties", {}).items()}
    used = {name: one for name, one in inlined.items() if staff or not _is_for_staff(one)}
    required = [name for name in schema.get("required", []) if name in used]
    parameters = ParametersSchema(type="object", properties=used)
    if required:
        parameters["required"] = required
    if len(required) == len(used):
        # If every property is required, an endpoint can constrain the model's output to the schema exactly.
        parameters["additionalProperties"] = False
    return ToolSchema(name=tool.name, description=tool.description or "", parameters=parameters)


def _is_for_staff(schema: Mapping[str, Any]) -> bool:
    return str(schema.get("description", "")).startswith(STAFF_ONLY)


def _slim(schema: Mapping[str, Any], root: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """Return a schema without validation keywords; an optional value gets the schema it has when present."""
    schema = _resolved(schema, root)
    if depth > DEEPEST:
        return {"type": schema.get("type", "object")}
    kept = {name: schema[name] for name in KEPT if name in schema}
    branches = [one for one in schema.get("anyOf", schema.get("oneOf", [])) if one.get("type") != "null"]
    slim = [_slim(one, root, depth + 1) for one in branches]
    if len(slim) == 1:
        return slim[0] | kept
    inside: dict[str, Any] = {"anyOf": slim} if slim else {}
    if isinstance(schema.get("items"), dict):
        inside["items"] = _slim(schema["items"], root, depth + 1)
    if "properties" in schema:
        inside["properties"] = {name: _slim(one, root, depth + 1) for name, one in schema["properties"].items()}
        inside |= {"required": schema["required"]} if schema.get("required") else {}
    return kept | inside


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """Resolve a reference; one that points outside the tool's own definitions is left alone."""
    name = str(schema.get("$ref", "")).removeprefix("#/$defs/")
    found = root.get("$defs", {}).get(name)
    return schema if found is None else {**found, **{key: one for key, one in schema.items() if key != "$ref"}}
