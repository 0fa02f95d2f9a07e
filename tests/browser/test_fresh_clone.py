"""A newcomer's first ten minutes: clone, start, ask, cancel; load real data, ask again; stop, and start once more."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import func, select

from storage.db import Sessions, open_sessions
from storage.owners import CustomerOnly
from storage.settings import REPOSITORY, Settings
from storage.shop.audit import Audit
from storage.shop.customers import get_customer
from storage.shop.orders import get_order
from storage.shop.shop import Origin, find_shop
from tests.browser.conftest import Shop
from tests.browser.test_customer import ENGLISH, KOREAN, ask_and_cancel
from tests.browser.visit import visit
from tests.scripts.started import Started, started

TAU2 = REPOSITORY.parent / "shared" / "data" / "tau2_retail" / "db.json"
FIRST_START_S, LATER_START_S = 300, 60
OWNER, ANOTHER, PASSWORD = "james_li_5688", "ava_moore_2033", "a long password"


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_a_fresh_clone_starts_and_a_customer_is_served(
    browser: Browser, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone, home = tmp_path / "shopdesk", settings.shopdesk_home
    await _run("git", "clone", "--quiet", str(REPOSITORY), str(clone))
    start = [str(clone / "scripts" / "start")]

    # The steps say when a turn has ended; a shop with data of its own shows them to customers only if it is told to.
    monkeypatch.setenv("DEBUG_MODE", "true")
    async with open_sessions(settings.database) as sessions:
        async with started(start, home, within_s=FIRST_START_S) as first:
            shop = Shop(first.url, sessions)
            await ask_and_cancel(browser, shop, *ENGLISH)
            await ask_and_cancel(browser, shop, *KOREAN)
            if TAU2.exists():
                await _load_real_data(clone)
                await _ask_for_a_real_order(browser, shop)
            await first.end()
        async with started(start, home, within_s=LATER_START_S) as again:
            await _holds_what_was_left(again, sessions)


async def _load_real_data(clone: Path) -> None:
    shopdesk = str(clone / ".venv" / "bin" / "shopdesk")
    await _run(shopdesk, "import", "tau2", str(TAU2), "--replace", "--password", PASSWORD)


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command)
    assert await process.wait() == 0


async def _ask_for_a_real_order(browser: Browser, shop: Shop) -> None:
    async with shop.sessions() as session:
        order = await get_order(session, "#W2611340", CustomerOnly(OWNER))
    told = await _answer_to(browser, shop, OWNER, "Where is my order #W2611340?")
    assert "on its way" in told
    for fact in (*order.shipments[0].tracking_ids, *(line.name for line in order.lines)):
        assert fact in told

    foreign = await _answer_to(browser, shop, ANOTHER, "Where is my order #W2611340?")
    missing = await _answer_to(browser, shop, ANOTHER, "Where is my order #W0000000?")
    assert foreign == missing.replace("#W0000000", "#W2611340")


async def _answer_to(browser: Browser, shop: Shop, customer_id: str, text: str) -> str:
    async with shop.sessions() as session:
        email = (await get_customer(session, customer_id)).email
    async with visit(browser, shop) as customer:
        await customer.page.fill("#login-form input[type=email]", email)
        await customer.page.fill("#login-form input[type=password]", PASSWORD)
        await customer.page.press("#login-form input[type=password]", "Enter")
        await expect(customer.page.locator("#desk")).to_be_visible()
        await customer.say(text)
        return await customer.said("assistant").inner_text()


async def _holds_what_was_left(again: Started, sessions: Sessions) -> None:
    async with sessions() as session:
        shop = await find_shop(session)
        cancelled = await session.scalar(select(func.count()).select_from(Audit))
    assert shop is not None
    assert shop.origin is (Origin.IMPORTED if TAU2.exists() else Origin.DEMO)
    assert cancelled == len((ENGLISH, KOREAN))
    assert "Setting up .venv" not in again.printed
