"""JSON schemas as OpenAPI has them: definitions under components, and the few shapes that are the page's own."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

Schema = dict[str, Any]
COMPONENTS = "#/components/schemas/"
DEFINITIONS = "#/$defs/"

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
TRUTH: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}
ANY_OBJECT: Schema = {"type": "object"}


def shape(**fields: Schema) -> Schema:
    """Return the schema of an object that has all these fields, and maybe others."""
    return {"type": "object", "properties": fields, "required": list(fields)}


def listed(item: Schema) -> Schema:
    """Return the schema of a list of these."""
    return {"type": "array", "items": item}


def or_null(schema: Schema) -> Schema:
    """Return the schema of a value that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(*values: str) -> Schema:
    """Return the schema of a text that is one of these."""
    return {"type": "string", "enum": list(values)}


def ref(name: str) -> Schema:
    """Return a reference to a component."""
    return {"$ref": f"{COMPONENTS}{name}"}


def hoisted(schema: Mapping[str, Any], prefix: str, components: dict[str, Any]) -> Schema:
    """Return a schema without definitions of its own; they become components, named after its tool."""
    for name, definition in schema.get("$defs", {}).items():
        components[f"{prefix}.{name}"] = _referring(definition, prefix)
    moved: Schema = _referring({key: value for key, value in schema.items() if key != "$defs"}, prefix)
    return moved


def _referring(value: Any, prefix: str) -> Any:  # noqa: ANN401 - a schema is any JSON
    if isinstance(value, list):
        return [_referring(one, prefix) for one in value]
    if not isinstance(value, dict):
        return value
    found = value.get("$ref")
    if isinstance(found, str) and found.startswith(DEFINITIONS):
        value = {**value, "$ref": f"{COMPONENTS}{prefix}.{found.removeprefix(DEFINITIONS)}"}
    return {key: _referring(one, prefix) for key, one in value.items()}


def body_schema(model: type[BaseModel], components: dict[str, Any]) -> Schema:
    """Return the schema of a route's body."""
    return hoisted(model.model_json_schema(), model.__name__, components)


ERROR = {
    **shape(error={**TEXT, "description": "One line for a person"}, code={**TEXT, "description": "What went wrong"}),
    "description": "Why a request was refused. With 429, `wait_s` and `Retry-After` say when to come back.",
}
ERROR["properties"] |= {"wait_s": WHOLE, "confirm_url": {**TEXT, "description": "The question as it is now"}}

QUESTION = {
    **shape(
        status={"const": "needs_confirmation"},
        summary={**TEXT, "description": "What would be changed"},
        tool=TEXT,
        arguments=ANY_OBJECT,
        confirm_url={**TEXT, "description": "Where its person says yes or no, logged in"},
        result_url={**TEXT, "description": "What came of it, for the program that asked"},
        expires_at=TIME,
    ),
    "description": "Nothing is changed yet. Show the person the link; then read result_url, or repeat the call.",
}
OPEN_QUESTION = {
    **shape(question_id=TEXT, text=TEXT, expires_at=TIME),
    "description": "Asked in the chat: the customer's next message may be their yes or no.",
}
SAID = shape(
    role=TEXT,
    text=TEXT,
    at=TIME,
    image_ids=listed(TEXT),
    question_id=or_null(TEXT),
)
CONVERSATION = shape(id=TEXT, title=TEXT, language=TEXT, created_at=TIME, updated_at=TIME)
ANSWER = shape(
    conversation_id=TEXT,
    text={**TEXT, "description": "All that the team said, the question included"},
    messages=listed(ref("Said")),
    question=or_null(ref("OpenQuestion")),
    status=one_of("done", "asked", "stopped", "failed", "lost"),
    language=TEXT,
)
OUTCOME = shape(status=one_of("done", "declined"), summary=TEXT)

NAMED: dict[str, Schema] = {
    "Error": ERROR,
    "Question": QUESTION,
    "OpenQuestion": OPEN_QUESTION,
    "Said": SAID,
    "Conversation": CONVERSATION,
    "Answer": ANSWER,
    "Outcome": OUTCOME,
}
"""The components that every document has."""
