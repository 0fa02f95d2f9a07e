"""`shopdesk mcp --install` adds this shop to a client, and leaves everything else in its file as it was."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from scripts.clients.known import config_file
from storage.db import Sessions
from storage.settings import Settings
from tests.clients import caller
from tests.scripts.command import shopdesk
from tests.tools_process import token_of

# Each test starts the command, a second each.
pytestmark = pytest.mark.slow

SHOPDESK = str(Path(sys.executable).with_name("shopdesk"))
FILES = {
    "claude-desktop": (".config/Claude/claude_desktop_config.json", "mcpServers"),
    "cursor": (".cursor/mcp.json", "mcpServers"),
    "vscode": (".config/Code/User/mcp.json", "servers"),
}
COMMENTED = """\
{
\t// Servers of mine.
\t"inputs": [],
\t"servers": {
\t\t/* kept */ "git": {"type": "stdio", "command": "uvx", "args": ["//no comment"]}, // and this
\t},
}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's folder without any client's files."""
    person = tmp_path / "person"
    person.mkdir()
    monkeypatch.setenv("HOME", str(person))
    for name in ("XDG_CONFIG_HOME", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    return person


def written(home: Path, client: str, text: str) -> Path:
    path = home / FILES[client][0]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def files_in(home: Path) -> list[Path]:
    return list(home.iterdir())


def entry_in(home: Path, client: str) -> dict[str, Any]:
    name, section = FILES[client]
    entry: dict[str, Any] = json.loads((home / name).read_text())[section]["shopdesk"]
    return entry


@pytest.mark.parametrize("client", FILES)
async def test_what_was_installed_starts_from_any_folder(
    settings: Settings, sessions: Sessions, home: Path, client: str
) -> None:
    outcome = await shopdesk("mcp", "orders", "--read-only", "--install", client)

    assert (outcome.code, outcome.complained) == (0, "")
    assert f"Added shopdesk to {home / FILES[client][0]}." in outcome.said
    entry = entry_in(home, client)
    assert entry.pop("type", None) == ("stdio" if client == "vscode" else None)
    entry["env"]["SHOPDESK_SECRET"] = settings.secret
    async with Client(stdio_client(StdioServerParameters(**entry, cwd="/"))) as started:
        tools = [tool.name for tool in (await started.list_tools()).tools]
    assert tools == ["find_customer", "get_customer", "list_orders", "get_order"]


async def test_a_dry_run_shows_the_change_and_writes_nothing(sessions: Sessions, home: Path) -> None:
    path = written(home, "cursor", '{"mcpServers": {}}')

    outcome = await shopdesk("mcp", "--install", "cursor", "--dry-run")

    assert outcome.code == 0
    assert f'+      "command": "{SHOPDESK}",' in outcome.said
    assert path.read_text() == '{"mcpServers": {}}'
    assert [file.name for file in path.parent.iterdir()] == ["mcp.json"]


async def test_the_file_keeps_its_other_entries_its_comments_and_its_rights(sessions: Sessions, home: Path) -> None:
    path = written(home, "vscode", COMMENTED)
    path.chmod(0o640)

    outcome = await shopdesk("mcp", "--install", "vscode")
    lines = path.read_text().splitlines()
    start, end = lines.index('\t\t"shopdesk": {'), lines.index("\t\t},")

    assert outcome.code == 0
    assert [*lines[:start], *lines[end + 1 :]] == COMMENTED.splitlines()
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.with_name("mcp.json.bak-shopdesk").read_text() == COMMENTED


@pytest.mark.parametrize("client", FILES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
async def test_a_file_with_a_byte_order_mark_gets_the_entry_and_loses_the_mark(
    sessions: Sessions, home: Path, client: str, encoding: str
) -> None:
    before = f'\ufeff{{"{FILES[client][1]}":\r\n {{"x": {{"command": "y"}}}}}}'.encode(encoding)
    (path := written(home, client, "")).write_bytes(before)
    outcome = await shopdesk("mcp", "--install", client)
    again = await shopdesk("mcp", "--install", client)

    assert (outcome.code, again.code) == (0, 0)
    assert json.loads(path.read_text())[FILES[client][1]]["x"] == {"command": "y"}
    assert entry_in(home, client)["command"] == SHOPDESK
    assert path.with_name(f"{path.name}.bak-shopdesk").read_bytes() == before
    assert "nothing to do" in again.said


async def test_our_own_entry_is_brought_up_to_date_and_keeps_what_was_added_to_it(
    settings: Settings, sessions: Sessions, home: Path
) -> None:
    entry = {
        "command": SHOPDESK,
        "args": ["mcp"],
        "env": {"TZ": "Asia/Seoul", "SHOPDESK_HOME": "/old"},
        "disabled": True,
    }
    path = written(home, "claude-desktop", json.dumps({"theme": "dark", "mcpServers": {"shopdesk": entry, "git": {}}}))

    await shopdesk("mcp", "--install", "claude-desktop", "--toolset", "support")
    again = await shopdesk("mcp", "--install", "claude-desktop", "--toolset", "support")

    kept = json.loads(path.read_text())
    assert kept.pop("theme") == "dark"
    assert list(kept["mcpServers"]) == ["shopdesk", "git"]
    brought = entry_in(home, "claude-desktop")
    assert (brought["args"], brought["disabled"]) == (["mcp", "--toolset", "support"], True)
    assert brought["env"]["TZ"] == "Asia/Seoul"
    assert brought["env"]["SHOPDESK_HOME"] == str(settings.shopdesk_home)
    assert "nothing to do" in again.said


async def test_a_linked_file_stays_a_link(sessions: Sessions, home: Path) -> None:
    kept = home / "dotfiles.json"
    kept.write_text("{}")
    (home / ".cursor").mkdir()
    (home / ".cursor" / "mcp.json").symlink_to(kept)

    outcome = await shopdesk("mcp", "--install", "cursor")

    assert outcome.code == 0
    assert (home / ".cursor" / "mcp.json").is_symlink()
    assert list(json.loads(kept.read_text())["mcpServers"]) == ["shopdesk"]


@pytest.mark.parametrize(
    ("client", "text", "said"),
    [
        ("claude-desktop", '{"mcpServers": {', "line 1 is not JSON (Expecting property name"),
        ("claude-desktop", '{\n // no\n "mcpServers": {}}', "line 2 is not JSON (Expecting property name"),
        ("cursor", "[]", "the file is not an object"),
        ("vscode", '{"servers": []}', "servers is not an object"),
        ("cursor", '{"mcpServers": {"shopdesk": 1}}', "shopdesk is not an object"),
        (
            "cursor",
            '{"mcpServers": {"shopdesk": {"command": "/o/shopdesk"}}}',
            "its entry shopdesk starts something else",
        ),
        ("cursor", '{"mcpServers": {"shopdesk": {"url": "http://x/mcp"}}}', "starts something else (http://x/mcp)"),
    ],
)
async def test_a_file_that_cannot_be_edited_is_left_as_it_is(
    sessions: Sessions, home: Path, client: str, text: str, said: str
) -> None:
    path = written(home, client, text)

    outcome = await shopdesk("mcp", "--install", client)

    assert outcome.code == 2
    assert outcome.complained.startswith(f"shopdesk: {path} was not changed: ")
    assert said in outcome.complained
    assert len(outcome.complained.splitlines()) == 1
    assert path.read_text() == text
    assert [file.name for file in path.parent.iterdir()] == [path.name]


async def test_a_folder_that_cannot_be_made_is_told_in_one_line(sessions: Sessions, home: Path) -> None:
    (home / ".cursor").write_text("a file where a folder should be")

    outcome = await shopdesk("mcp", "--install", "cursor")

    assert outcome.code == 2
    assert outcome.complained.startswith("shopdesk: ")
    assert "Not a directory" in outcome.complained
    assert len(outcome.complained.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--install", "curser"], "There is no client curser. Known clients: claude-desktop, claude-code, cursor, "),
        (["--install", "cursor", "--http", "1"], "Use only one of --http, --install and --bundle"),
        (["--dry-run"], "Use only one of --http, --install and --bundle"),
        (["odrers", "--install", "cursor"], "There is no tool server odrers."),
    ],
)
async def test_a_slip_is_told_in_one_line(sessions: Sessions, home: Path, arguments: list[str], said: str) -> None:
    outcome = await shopdesk("mcp", *arguments)

    assert (outcome.code, outcome.said) == (2, "")
    assert outcome.complained.startswith(f"shopdesk: {said}")
    assert len(outcome.complained.splitlines()) == 1
    assert files_in(home) == []


async def test_claude_code_is_told_by_its_own_command_which_carries_who_calls(
    settings: Settings, sessions: Sessions, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_of(settings, caller("olivia"))
    monkeypatch.setenv("SHOPDESK_TOKEN", token)

    outcome = await shopdesk("mcp", "--install", "claude-code")

    *command, entry = shlex.split(outcome.said)
    assert command == ["claude", "mcp", "add-json", "--scope", "user", "shopdesk"]
    assert json.loads(entry) == {
        "type": "stdio",
        "command": SHOPDESK,
        "args": ["mcp"],
        "env": {
            "SHOPDESK_HOME": str(settings.shopdesk_home),
            "SHOPDESK_TOKEN": token,
            "SHOPDESK_SECRET": settings.secret,
        },
    }
    assert files_in(home) == []


async def test_in_wsl_the_client_on_windows_starts_the_shop_through_wsl(
    settings: Settings, sessions: Sessions, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows, programs = tmp_path / "c" / "Roaming", tmp_path / "programs"
    programs.mkdir()
    (programs / "cmd.exe").write_text(
        '#!/bin/sh\n[ "$3" = "echo %APPDATA%" ] && printf "C:\\\\\\\\Roaming\\\\r\\\\n"\n'
    )
    (programs / "wslpath").write_text(f'#!/bin/sh\n[ "$2" = "C:\\\\Roaming" ] && echo "{windows}"\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    monkeypatch.setenv("WSL_DISTRO_NAME", "Ubuntu")

    first = await shopdesk("mcp", "--install", "claude-desktop")
    second = await shopdesk("mcp", "--install", "claude-desktop", "--read-only")

    assert (first.code, second.code, second.complained) == (0, 0, "")
    entry = json.loads((windows / "Claude" / "claude_desktop_config.json").read_text())["mcpServers"]["shopdesk"]
    assert entry["command"] == "wsl.exe"
    environment = [f"SHOPDESK_HOME={settings.shopdesk_home}", f"SHOPDESK_SECRET={settings.secret}"]
    assert entry["args"] == ["-d", "Ubuntu", "--exec", "env", *environment, SHOPDESK, "mcp", "--read-only"]


async def test_in_wsl_without_windows_programs_one_line_says_so(
    sessions: Sessions, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setenv("WSL_DISTRO_NAME", "Ubuntu")

    outcome = await shopdesk("mcp", "--install", "cursor")

    assert outcome.code == 2
    assert outcome.complained.startswith("shopdesk: Cannot find the Windows folder %USERPROFILE%")


def test_on_a_mac_the_files_are_in_the_library(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")

    library = home / "Library" / "Application Support"
    assert config_file("claude-desktop").path == library / "Claude" / "claude_desktop_config.json"
    assert config_file("vscode").path == library / "Code" / "User" / "mcp.json"
    assert config_file("cursor").path == home / ".cursor" / "mcp.json"


async def test_a_shop_in_a_container_prints_what_a_client_outside_of_it_starts(
    sessions: Sessions, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPDESK_CONTAINER", "shopdesk")

    told = await shopdesk("mcp", "--install", "claude-desktop", "--read-only")

    entry = {"command": "docker", "args": ["exec", "-i", "shopdesk", "shopdesk", "mcp", "--read-only"]}
    assert json.loads(told.said.splitlines()[-1]) == {"mcpServers": {"shopdesk": entry}}
    assert files_in(home) == []
