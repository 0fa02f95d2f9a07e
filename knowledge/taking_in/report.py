"""What an ingest did, and what it tells of itself while it runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Progress = Callable[[str, int, int | None], None]
"""Told how far it is: what is counted (`files` read or `passages` indexed), how many of them, of how many if known."""


def unwatched(_things: str, _done: int, _total: int | None) -> None:
    """Watch an ingest's progress without showing it."""


@dataclass(frozen=True)
class Report:
    """What an ingest did, by document."""

    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]
    refused: Sequence[str]
    unchanged: int
    indexed: int
    mended: str = ""
    """What is to be said of an index that was damaged; nothing where none was."""
