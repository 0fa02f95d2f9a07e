"""Paging: the opaque cursor that a list returns for requesting its next page."""

import base64
import binascii
import json

from storage.errors import WrongRequestError

LARGEST = 2**63 - 1
"""The largest number that fits a column; no list returns a larger one."""


class BadCursorError(WrongRequestError):
    """The cursor does not come from this list."""

    def __init__(self) -> None:
        super().__init__("This cursor does not belong to this list. Call without a cursor to start at the first page.")


def to_cursor(*key: str | int) -> str:
    """Return the cursor of the page after the row with this key."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def from_cursor(cursor: str, *kinds: type) -> list[str | int]:
    """Return the key in a cursor, whose parts must be of these kinds.

    Raises:
        BadCursorError: it is not a cursor of such a list.
    """
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise BadCursorError from error
    if not isinstance(key, list) or [type(part) for part in key] != list(kinds):
        raise BadCursorError
    if any(isinstance(part, int) and not 0 <= part <= LARGEST for part in key):
        raise BadCursorError
    return key


def place_in(owner: str, cursor: str | None) -> int:
    """Return how far into the parts of one row a cursor is, 0 without one; it was made by `to_cursor(owner, place)`.

    Raises:
        BadCursorError: it is a list's, or another row's.
    """
    if not cursor:
        return 0
    of, place = from_cursor(cursor, str, int)
    if of != owner:
        raise BadCursorError
    return int(place)
