"""What the page shows where a model slice is down: who answered in its place, and how busy each slice is."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from storage.db import Sessions
from storage.process.breaker import FAILURES
from storage.settings import Settings
from tests.browser.conftest import Shop
from tests.browser.visit import MINA, OLIVIA, visit
from tests.team.faulty import Pair, status
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import open_shopfloor
from ui.app import build_app

pytestmark = pytest.mark.slow


@pytest.fixture
def pair() -> Pair:
    return Pair()


@pytest.fixture
async def shop(settings: Settings, demo_sessions: Sessions, pair: Pair) -> AsyncIterator[Shop]:
    page = listening()
    async with (
        open_shopfloor(settings, demo_sessions, around=pair.around) as floor,
        serving((build_app(floor.settings, demo_sessions, floor.desk), page)),
    ):
        yield Shop(address(page), demo_sessions)


@pytest.mark.parametrize(
    ("email", "locale", "asked", "instead", "load"),
    [
        (OLIVIA, "en-US", "Where is my order?", "in place of slice2", "waiting"),
        (MINA, "ko-KR", "제 주문 어디쯤 왔나요?", "slice2 대신", "대기"),
    ],
)
async def test_the_steps_say_which_slice_answered_in_the_place_of_which(
    browser: Browser, shop: Shop, pair: Pair, email: str, locale: str, asked: str, instead: str, load: str
) -> None:
    pair.slices[2].fault = status(500)

    async with visit(browser, shop, locale=locale) as customer:
        await customer.log_in(email)
        await customer.say(asked)
        await expect(customer.page.locator(".row.model .badge.failed")).to_have_count(FAILURES)
        await expect(customer.page.locator(".row.model", has_text=instead).first).to_be_visible()
        await expect(customer.page.locator("#debug-loads li")).to_have_count(2)
        await expect(customer.page.locator("#debug-loads")).to_contain_text(load)
        pair.slices[1].fault = status(500)
        await customer.say(asked)
        await expect(customer.page.locator(".row.ticket")).to_be_visible()
        await expect(customer.said("assistant")).to_contain_text("T")
        if os.environ.get("SHOPDESK_SHOTS"):
            await customer.page.screenshot(path=Path(os.environ["SHOPDESK_SHOTS"]) / f"{locale}.png")
