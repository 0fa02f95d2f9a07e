"""Argument types that every server shares."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

LINE_BREAKS = "\r\n\t"


def one_line(value: str) -> str:
    """Refuse control characters and line breaks of every kind, which no id, name or address has."""
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in value):
        raise ValueError("must not have control characters or line breaks")
    return value


def several_lines(value: str) -> str:
    """Refuse control characters but line breaks and tabs."""
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in LINE_BREAKS for character in value):
        raise ValueError("must not have control characters")
    return value


OneLine = AfterValidator(one_line)
SeveralLines = AfterValidator(several_lines)

OrderId = Annotated[str, Field(description="Order id, such as '#W1042'", min_length=1, max_length=40), OneLine]
CustomerId = Annotated[str, Field(description="Staff only: whose", min_length=1, max_length=80), OneLine] | None
Cursor = Annotated[str, Field(description="next_cursor of the page before", max_length=200), OneLine] | None
Limit = Annotated[int, Field(ge=1, le=20)]
