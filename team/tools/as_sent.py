"""A tool as a small model is sent it: what it needs to call the tool, and nothing that only the server checks."""

from collections.abc import Mapping
from typing import Any

from autogen_core.tools import ParametersSchema, ToolSchema
from mcp.types import Tool

KEPT = ("type", "description", "enum", "const")
"""Keywords that say what to write. Of the others, such as a length or a pattern, a refusal tells where it matters."""

STAFF_ONLY = "Staff only:"
"""How the description begins of an argument that a customer cannot use."""

DEEPEST = 8
"""Definitions inside each other; a schema that goes on is of a thing that holds things of its own kind."""


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
        # To a schema that leaves nothing open an endpoint can hold the model letter for letter.
        parameters["additionalProperties"] = False
    return ToolSchema(name=tool.name, description=tool.description or "", parameters=parameters)


def _is_for_staff(schema: Mapping[str, Any]) -> bool:
    return str(schema.get("description", "")).startswith(STAFF_ONLY)


def _slim(schema: Mapping[str, Any], root: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """Return a schema without what only validates; what may be left out has the schema it has when it is not."""
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
    """Follow a reference to where the schema is; one that leads elsewhere than into its tool's is left alone."""
    name = str(schema.get("$ref", "")).removeprefix("#/$defs/")
    found = root.get("$defs", {}).get(name)
    return schema if found is None else {**found, **{key: one for key, one in schema.items() if key != "$ref"}}
