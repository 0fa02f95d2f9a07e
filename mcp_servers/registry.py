"""Finds the tool servers: every folder next to this file with a server.py, and those in installed packages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from mcp_servers.runtime.server import ToolServer
from storage.db import Sessions
from storage.settings import CannotStartError, Settings

FOLDER = Path(__file__).resolve().parent
GROUP = "shopdesk.servers"
"""A package's entry points: the server's name, and its module with a `build_server`."""

NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
LONGEST_NAME = 30
RESERVED = frozenset({"runtime", "registry", "shopdesk", "mcp", "servers", "health"})
"""Names taken by other folders here, by paths of the HTTP app, or by all servers together."""


class UnknownServerError(CannotStartError):
    """No folder or package has a tool server with this name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no tool server {name}. Available servers: {', '.join(known)}.")


class BadServerNameError(CannotStartError):
    """A name that cannot serve as a folder, a scope and part of a URL."""

    def __init__(self, name: str, place: str) -> None:
        super().__init__(
            f"{name!r} of {place} cannot be a tool server's name. Use up to {LONGEST_NAME} lower-case letters, digits "
            f"and single underscores, such as 'gift_cards', and none of {', '.join(sorted(RESERVED))}."
        )


class SameNameError(CannotStartError):
    """Two tool servers have the same name."""

    def __init__(self, name: str, places: Sequence[str]) -> None:
        super().__init__(f"Two tool servers are called {name}: {' and '.join(places)}. Rename or remove one of them.")


class BrokenServerError(CannotStartError):
    """A tool server's code does not load."""

    def __init__(self, found: "Found", problem: str) -> None:
        super().__init__(f"The tool server {found.name} of {found.place} does not load: {problem}. Fix or remove it.")


@dataclass(frozen=True)
class Found:
    """Where a tool server is: its name, the module with its `build_server`, and the folder or package it is in."""

    name: str
    module: str
    place: str


def own_names() -> list[str]:
    """Return the names of the tool servers in this folder, without those in other packages."""
    return sorted(path.parent.name for path in FOLDER.glob("*/server.py") if path.parent.name not in RESERVED)


def found_servers() -> dict[str, Found]:
    """Return every tool server by name, in alphabetical order.

    Raises:
        BadServerNameError: a name is invalid.
        SameNameError: two have the same name.
    """
    own = [Found(name, f"mcp_servers.{name}.server", f"mcp_servers/{name}") for name in own_names()]
    others = [Found(point.name, point.value, _package(point)) for point in entry_points(group=GROUP)]
    by_name: dict[str, Found] = {}
    for found in sorted([*own, *others], key=lambda found: found.name):
        require_server_name(found.name, found.place)
        if found.name in by_name:
            raise SameNameError(found.name, [by_name[found.name].place, found.place])
        by_name[found.name] = found
    return by_name


def require_server_name(name: str, place: str) -> None:
    """Check that a name can be a tool server's.

    Raises:
        BadServerNameError: it cannot.
    """
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME or name in RESERVED:
        raise BadServerNameError(name, place)


def server_names() -> list[str]:
    """Return the names of all tool servers, in alphabetical order."""
    return list(found_servers())


def chosen(names: Sequence[str]) -> list[str]:
    """Return these servers' names, or all if none are given.

    Raises:
        UnknownServerError: there is none of a name.
    """
    known = server_names()
    for name in names:
        if name not in known:
            raise UnknownServerError(name, known)
    return list(names) or known


def load_servers(names: Sequence[str], settings: Settings, sessions: Sessions) -> list[ToolServer]:
    """Import and build the tool servers of these names.

    Raises:
        UnknownServerError: there is none of a name.
        BrokenServerError: one does not load.
    """
    found = found_servers()
    for name in names:
        if name not in found:
            raise UnknownServerError(name, list(found))
    return [load_server(found[name], settings, sessions) for name in names or found]


def load_server(found: Found, settings: Settings, sessions: Sessions) -> ToolServer:
    """Import and build one tool server.

    Raises:
        BrokenServerError: its module does not import, has no `build_server`, or builds a server with another name.
    """
    module = _imported(found)
    if not hasattr(module, "build_server"):
        raise BrokenServerError(found, f"{found.module} has no build_server(settings, sessions)")
    server: ToolServer = module.build_server(settings, sessions)
    if server.name != found.name:
        raise BrokenServerError(found, f"{found.module} builds a server called {server.name}")
    return server


def _imported(found: Found) -> ModuleType:
    try:
        return import_module(found.module)
    except Exception as error:
        # A new server or another package may raise anything on import; whatever it is, it is reported.
        raise BrokenServerError(found, f"{type(error).__name__}: {' '.join(str(error).split())}") from error


def _package(point: EntryPoint) -> str:
    return f"the package {point.dist.name}" if point.dist is not None else f"the entry point {point.value}"
