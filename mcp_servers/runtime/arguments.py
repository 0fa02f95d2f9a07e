"""Argument types that every server shares."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

LINE_BREAKS = "\n\t"


def one_line(value: str) -> str:
    """Refuse control characters, which no id, name or address has."""
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in value):
        raise ValueError("control characters are not allowed")
    return value


def several_lines(value: str) -> str:
    """Refuse control characters but line breaks and tabs."""
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in LINE_BREAKS for character in value):
        raise ValueError("control characters are not allowed")
    return value


OneLine = AfterValidator(one_line)
SeveralLines = AfterValidator(several_lines)

OrderId = Annotated[str, Field(description="Order id, such as '#W1042'", min_length=1, max_length=40), OneLine]
CustomerId = Annotated[str | None, Field(description="Staff only: whose", max_length=80)]
Cursor = Annotated[str | None, Field(description="next_cursor of the page before", max_length=200)]
Limit = Annotated[int, Field(ge=1, le=20)]
