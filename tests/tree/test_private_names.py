"""Libraries are used by their public names alone, so that their next release does not break the shop unannounced."""

import ast
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

from storage.settings import REPOSITORY
from tests.test_layout import tracked

OURS = ("mcp_servers", "team", "ui", "storage", "knowledge", "scripts")
DOCUMENTED = {"_asdict", "_fields", "_make", "_mapping", "_replace", "_field_defaults"}
"""Public in spite of the underscore, which keeps them apart from columns: of a namedtuple and of SQLAlchemy's rows."""
CHROMA = "Chroma's client waits for an answer without an end, and has no setting for it"
EXCEPTIONS = {("knowledge/indexes/chroma.py", "_server"): CHROMA, ("knowledge/indexes/chroma.py", "_session"): CHROMA}
"""A file and a name it touches, with the reason why there is no public way."""


def is_private(name: str) -> bool:
    """One underscore in front; `__name__` is Python's, `_missing_` is what an Enum asks for."""
    return name.startswith("_") and not name.endswith("_") and name not in DOCUMENTED


def is_foreign(module: str) -> bool:
    return module.partition(".")[0] not in OURS


def imported(tree: ast.AST) -> Iterator[str]:
    """The private names and modules that come in by an import from elsewhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and is_foreign(node.module or "") and node.module != "__future__":
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [part for alias in node.names if is_foreign(alias.name) for part in alias.name.split(".")]
        else:
            continue
        yield from (name for name in names if is_private(name))


def touched(tree: ast.AST) -> Iterator[str]:
    """The private attributes of anything but `self`, `cls` and the file's classes, by a dot or by `getattr`."""
    own = {"self", "cls", *(node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            if not (isinstance(node.value, ast.Name) and node.value.id in own):
                yield node.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("attr"):
            asked = [one.value for one in node.args[1:2] if isinstance(one, ast.Constant)]
            yield from (name for name in asked if isinstance(name, str) and is_private(name))


def own_names(tree: ast.AST) -> set[str]:
    """What a class touches of itself, and the methods and fields it has."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}:
            names.add(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return {name for name in names if is_private(name)}


@cache
def names_of(base: type) -> set[str]:
    """The private names a library's class has, those that only its methods set included."""
    names = set(vars(base)) | set(vars(base).get("__annotations__", ()))
    # What is written in C has no source.
    with suppress(OSError, TypeError):
        names |= own_names(ast.parse(textwrap.dedent(inspect.getsource(base))))
    return {name for name in names if is_private(name)}


def inherited(module: str, tree: ast.AST) -> Iterator[str]:
    """The private names of a library's base class that a class of ours uses, sets or overrides."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.bases]
    if not classes:
        return
    loaded = importlib.import_module(module)
    for node in classes:
        found = getattr(loaded, node.name, None)
        if isinstance(found, type):
            bases = [base for base in found.__mro__ if base is not found and is_foreign(base.__module__)]
            yield from own_names(node) & {name for base in bases for name in names_of(base)}


def is_python(path: Path) -> bool:
    return path.suffix == ".py" or path.read_bytes()[:30].startswith(b"#!/usr/bin/env python")


SOURCES = [path for package in OURS for path in tracked(package) if path.is_file() and is_python(path)]


def faults_of(path: Path) -> set[tuple[str, str]]:
    name = str(path.relative_to(REPOSITORY))
    tree = ast.parse(path.read_text())
    found = {*imported(tree), *touched(tree)}
    if path.suffix == ".py" and "migrations" not in path.parts and path.stem != "__main__":
        found |= {*inherited(name.removesuffix(".py").replace("/", "."), tree)}
    return {(name, one) for one in found}


def test_no_private_name_of_a_library_is_touched() -> None:
    found = set().union(*(faults_of(path) for path in SOURCES))

    # An exception that is no longer needed goes too.
    assert sorted(found) == sorted(EXCEPTIONS)


PLANTED = """
import httpx._client
from mcp.shared._context_streams import create_context_streams
from mcp.server import MCPServer
from httpx import _client


class Server(MCPServer):
    def __init__(self):
        self._tool_manager.list_tools()
        self._mine = self._shelf = 1

    async def _handle_list_tools(self, ctx, params):
        return self._mine, super()._lowlevel_server, getattr(self.client, "_session"), self.row._asdict()


def look(connection):
    return connection._conn, Server._mine
"""


def test_each_way_to_touch_a_private_name_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "planted.py").write_text(PLANTED)
    monkeypatch.syspath_prepend(tmp_path)
    tree = ast.parse(PLANTED)

    assert sorted(imported(tree)) == ["_client", "_client", "_context_streams"]
    assert sorted(touched(tree)) == ["_conn", "_lowlevel_server", "_session"]
    assert sorted(inherited("planted", tree)) == ["_handle_list_tools", "_tool_manager"]
