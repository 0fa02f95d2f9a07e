"""The specialists: one file each in agents/ or in an installed package. A new file adds a specialist."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import frontmatter

from storage.settings import CannotStartError

AGENTS = Path(__file__).resolve().parent / "agents"
GROUP = "shopdesk.agents"
"""Entry points of packages that bring specialists: any name, and the package that contains their `*.md` files."""

FALLBACK = "TicketDesk"
REMINDED = ("always", "picture", "order", "no_order")
"""When a reminder applies: to every message, to one with a picture, to one that names an order, or to one without."""


class AgentFileError(CannotStartError):
    """A specialist's file lacks something the team needs."""

    def __init__(self, place: str, missing: str) -> None:
        super().__init__(f"{place} has no {missing}. A specialist needs name, description, role, tools, and a prompt.")


class ReminderError(CannotStartError):
    """A specialist's file has a reminder under an unknown condition."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} has a `remind` that is not a table of sentences for {', '.join(REMINDED)}. Fix it.")


class SameSpecialistError(CannotStartError):
    """Two files describe a specialist of the same name."""

    def __init__(self, name: str, first: str, second: str) -> None:
        super().__init__(f"Two specialists are called {name}: {first} and {second}. Rename or remove one of them.")


class NoAgentsError(CannotStartError):
    """The package named by an entry point contains no specialist."""

    def __init__(self, package: str, problem: str) -> None:
        super().__init__(f"The entry point {package} of {GROUP} brings no specialist: {problem}. Fix or uninstall it.")


@dataclass(frozen=True)
class Specialist:
    """One member of the team: what the router reads, which model role speaks for it, and which tools it has."""

    name: str
    description: str
    role: str
    tools: tuple[str, ...]
    prompt: str
    place: str
    brief: str = ""
    """What their colleagues read about them, in a few words; defaults to the description."""
    reminders: Mapping[str, str] = field(default_factory=dict)
    """Rules repeated next to a message, keyed by when they apply: one of `REMINDED`."""

    def may_use(self, server: str, tool: str) -> bool:
        """Whether its file names this tool, or all tools of the server."""
        return f"{server}.{tool}" in self.tools or f"{server}.*" in self.tools


def load_roster(folder: Path = AGENTS) -> dict[str, Specialist]:
    """Return every specialist by name: those in the folder, then those of installed packages.

    Raises:
        AgentFileError: a file lacks a field or the prompt.
        ReminderError: a file has a reminder under an unknown condition.
        SameSpecialistError: two files describe a specialist of the same name.
        NoAgentsError: a package declares specialists but contains none.
    """
    own = [(f"team/agents/{path.name}", path.read_text(encoding="utf-8-sig")) for path in sorted(folder.glob("*.md"))]
    found: dict[str, Specialist] = {}
    for place, text in [*own, *_of_packages()]:
        specialist = _read(place, text)
        if specialist.name in found:
            raise SameSpecialistError(specialist.name, found[specialist.name].place, place)
        found[specialist.name] = specialist
    return found


def _of_packages() -> Iterator[tuple[str, str]]:
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.value):
        pages = _pages(point.value)
        if not pages:
            raise NoAgentsError(point.value, "it has no *.md file")
        yield from ((f"{point.value}/{page.name}", page.read_text(encoding="utf-8-sig")) for page in pages)


def _pages(package: str) -> list[Traversable]:
    try:
        found = [page for page in files(package).iterdir() if page.name.endswith(".md")]
    except Exception as error:
        # Another package may raise anything while it is imported; startup fails and names that package.
        raise NoAgentsError(package, f"{type(error).__name__}: {' '.join(str(error).split())}") from error
    return sorted(found, key=lambda page: page.name)


def _read(place: str, text: str) -> Specialist:
    page = frontmatter.loads(text)
    for needed in ("name", "description", "role", "tools"):
        if not page.get(needed):
            raise AgentFileError(place, needed)
    if not page.content.strip():
        raise AgentFileError(place, "prompt")
    return Specialist(
        name=str(page["name"]),
        description=str(page["description"]),
        role=str(page["role"]),
        tools=_listed(place, page["tools"]),
        prompt=page.content.strip(),
        place=place,
        brief=str(page.get("brief") or page["description"]),
        reminders=_reminders(place, page.get("remind") or {}),
    )


def _reminders(place: str, table: object) -> dict[str, str]:
    if not isinstance(table, dict) or not set(table) <= set(REMINDED):
        raise ReminderError(place)
    return {when: str(rule) for when, rule in table.items()}


def _listed(place: str, tools: object) -> tuple[str, ...]:
    if not isinstance(tools, list):
        raise AgentFileError(place, "list of tools")
    return tuple(str(tool) for tool in tools)
