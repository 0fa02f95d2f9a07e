"""A lint finding: where it is, what is wrong, and how to fix it."""

from dataclasses import dataclass
from pathlib import Path

from storage.settings import REPOSITORY


@dataclass(frozen=True)
class Finding:
    """One problem."""

    place: str
    problem: str
    mend: str
    tool: str = ""

    def __str__(self) -> str:
        """Return the finding as one line that starts with a file an editor can open."""
        subject = f"{self.tool}: " if self.tool else ""
        return f"{self.place}: {subject}{self.problem}. {self.mend}."


def shown(path: Path) -> str:
    """Return a path relative to the repository; one outside stays absolute."""
    return str(path.relative_to(REPOSITORY)) if path.is_relative_to(REPOSITORY) else str(path)
