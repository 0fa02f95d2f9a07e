"""What a customer does on the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, Locator, Page, expect
from sqlalchemy import select

from storage.people.accounts import find_account
from storage.shop.orders import Order, OrderStatus
from tests.browser.conftest import Shop

OLIVIA = "olivia.brown@example.com"
MINA = "mina.kim@example.com"


@dataclass
class Visit:
    """One browser window on the shop's page, and every complaint the browser made about it."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    async def log_in(self, email: str) -> None:
        """Press the button of a demo account."""
        await self.page.click(f'[data-email="{email}"]')
        await expect(self.page.locator("#desk")).to_be_visible()

    async def say(self, text: str) -> None:
        """Send a message and wait until its turn has ended."""
        ended = await self.turns().count()
        await self.page.fill("#text", text)
        await self.page.press("#text", "Enter")
        await expect(self.turns()).to_have_count(ended + 1)

    async def press(self, button: str) -> None:
        """Press a button of the open question and wait until its turn has ended."""
        ended = await self.turns().count()
        await self.card().get_by_role("button", name=button, exact=True).click()
        await expect(self.turns()).to_have_count(ended + 1)

    def turns(self) -> Locator:
        """The turns that have ended, in the panel of the team's steps."""
        return self.page.locator(".turn:has(.totals:not(:empty))")

    def card(self) -> Locator:
        """The question that is asked last."""
        return self.page.locator(".confirm").last

    def said(self, role: str) -> Locator:
        """What the customer or the assistant said last."""
        return self.page.locator(f".message.{role} .said").last


async def order_of(shop: Shop, email: str, status: OrderStatus) -> Order:
    """Return the customer's first order with this status."""
    async with shop.sessions() as session:
        account = await find_account(session, email)
        assert account is not None
        mine = select(Order).where(Order.customer_id == account.customer_id, Order.status == status)
        return (await session.scalars(mine.order_by(Order.position).limit(1))).one()


@asynccontextmanager
async def visit(
    browser: Browser, shop: Shop, *, locale: str = "en-US", dark: bool = False, width: int = 1280, height: int = 800
) -> AsyncIterator[Visit]:
    """Open the page in a new window; at the end, the browser must not have complained about anything."""
    window = await browser.new_context(
        locale=locale, color_scheme="dark" if dark else "light", viewport={"width": width, "height": height}
    )
    window.set_default_timeout(15_000)
    opened = Visit(await window.new_page())
    opened.page.on("console", lambda message: _note(opened, message.type, message.text))
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    await opened.page.goto(shop.url)
    yield opened
    await window.close()
    assert opened.complaints == [], opened.complaints


def _note(visit: Visit, kind: str, text: str) -> None:
    # A refused request is an answer the page expects; it asks who is logged in before anybody is.
    if kind in {"error", "warning"} and "Failed to load resource" not in text:
        visit.complaints.append(text)
