"""Every card of the shop's tools in the host of the MCP Apps repository: facts, words, colours, and who is asked."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it brings no types
from playwright.async_api import Browser, expect

from mcp_servers.policies.views import PassagePage, PassageView, PolicyView
from mcp_servers.runtime.results import as_result
from mcp_servers.vision.server import DamageInspection
from storage.db import open_sessions
from storage.people.accounts import find_account
from storage.settings import Settings
from tests.browser.cards.expected import SHOWN, Reader
from tests.browser.cards.host import Host, Shown, open_host
from tests.browser.test_accessible import SERIOUS
from tests.browser.visit import OLIVIA
from tests.clients import caller, client_of, server_for

# The first test of a fresh checkout installs the packages.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
TEXT = "## How long\n\nYou have **30 days**.\n\n- unused\n- in its box\n\n| from | days |\n|---|---|\n| here | 3 |"
PASSAGE = PassageView(
    policy_id="returns",
    title="Returns",
    section="How long you have",
    language="en",
    text=TEXT,
    score=0.9,
    effective_date=date(2026, 1, 5),
)
FOUND = {
    "search_policies": PassagePage(passages=[PASSAGE, PASSAGE], answered=False, nearness=0.3, about_another_shop=True),
    "get_policy": PolicyView(
        policy_id="returns", title="Returns", language="en", effective_date=date(2026, 1, 5), text=TEXT
    ),
    "inspect_damage": DamageInspection(verdict="damaged", confidence=0.86, evidence="The left corner is crushed."),
}
"""Results of tools that need a model or an index; they are made as those make them."""

STARTED: dict[str, dict[str, Any]] = {
    "list_orders": {},
    "search_products": {"query": "lamp"},
    "recommend_products": {"query": "something for my desk"},
    "list_tickets": {},
    "search_policies": {"query": "How long can I return it?"},
    "get_policy": {"policy_id": "returns"},
    "inspect_damage": {"image_id": "img_1", "order_id": "#W1000538", "item_id": "i1"},
}


@asynccontextmanager
async def opened(settings: Settings, seeded: Path, browser: Browser, *, width: int = 640) -> AsyncIterator[Host]:
    """The host, connected to the tools of the demo shop as Olivia."""
    shutil.copy(seeded, settings.shopdesk_home / "shop.db")
    async with open_sessions(settings.database) as sessions:
        async with sessions() as session:
            account = await find_account(session, OLIVIA)
        assert account is not None
        asks_by_link = settings.model_copy(update={"confirm_by": "link"})
        server = server_for(asks_by_link, sessions, caller(account.customer_id))
        async with client_of(server, cards=True) as client, open_host(browser, client, width=width) as host:
            yield host


async def every_call(host: Host) -> dict[str, dict[str, Any]]:
    """A call of each tool that has a card of its own, about what this customer has."""
    calls = dict(STARTED)
    listed = (await host.client.call_tool("list_orders", {})).structured_content or {}
    pending = next(order["order_id"] for order in listed["orders"] if order["status"] == "pending")
    calls["get_order"] = {"order_id": pending}
    calls["cancel_order"] = {"order_id": pending, "reason": "no longer needed"}
    found = (await host.client.call_tool("search_products", {"query": "lamp"})).structured_content or {}
    calls["get_product"] = {"product_id": found["products"][0]["product_id"]}
    late = {"subject": "Late", "body": "<b>Where</b> is it?", "category": "delivery"}
    await host.client.call_tool("create_ticket", late)
    mine = (await host.client.call_tool("list_tickets", {})).structured_content or {}
    calls["get_ticket"] = {"ticket_id": mine["tickets"][0]["ticket_id"]}
    return calls


async def faults(shown: Shown, axe: Axe) -> list[str]:
    """What axe-core finds serious in the card's frame."""
    frame = shown.page.frames[-1]
    await frame.evaluate(axe.axe_script)
    found = (await frame.evaluate("axe.run()"))["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found if one["impact"] in SERIOUS for node in one["nodes"]]


@pytest.mark.parametrize(("locale", "theme", "width"), [("en-US", "light", 640), ("ko-KR", "dark", 390)])
async def test_every_card_shows_the_facts_of_its_result_and_asks_nobody_for_anything(
    settings: Settings, seeded: Path, browser: Browser, tmp_path: Path, locale: str, theme: str, width: int
) -> None:
    reads, axe, found = Reader(locale[:2]), Axe(), dict[str, list[str]]()
    async with opened(settings, seeded, browser, width=width) as host:
        for tool, given in (await every_call(host)).items():
            result = as_result(FOUND[tool]) if tool in FOUND else None
            shown = await host.show(tool, given, result=result, locale=locale, theme=theme)
            selector, expected = SHOWN[tool]
            await expect(shown.card.locator("article")).to_be_visible()
            texts = await shown.texts(selector)
            assert texts == expected(shown.facts, reads), tool
            wide = await shown.page.frames[-1].evaluate("document.documentElement.scrollWidth - innerWidth")
            found[tool] = [*await faults(shown, axe), *host.asked_outside(), *([f"{wide} px too wide"] * (wide > 0))]
            # To be looked at: pytest keeps the folders of its last runs.
            await shown.page.screenshot(path=tmp_path / f"{tool}.png", full_page=True)

    assert found == {tool: [] for tool in found}
    assert set(found) == set(SHOWN) - {"identify_product"}
    assert host.complaints == []
