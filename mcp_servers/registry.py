"""Finds the tool servers: every folder beside this file that has a server.py."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from mcp_servers.runtime.server import ToolServer
from storage.db import Sessions
from storage.settings import CannotStartError, Settings


class UnknownServerError(CannotStartError):
    """No folder has a tool server of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no tool server {name}. The servers are: {', '.join(server_names())}.")


def server_names() -> list[str]:
    """Return the names of all tool servers, in order of the alphabet."""
    return sorted(
        path.parent.name for path in Path(__file__).parent.glob("*/server.py") if path.parent.name != "runtime"
    )


def chosen(names: Sequence[str]) -> list[str]:
    """Return these servers' names, or all when none is named.

    Raises:
        UnknownServerError: there is none of a name.
    """
    known = server_names()
    for name in names:
        if name not in known:
            raise UnknownServerError(name)
    return list(names) or known


def load_servers(names: Sequence[str], settings: Settings, sessions: Sessions) -> list[ToolServer]:
    """Import and build the tool servers of these names.

    Raises:
        UnknownServerError: there is none of a name.
    """
    modules = [import_module(f"mcp_servers.{name}.server") for name in chosen(names)]
    return [module.build_server(settings, sessions) for module in modules]
