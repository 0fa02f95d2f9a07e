"""The layout every reader may count on: the folders, the files of a server, and pages that tell of all of it."""

import ast
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from mcp_servers.registry import server_names
from scripts.cli import COMMANDS
from storage.db import Sessions
from storage.settings import REPOSITORY, Settings
from tests.clients import caller, client_of, server_for

TOP_LEVEL = {
    "mcp_servers",
    "team",
    "ui",
    "storage",
    "knowledge",
    "scripts",
    "tests",
    "docs",
    "docker-compose.yaml",
    "Dockerfile",
    "pyproject.toml",
    "constraints.txt",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
}
SERVER_FILES = ("__init__.py", "__main__.py", "server.py")
LONGEST_FILE, LONGEST_FUNCTION = 300, 50
MOST_MODULES = 15
"""In one folder; more of them are two folders."""
LARGER = {"scripts/bench": 30, "storage/migrations/versions": 100}
PAGES = "\n".join(page.read_text() for page in [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))])


def tracked(pattern: str) -> list[Path]:
    """The files git tracks that match, so that a stray file of a working folder does not count."""
    listed = subprocess.run(
        ["git", "ls-files", pattern], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout.split()
    return [REPOSITORY / name for name in listed]


def test_the_top_level_is_the_fixed_one() -> None:
    top = {path.relative_to(REPOSITORY).parts[0] for path in tracked("*")}

    assert {name for name in top if not name.startswith(".")} == TOP_LEVEL


@pytest.mark.parametrize("server", server_names())
def test_every_server_has_the_same_files(server: str) -> None:
    folder = REPOSITORY / "mcp_servers" / server

    assert [name for name in SERVER_FILES if not (folder / name).exists()] == []
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))


def test_no_folder_is_crowded() -> None:
    folders = Counter(
        str(path.parent.relative_to(REPOSITORY)) for path in tracked("*.py") if not path.name.startswith("__")
    )

    assert {name: count for name, count in folders.items() if count > LARGER.get(name, MOST_MODULES)} == {}


@pytest.mark.parametrize("path", tracked("*.py"), ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_a_file_can_be_held_in_the_head(path: Path) -> None:
    source = path.read_text()
    functions = [
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION]

    assert len(source.splitlines()) <= LONGEST_FILE or "migrations" in path.parts
    assert long == [] or "migrations" in path.parts


async def test_the_pages_name_every_tool_prompt_and_resource(settings: Settings, sessions: Sessions) -> None:
    async with client_of(server_for(settings, sessions, caller(None))) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        names += [prompt.name for prompt in (await client.list_prompts()).prompts]
        names += [template.uri_template for template in (await client.list_resource_templates()).resource_templates]

    assert [name for name in names if f"`{name}`" not in PAGES] == []


def test_the_pages_name_every_setting_and_subcommand() -> None:
    settings = [name.upper() for name in Settings.model_fields]

    assert [name for name in settings if f"`{name}`" not in PAGES] == []
    assert [name for name in COMMANDS if f"`shopdesk {name}" not in PAGES] == []
