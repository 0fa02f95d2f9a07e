"""Arguments that a model sends to say that it leaves them out: null, or an empty string."""

from collections.abc import Mapping
from typing import Any

from storage.characters import is_blank

Schema = Mapping[str, Any]


def without_left_out(arguments: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Return the arguments without those that need not be given, and were given as nothing: their defaults apply.

    What the tool requires stays, as does what it does not know: either is told in its own words.
    """
    required, known = schema.get("required", []), schema.get("properties", {})
    return {
        name: value
        for name, value in arguments.items()
        if name in required or name not in known or not _is_left_out(value, known[name])
    }


def _is_left_out(value: object, schema: Schema) -> bool:
    kinds = {schema.get("type"), *(one.get("type") for one in schema.get("anyOf", []))}
    if value is None:
        return "null" not in kinds
    if not isinstance(value, str) or not is_blank(value):
        return False
    # Where a text is the default, an empty one may be what is wanted in its place.
    default = schema.get("default")
    return not (isinstance(default, str) and default and "enum" not in schema)
