"""The specialists: one file each in agents/. A new file is a new specialist."""

from dataclasses import dataclass
from pathlib import Path

import frontmatter

AGENTS = Path(__file__).resolve().parent / "agents"
FALLBACK = "TicketDesk"


class AgentFileError(Exception):
    """A specialist's file lacks what the team needs to know."""

    def __init__(self, path: Path, missing: str) -> None:
        super().__init__(f"{path} has no {missing}. A specialist needs name, description, role, tools, and a prompt.")


@dataclass(frozen=True)
class Specialist:
    """One member of the team: what the router reads, which model role speaks for it, which tools it has."""

    name: str
    description: str
    role: str
    tools: tuple[str, ...]
    prompt: str

    def may_use(self, server: str, tool: str) -> bool:
        """Whether its file names this tool, or all tools of the server."""
        return f"{server}.{tool}" in self.tools or f"{server}.*" in self.tools


def load_roster(folder: Path = AGENTS) -> dict[str, Specialist]:
    """Return every specialist by name.

    Raises:
        AgentFileError: a file lacks a field or the prompt.
    """
    found = [_read(path) for path in sorted(folder.glob("*.md"))]
    return {specialist.name: specialist for specialist in found}


def _read(path: Path) -> Specialist:
    page = frontmatter.load(str(path))
    for field in ("name", "description", "role", "tools"):
        if not page.get(field):
            raise AgentFileError(path, field)
    if not page.content.strip():
        raise AgentFileError(path, "prompt")
    return Specialist(
        name=str(page["name"]),
        description=str(page["description"]),
        role=str(page["role"]),
        tools=_listed(path, page["tools"]),
        prompt=page.content.strip(),
    )


def _listed(path: Path, tools: object) -> tuple[str, ...]:
    if not isinstance(tools, list):
        raise AgentFileError(path, "list of tools")
    return tuple(str(tool) for tool in tools)
