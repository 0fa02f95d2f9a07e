"""What the lint has found: where, what is wrong, and what to do."""

from dataclasses import dataclass
from pathlib import Path

from storage.settings import REPOSITORY


@dataclass(frozen=True)
class Finding:
    """One thing to mend."""

    place: str
    problem: str
    mend: str
    tool: str = ""

    def __str__(self) -> str:
        """Return the finding as one line, which begins with a file that an editor can open."""
        subject = f"{self.tool}: " if self.tool else ""
        return f"{self.place}: {subject}{self.problem}. {self.mend}."


def shown(path: Path) -> str:
    """Return a path as it is known in the repository; one outside of it stays whole."""
    return str(path.relative_to(REPOSITORY)) if path.is_relative_to(REPOSITORY) else str(path)
