"""Every tool server as its clients see it, without a shop: no data is read or written, no port is opened."""

import dataclasses
import inspect
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from mcp.server.mcpserver.tools import Tool

from mcp_servers.registry import BrokenServerError, Found, found_servers, load_server
from mcp_servers.runtime.limits.limits import Limits
from mcp_servers.runtime.server import ToolFunction, ToolServer
from mcp_servers.runtime.tools.confirming.page import Page
from mcp_servers.runtime.tools.confirming.ways import Ways
from mcp_servers.runtime.tools.making import UnusableToolError, tools_of
from scripts.linting.finding import Finding, shown
from storage.db import Sessions, open_sessions
from storage.settings import Settings, load_settings

Json = dict[str, Any]


@dataclass(frozen=True)
class Offer:
    """One tool, and the line of code that defines it."""

    tool: Tool
    place: str
    staff_only: bool

    @property
    def name(self) -> str:
        """The tool's name."""
        return self.tool.name

    @property
    def kind(self) -> str:
        """What it does (`read`, `write` or `write, asks`), and `staff` if only staff may call it."""
        hints = self.tool.annotations
        reads = hints is not None and hints.read_only_hint
        kind = "read" if reads else "write, asks" if hints is not None and hints.destructive_hint else "write"
        return f"{kind}, staff" if self.staff_only else kind

    def as_listed(self) -> Json:
        """Return the tool as `tools/list` shows it; this is what the snapshot stores."""
        hints = self.tool.annotations
        return {
            "name": self.name,
            "title": self.tool.title,
            "description": self.tool.description,
            "annotations": hints.model_dump(mode="json", by_alias=True) if hints is not None else {},
            "inputSchema": self.tool.parameters,
            "outputSchema": self.tool.output_schema,
        }


@dataclass
class Shelf:
    """A tool server and what it offers; `findings` holds what fails to load."""

    found: Found
    folder: Path
    server: ToolServer | None = None
    offers: list[Offer] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The server's name."""
        return self.found.name

    @property
    def own(self) -> bool:
        """Whether it is a folder in this repository, not an installed package."""
        return self.found.place == f"mcp_servers/{self.name}"

    @property
    def place(self) -> str:
        """The file that defines its tools."""
        return shown(self.folder / "server.py")


@asynccontextmanager
async def shelves() -> AsyncIterator[list[Shelf]]:
    """Yield every tool server with its tools.

    Raises:
        CannotStartError: two servers share a name, or one has an invalid name.
    """
    with tempfile.TemporaryDirectory(prefix="shopdesk-lint-") as home:
        # The settings of this machine's shop must not hide tools.
        changes = {"shopdesk_home": Path(home), "database_url": ""}
        settings = load_settings().model_copy(update=changes)
        async with open_sessions(settings.database) as sessions:
            yield [_shelf(found, settings, sessions) for found in found_servers().values()]


def _shelf(found: Found, settings: Settings, sessions: Sessions) -> Shelf:
    try:
        server = load_server(found, settings, sessions)
    except BrokenServerError as error:
        broken = Finding(found.place, str(error.__cause__ or error), "Until it loads, no tool server starts")
        return Shelf(found, Path(found.place), findings=[broken])
    folder = Path(inspect.getfile(import_module(found.module))).parent
    shelf = Shelf(found, folder, server)
    ways = Ways(settings, Page(settings), over_http=True)
    staff_only = {function.__name__ for function in server.staff_only}
    for function, alone in _one_by_one(server):
        problem = _unfit(function)
        try:
            tools = [] if problem else tools_of(alone, sessions, settings, Limits(settings), ways)
        except UnusableToolError as error:
            problem = str(error).split(": ", 1)[1].rstrip(".")
        if problem:
            shelf.findings.append(Finding(line_of(function), problem, "No server starts with it", function.__name__))
            continue
        shelf.offers += [Offer(tool, line_of(function), tool.name in staff_only) for tool in tools]
    return shelf


def _one_by_one(server: ToolServer) -> Iterator[tuple[Callable[..., Any], ToolServer]]:
    for function in server.reads:
        yield function, dataclasses.replace(server, reads=[function], writes=[])
    for function in server.writes:
        yield function, dataclasses.replace(server, reads=[], writes=[function])


def _unfit(function: ToolFunction) -> str:
    """Return why the runtime cannot turn this function into a tool, or nothing."""
    if not inspect.iscoroutinefunction(function) and not inspect.isasyncgenfunction(function):
        return "it is not an `async def`"
    signature = inspect.signature(function)
    bare = [name for name, one in signature.parameters.items() if one.annotation is one.empty]
    if bare:
        return f"its parameter {bare[0]} has no type"
    return "it has no return type" if signature.return_annotation is signature.empty else ""


def line_of(function: ToolFunction) -> str:
    """Return where a tool's function is defined, as `file:line`."""
    code = inspect.unwrap(function).__code__
    return f"{shown(Path(code.co_filename))}:{code.co_firstlineno}"
