"""`shopdesk new-server`: a server from one command, in use everywhere, and gone again."""

import os
import resource
import signal
import subprocess
import sys
import time
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

from storage.db import Sessions
from storage.settings import Settings
from tests.checkout import check_out, contents
from tests.clients import caller
from tests.scripts.command import shopdesk, started
from tests.tools_process import client_at, token_of, tools_process

# A fresh checkout is compiled first, and a busy machine takes its time.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TOOLS = ["get_warranty", "request_warranty"]
LONGEST = "installation_at_home_by_expert"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Path:
    """A checkout in which everything of this test runs."""
    place = check_out(tmp_path / "checkout")
    monkeypatch.chdir(place)
    monkeypatch.setenv("PYTHONPATH", str(place))
    return place


def python(*arguments: str) -> str:
    """Run Python in the checkout and return what it said; it has to succeed."""
    ended = subprocess.run(
        [sys.executable, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


async def test_a_new_server_is_tested_linted_listed_and_answers_in_the_team_without_an_edit_and_leaves_nothing(
    place: Path, settings: Settings, sessions: Sessions, capsys: pytest.CaptureFixture[str]
) -> None:
    before, begun, worked = contents(place), time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime

    made = await shopdesk("new-server", "warranty", "--korean", "보증")
    python("-m", "pytest", "tests/mcp_servers/warranty")
    linted = await shopdesk("lint")
    alone = StdioServerParameters(command=sys.executable, args=["-m", "mcp_servers.warranty"], env=dict(os.environ))
    async with Client(alone) as client:
        over_stdio = [tool.name for tool in (await client.list_tools()).tools]
    async with tools_process(settings) as (running, _):
        olivia = caller("olivia", scopes=["warranty:read", "warranty:write"])
        token = token_of(running, olivia, servers=["warranty"])
        async with client_at(f"{running.public_mcp_url}/warranty/mcp", token) as client:
            over_http = [tool.name for tool in (await client.list_tools()).tools]
    took, worked = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - worked
    python("-m", "pytest", "tests/mcp_servers/test_authorization.py", "-k", "warranty or every_tool")
    python("-m", "pytest", "tests/test_layout.py", "-k", "readme or same_files")
    removed = await shopdesk("new-server", "warranty", "--remove", "--yes")

    assert (made.code, linted.code, removed.code) == (0, 0, 0), made.complained + linted.said + removed.complained
    assert (over_stdio, over_http) == (TOOLS, TOOLS)
    assert contents(place) == before
    with capsys.disabled():
        sys.stdout.write(
            f"\nnew-server, its tests, lint, stdio, HTTP, the team: {took:.0f} s, {worked:.0f} s of a processor\n"
        )


async def test_the_files_are_in_order_whatever_the_length_of_the_name(place: Path) -> None:
    names = ["vat", LONGEST]
    for name in names:
        made = await shopdesk("new-server", name)
        assert made.code == 0, made.complained

    folders = [f"{parent}/{name}" for name in names for parent in ("mcp_servers", "tests/mcp_servers")]
    python("-m", "ruff", "check", *folders)
    python("-m", "ruff", "format", "--check", *folders)
    python("-m", "mypy", *folders)
    python("-m", "pytest", *(f"tests/mcp_servers/{name}" for name in names))
    assert (await shopdesk("lint")).code == 0


REFUSED = {
    "orders": "mcp_servers/orders is a server with that name",
    "order": "orders has a tool get_order",
    "ticket": "team/agents/ticket_desk.md is a specialist called TicketDesk",
    "email": "it is a module of Python's standard library",
    "class": "it is a Python keyword",
    "mcp": "'mcp' of the command line cannot be a tool server's name",
    "Gift-Cards": "'Gift-Cards' of the command line cannot be a tool server's name",
    "../outside": "'../outside' of the command line cannot be a tool server's name",
    f"{LONGEST}s": "cannot be a tool server's name. Use up to 30",
}


async def test_a_name_that_cannot_be_is_refused_in_one_line_and_nothing_is_written(place: Path) -> None:
    before = contents(place)

    for name, why in REFUSED.items():
        outcome = await shopdesk("new-server", name)

        assert (outcome.code, outcome.said, len(outcome.complained.splitlines())) == (2, "", 1)
        assert why in outcome.complained
    assert contents(place) == before


async def test_a_dry_run_tells_every_file_and_writes_none(place: Path) -> None:
    before = contents(place)

    dry = await shopdesk("new-server", "warranty", "--dry-run")
    dry_left = contents(place)
    wet = await shopdesk("new-server", "warranty")

    assert dry_left == before
    told = [line.removeprefix("Would write: ") for line in dry.said.splitlines()]
    assert [line.removeprefix("Written: ") for line in wet.said.splitlines() if line.startswith("Written: ")] == told
    new = {path for path, digest in contents(place).items() if path not in before and digest != "folder"}
    assert {*new, "docs/tools.md (its rows in the table of tools)"} == set(told)


async def test_what_is_there_is_neither_written_over_nor_removed_without_a_yes(place: Path) -> None:
    agent = place / "team" / "agents" / "warranty_desk.md"
    agent.write_text("---\nname: Somebody\ndescription: mine\nrole: tickets\ntools: [tickets.*]\n---\nMine.\n")
    before = contents(place)

    made = await shopdesk("new-server", "warranty")
    kept = await shopdesk("new-server", "warranty", "--remove", stdin=b"n\n")
    shops_own = await shopdesk("new-server", "orders", "--remove", "--yes")
    nothing = await shopdesk("new-server", "loyalty", "--remove", "--yes")

    assert "team/agents/warranty_desk.md already exists" in made.complained
    assert (kept.code, shops_own.code, nothing.code) == (1, 2, 2)
    assert contents(place) == before


async def test_a_failure_on_the_way_leaves_nothing(place: Path) -> None:
    template = place / "scripts" / "scaffold" / "server" / "server.py.txt"
    template.write_text(template.read_text().replace("build_server", "build_nothing"))
    before = contents(place)

    outcome = await shopdesk("new-server", "warranty")

    assert (outcome.code, outcome.said, len(outcome.complained.splitlines())) == (2, "", 1)
    assert "Nothing was written. The tool server warranty of mcp_servers/warranty does not load" in outcome.complained
    assert contents(place) == before


async def test_ctrl_c_leaves_nothing_half_written(place: Path) -> None:
    server = place / "scripts" / "scaffold" / "server" / "server.py.txt"
    # The new server's own import holds the command up while its files are in place.
    stop = "import sys\nprint('in place', flush=True)\nsys.stdin.readline()\n\n\n"
    server.write_text(server.read_text().replace("class ${camel}View", f"{stop}class ${{camel}}View"))
    before = contents(place)

    command = await started("new-server", "warranty", stdin=PIPE)
    assert command.stdout is not None
    said = await command.stdout.readline()
    in_place = (place / "mcp_servers" / "warranty").exists()
    command.send_signal(signal.SIGINT)
    await command.communicate(b"\n")

    assert (said, in_place) == (b"in place\n", True)
    assert command.returncode not in (0, None)
    assert contents(place) == before
