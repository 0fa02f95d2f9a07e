"""Errors for invalid arguments: which one and what it must be, in our words and without the value."""

from collections.abc import Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

MOST_TOLD = 5
OTHERWISE = "is not valid"

EXPECTED = {
    "missing": "is missing",
    "string_type": "must be text",
    "string_unicode": "must be valid Unicode text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "literal_error": "must be {expected}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "string_too_long": "may have at most {max_length} characters",
    "too_long": "may have at most {max_length} entries",
    "value_error": "{error}",
}
"""By pydantic's error type; pydantic's own messages are for programmers, and repeat the input."""


def told(error: ValidationError) -> str:
    """Return one line that says what is invalid."""
    problems = error.errors(include_input=False, include_url=False)
    told = "; ".join(dict.fromkeys(_problem(item) for item in problems[:MOST_TOLD]))
    more = len(problems) - MOST_TOLD
    return f"Invalid arguments: {told}{f'; and {more} more' if more > 0 else ''}."


def _problem(item: ErrorDetails) -> str:
    context = item.get("ctx", {})
    if item["type"] == "string_too_short":
        least = context["min_length"]
        return (
            f"{_place(item['loc'])} {'must not be empty' if least == 1 else f'must have at least {least} characters'}"
        )
    return f"{_place(item['loc'])} {EXPECTED.get(item['type'], OTHERWISE).format(**context)}"


def _place(location: Sequence[str | int]) -> str:
    name, *rest = location or ("the call",)
    return str(name) + "".join(f"[{part}]" for part in rest if isinstance(part, int))
