"""What an ingest did, and its progress while it runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Progress = Callable[[str, int, int | None], None]
"""Called with the progress: what is counted (`files` read or `passages` indexed), how many, and the total if known."""


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
    left_out: Sequence[str] = ()
    """What was left out of a file, and why; a line for each file and reason."""
    notes: Sequence[str] = ()
    """What a shop should know of how a file was read."""
    lost: bool = False
    """Whether some of what was left out can be seen by a reader of its file."""
    mended: str = ""
    """A message about a damaged index, or nothing."""
