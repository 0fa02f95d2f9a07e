"""`shopdesk lint`: what it finds in this repository, in a bad server, and in one that changed."""

import json
from pathlib import Path

import pytest

from scripts.linting.budget import Counter, over_budget
from scripts.linting.every import write_generated
from scripts.linting.finding import shown
from scripts.linting.offered import Shelf, shelves
from scripts.linting.snapshot import FILE, snapshot, snapshot_changes
from scripts.linting.tools_page import PAGE, written
from storage.settings import Settings
from tests.checkout import check_out
from tests.mcp_servers.gifts import ENTRY_POINTS, FILES
from tests.packages import install
from tests.scripts.command import shopdesk

BAD = '''"""A server with everything wrong."""

from pydantic import BaseModel

from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.signature import Session


class Wish(BaseModel):
    """A nested argument."""

    color: str


class Nothing(BaseModel):
    """A result without a field."""


async def wrap(weight: float) -> Nothing:
    """Wrap it"""
    return Nothing()


async def get_nested(wish: Wish) -> Nothing:
    """Take an argument that is a model of its own."""
    return Nothing()


async def get_untyped(wish) -> Nothing:
    """Take an argument of which nobody knows the type."""
    return Nothing()


async def get_undescribed(Color: str) -> Wish:
    return Wish(color=Color)


def get_at_once() -> Wish:
    """Answer without waiting for anything."""
    return Wish(color="red")


async def get_order() -> Wish:
    """Take the name of another server's tool."""
    return Wish(color="red")


def build_server(_settings, _sessions):
    """Return the server."""
    reads = [wrap, get_nested, get_untyped, get_undescribed, get_at_once, get_order]
    return ToolServer("gifts", title="Gifts", instructions=" ", reads=reads)
'''
FOUND = [
    "shop_gifts/server.py: the server has no title or no instructions.",
    "shop_gifts/server.py:19: wrap: the name is not a verb and a noun. Name it like get_order",
    "shop_gifts/server.py:19: wrap: the description is not a complete sentence.",
    "shop_gifts/server.py:19: wrap: the description has 7 characters. Say in 20 to 400",
    "shop_gifts/server.py:19: wrap: the argument weight is not flat. Use str, int, bool, list[str] or Literal",
    "shop_gifts/server.py:19: wrap: its result has no schema of fields. Return a pydantic model",
    "shop_gifts/server.py:24: get_nested: its arguments are nested; use str, int, bool, list[str] or Literal.",
    "shop_gifts/server.py:29: get_untyped: its parameter wish has no type.",
    "shop_gifts/server.py:34: get_undescribed: it has no docstring, which is what a model reads.",
    "shop_gifts/server.py:38: get_at_once: it is not an `async def`.",
    "shop_gifts/server.py:43: get_order: mcp_servers/orders/server.py:",
    "shop_gifts/server.py:19: wrap: no specialist may use it. Add gifts.wrap or gifts.* to the tools",
]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path of what is started."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    return tmp_path / "site"


async def test_this_repository_has_nothing_to_mend_and_its_budget_is_told(settings: Settings) -> None:
    outcome = await shopdesk("lint")

    assert (outcome.code, outcome.complained) == (0, ""), outcome.said
    assert "with output schemas, counted with Llama 2's tokenizer" in outcome.said
    assert not (settings.shopdesk_home / "shop.db").exists()


async def test_each_thing_that_is_wrong_with_a_server_is_told_by_file_tool_and_way_out(site: Path) -> None:
    install(site, "shop-gifts", {"shop_gifts/__init__.py": "", "shop_gifts/server.py": BAD}, ENTRY_POINTS_OF_SERVER)

    outcome = await shopdesk("lint")

    assert outcome.code == 1
    assert [told for told in FOUND if told not in outcome.said] == []
    assert outcome.said.splitlines()[-1].endswith(" found.")


ENTRY_POINTS_OF_SERVER = ENTRY_POINTS.partition("\n\n")[0]


async def test_a_server_that_does_not_load_is_one_finding_and_the_others_are_still_checked(site: Path) -> None:
    files = {"shop_gifts/__init__.py": "", "shop_gifts/server.py": "import no_such_module"}
    install(site, "shop-gifts", files, ENTRY_POINTS_OF_SERVER)

    outcome = await shopdesk("lint")

    assert (outcome.code, outcome.complained) == (1, "")
    assert outcome.said.splitlines() == [
        "the package shop-gifts: No module named 'no_such_module'. Until it loads, no tool server starts.",
        "1 problem found.",
    ]


async def test_a_card_that_is_no_tools_or_asks_somebody_for_something_is_told(site: Path) -> None:
    page = '<!doctype html><meta charset="utf-8"><img alt="" src="https://cdn.example/x.png">'
    cards = {f"shop_gifts/cards/{name}.html": page for name in ("list_wrappings", "wrappings")}
    install(site, "shop-gifts", FILES | cards, ENTRY_POINTS)

    outcome = await shopdesk("lint")

    place = site / "shop_gifts" / "cards"
    asks = '<img src="https://cdn.example/x.png"> asks for something outside the card'
    assert f"{place}/list_wrappings.html: {asks}. A card is drawn from its tool's result alone" in outcome.said
    assert f"{place}/wrappings.html: gifts has no tool for this card. Call it like its tool" in outcome.said


async def test_a_specialist_whose_tool_or_role_does_not_exist_is_told(site: Path) -> None:
    agent = "shop_gifts/agents/gift_wrapper.md"
    wrong = FILES[agent].replace("role: tickets", "role: gifts").replace("[gifts.*]", "[gifts.wrap_parcel]")
    install(site, "shop-gifts", FILES | {agent: wrong}, ENTRY_POINTS)

    outcome = await shopdesk("lint")

    place = "shop_gifts.agents/gift_wrapper.md"
    assert f"{place}: the role gifts is not in team/models.toml. Use one of router," in outcome.said
    assert f"{place}: no server has gifts.wrap_parcel. Correct the name" in outcome.said


async def test_a_packages_snapshot_is_written_beside_its_server_and_a_change_is_told_in_words(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "shop-gifts", FILES, ENTRY_POINTS)
    # What it writes besides must not be this repository's.
    monkeypatch.chdir(check_out(tmp_path / "checkout"))

    before = await shopdesk("lint")
    wrote = await shopdesk("lint", "--write")
    server = site / "shop_gifts" / "server.py"
    server.write_text(server.read_text().replace("list_wrappings()", "list_wrappings(color: str, most: int = 3)"))
    changed = await shopdesk("lint")

    kept = site / "shop_gifts" / FILE
    assert f"{kept}: there is no snapshot of the tools' schemas. Run `shopdesk lint --write`." in before.said
    assert (wrote.code, wrote.said.splitlines()[0]) == (0, f"Written: {kept}")
    assert [line.split(". ")[0] for line in changed.said.splitlines() if "list_wrappings" in line] == [
        f'{kept}: list_wrappings: inputSchema.color.type is new: "string"',
        f"{kept}: list_wrappings: inputSchema.most.default is new: 3",
        f'{kept}: list_wrappings: inputSchema.most.type is new: "integer"',
        f'{kept}: list_wrappings: inputSchema.required is new: ["color"]',
    ]
    assert list(json.loads(kept.read_text())) == ["list_wrappings"]


async def shop() -> list[Shelf]:
    """This repository's own servers."""
    async with shelves() as found:
        return [shelf for shelf in found if shelf.own]


async def test_a_tool_that_left_its_snapshot_or_is_new_is_named(tmp_path: Path) -> None:
    shelf = next(shelf for shelf in await shop() if shelf.name == "orders")
    kept = json.loads(snapshot(shelf))
    kept["split_order"] = kept.pop("cancel_order")
    shelf.folder = tmp_path
    (tmp_path / FILE).write_text(json.dumps(kept))

    told = [(finding.tool, finding.problem) for finding in snapshot_changes(shelf)]

    assert told == [("cancel_order", "the tool is new"), ("split_order", "the tool was removed")]


async def test_the_readmes_table_is_written_from_the_servers_and_nothing_around_it_is_touched() -> None:
    text = PAGE.read_text()
    broken = text.replace("| `get_order`", "| `get_odor`").replace("| tickets | `get_ticket`", "| tickets | `gone`")

    assert written(broken, await shop()) == text
    assert broken != text


async def test_what_is_up_to_date_is_not_written_again() -> None:
    assert write_generated(await shop()) == []


async def test_the_shops_own_tools_fit_the_budget_and_more_of_them_would_be_told() -> None:
    counter, found = Counter(), await shop()
    doubled = [shelf for shelf in found for _ in range(2)]

    assert list(over_budget(found, counter)) == []
    told = [finding.problem for finding in over_budget(doubled, counter)]
    assert [problem.partition(" have ")[2].split(" ", 1)[1] for problem in told] == [
        "tools, over 25",
        "tokens, over 5,000",
        "tokens with output schemas, over 10,000",
    ]
    assert shown(found[0].folder) == "mcp_servers/orders"
