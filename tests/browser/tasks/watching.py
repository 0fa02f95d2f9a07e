"""A shop whose models say what a test wants, and a member of its staff who asks several of them."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from storage.db import open_sessions
from storage.settings import Settings
from tests.browser.conftest import Shop
from tests.browser.test_inside import log_in_as_staff
from tests.browser.visit import visit
from tests.team.cooperation.scripted import Speak, build_models, models_toml
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import open_shopfloor
from ui.app import build_app

NAMES = ("a", "b", "c")


@asynccontextmanager
async def scripted_shop(settings: Settings, seeded: Path, speak: Speak) -> AsyncIterator[Shop]:
    """The demo shop with everything running, and the models a, b and c."""
    shutil.copy(seeded, settings.shopdesk_home / "shop.db")
    page, models = listening(), listening()
    async with (
        serving((build_models(speak), models)),
        open_sessions(settings.database) as sessions,
        open_shopfloor(settings, sessions) as floor,
        serving((build_app(floor.settings, sessions, floor.desk), page)),
    ):
        (settings.shopdesk_home / "models.toml").write_text(models_toml(address(models), NAMES))
        yield Shop(address(page), sessions)


class Watch:
    """The page of tasks in one window."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def ask(self, query: str, mode: str, *models: str, options: str = "") -> None:
        """Ask, and wait until the task is open."""
        await self.page.select_option("#mode", mode)
        if options:
            await self.page.fill("#options", options)
        for name in models:
            await self.page.check(f'#models [value="{name}"]')
        await self.page.fill("#ask textarea", query)
        await self.page.click("#begin")
        await expect(self.page.locator("#one h1")).to_have_text(query)

    def step(self, model: str) -> Locator:
        """The step of a model."""
        return self.page.locator("#one li.row.model").filter(has=self.page.get_by_text(model, exact=True))

    @property
    def status(self) -> Locator:
        """How far the task is."""
        return self.page.locator("#one .one-head .badge")


@asynccontextmanager
async def watching(
    browser: Browser,
    shop: Shop,
    *,
    language: str = "en",
    dark: bool = False,
    width: int = 1280,
    height: int = 900,
) -> AsyncIterator[Watch]:
    """Open the page as one of the staff."""
    async with visit(browser, shop, dark=dark, width=width, height=height) as staff:
        await log_in_as_staff(staff.page)
        await staff.page.select_option("#language", language)
        await expect(staff.page.locator("html")).to_have_attribute("lang", language)
        await staff.page.goto(f"{shop.url}/tasks")
        await expect(staff.page.locator("#ask")).to_be_visible()
        yield Watch(staff.page)


async def never() -> str:
    """Say nothing, for as long as anybody waits."""
    await asyncio.Event().wait()
    return ""
