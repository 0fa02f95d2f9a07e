"""Argument types that every server shares."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

from storage.characters import cleaned, is_blank
from storage.sensitive.masking import masked
from storage.shop.spelling import without_unseen

LINE_BREAKS = "\r\n\t"
TURNS = {"LRE", "RLE", "LRO", "RLO", "LRI", "RLI", "FSI"}
"""What begins another direction of writing, and makes a text read otherwise than it is stored."""


def one_line(value: str) -> str:
    """Reject control characters and all line breaks, which no id, name or address contains."""
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in value):
        raise ValueError("must not contain control characters or line breaks")
    return _in_words(value)


def typed_id(value: str) -> str:
    """Drop what nobody sees from an id or a name, and the space around it; the rest is one line, in one direction."""
    turned = any(unicodedata.bidirectional(character) in TURNS for character in value)
    return one_line(value if turned or is_blank(value) else without_unseen(value))


def one_line_or_none(value: str) -> str:
    """Treat blank text as nothing, and anything else as one line."""
    return "" if is_blank(value) else one_line(value)


def several_lines(value: str) -> str:
    """Reject control characters except line breaks and tabs; remove what nobody sees, and mask what nobody may keep."""
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in LINE_BREAKS for character in value):
        raise ValueError("must not contain control characters")
    return masked(cleaned(_in_words(value))).text


def title(value: str) -> str:
    """Return one line of somebody's words, with card numbers, passwords and the like masked."""
    return masked(one_line(value)).text


def _in_words(value: str) -> str:
    """Reject invisible text; whether a text may be empty is decided by its minimum length."""
    if value and is_blank(value):
        raise ValueError("must not be only white space or invisible characters")
    return value


OneLine = AfterValidator(one_line)
TypedId = AfterValidator(typed_id)
OneLineOrNone = AfterValidator(one_line_or_none)
SeveralLines = AfterValidator(several_lines)
Title = AfterValidator(title)

OrderId = Annotated[str, Field(description="Order id, such as '#W1042'", min_length=1, max_length=40), TypedId]
CustomerId = Annotated[str, Field(description="Staff only: whose", min_length=1, max_length=80), TypedId] | None
Cursor = Annotated[str, Field(description="next_cursor of the page before", max_length=200), OneLine] | None
Limit = Annotated[int, Field(ge=1, le=20)]
