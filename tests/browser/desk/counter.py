"""What a member of staff does at the desk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, Locator, Page, expect

from storage.moving.demo import STAFF_EMAIL
from tests.browser.conftest import Shop
from tests.browser.visit import visit
from tests.conftest import SECRET
from tests.ui.desk.conftest import add_staff
from ui.logins.login import COOKIE, login_token

DEMO_PASSWORD = "demo-pass"


@dataclass
class Counter:
    """The desk in one browser window."""

    page: Page

    def items(self) -> Locator:
        """What stands in the queue."""
        return self.page.locator("#items .desk-item")

    def said(self) -> Locator:
        """What is said and noted on what is open."""
        return self.page.locator("#messages .message .said")

    async def write(self, text: str, *, note: bool = False) -> None:
        """Send a reply, or add a note."""
        await self.page.click('[data-way="notes"]' if note else '[data-way="reply"]')
        await self.page.fill("#text", text)
        await self.page.press("#text", "Enter")
        await expect(self.page.locator("#text")).to_have_value("")


@asynccontextmanager
async def counter(
    browser: Browser, shop: Shop, *, name: str = "", locale: str = "en-US", dark: bool = False, width: int = 1280
) -> AsyncIterator[Counter]:
    """Open the desk as staff: as the demo's, by the form, or as somebody new with this name."""
    async with visit(browser, shop, locale=locale, dark=dark, width=width, height=844) as window:
        page = window.page
        if name:
            account = await add_staff(shop.sessions, name)
            await page.context.add_cookies([{"name": COOKIE, "value": login_token(account, SECRET), "url": shop.url}])
            await page.goto(f"{shop.url}/desk")
        else:
            await page.goto(f"{shop.url}/desk")
            await page.fill("[name=email]", STAFF_EMAIL)
            await page.fill("[name=password]", DEMO_PASSWORD)
            await page.press("[name=password]", "Enter")
        opened = Counter(page)
        await expect(opened.items().first).to_be_visible()
        yield opened
