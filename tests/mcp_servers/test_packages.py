"""Tool servers that live in packages of their own, found by an entry point."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mcp_servers.registry import server_names
from storage.db import Sessions
from storage.settings import Settings
from team.roster import NoAgentsError, SameSpecialistError, load_roster
from tests.clients import caller, client_of, server_for
from tests.mcp_servers.gifts import ENTRY_POINTS, FILES
from tests.packages import install
from tests.scripts.command import shopdesk


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path, of this process and of those it starts; what is imported from it is forgotten."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop_gifts"]:
        del sys.modules[name]


async def test_an_installed_packages_server_is_listed_and_called_like_the_others(
    site: Path, settings: Settings, sessions: Sessions
) -> None:
    install(site, "shop-gifts", FILES, ENTRY_POINTS)

    assert {"gifts", "orders"} < set(server_names())
    olivia = caller("olivia", scopes=["gifts:read"])
    async with client_of(server_for(settings, sessions, olivia, ["gifts"])) as client:
        result = await client.call_tool("list_wrappings", {})
    assert result.structured_content == {"papers": ["red", "gold"]}


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("orders = shop_gifts.server", "Two tool servers are called orders: mcp_servers/orders and the package shop-"),
        ("Gift-Wrap = shop_gifts.server", "'Gift-Wrap' of the package shop-gifts cannot be a tool server's name. Use"),
        ("mcp = shop_gifts.server", "'mcp' of the package shop-gifts cannot be a tool server's name. Use"),
        ("gifts = shop_gifts.nowhere", "of the package shop-gifts does not load: ModuleNotFoundError: No module named"),
        ("gifts = shop_gifts.agents", "does not load: shop_gifts.agents has no build_server(settings, sessions)."),
        ("wraps = shop_gifts.server", "does not load: shop_gifts.server builds a server called gifts."),
    ],
)
async def test_the_start_fails_with_one_line_that_names_the_package(
    site: Path, sessions: Sessions, entry: str, problem: str
) -> None:
    install(site, "shop-gifts", FILES, f"[shopdesk.servers]\n{entry}\n")

    outcome = await shopdesk("mcp", "--http", "0")

    assert (outcome.code, len(outcome.complained.splitlines())) == (2, 1)
    assert problem in outcome.complained


def test_a_packages_specialist_joins_the_team(site: Path) -> None:
    install(site, "shop-gifts", FILES, ENTRY_POINTS)

    assert load_roster()["GiftWrapper"].tools == ("gifts.*",)


@pytest.mark.parametrize(
    ("entry", "page", "error", "problem"),
    [
        ("shop_gifts.agents", "name: TicketDesk", SameSpecialistError, "team/agents/ticket_desk.md and shop_gifts.ag"),
        ("shop_gifts.nowhere", "name: GiftWrapper", NoAgentsError, "ModuleNotFoundError: No module named"),
        ("shop_gifts", "name: GiftWrapper", NoAgentsError, "it has no .*md file"),
    ],
)
def test_a_package_with_an_unusable_specialist_is_named(
    site: Path, entry: str, page: str, error: type[Exception], problem: str
) -> None:
    agent = "shop_gifts/agents/gift_wrapper.md"
    files = FILES | {agent: FILES[agent].replace("name: GiftWrapper", page)}
    install(site, "shop-gifts", files, f"[shopdesk.agents]\ngifts = {entry}\n")

    with pytest.raises(error, match=problem):
        load_roster()
