"""Names without end, in whatever script: no screen grows wider than the phone, and every button can be pressed."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy import update

from storage.chats.conversations import Conversation
from storage.db import Sessions, writing
from storage.moving.demo import STAFF_EMAIL
from storage.people.accounts import Account
from storage.shop.customers import Customer
from storage.shop.orders import OrderLine, OrderStatus
from storage.shop.products import Product
from storage.shop.tickets import Ticket
from tests.browser.conftest import Shop
from tests.browser.desk.counter import DEMO_PASSWORD
from tests.browser.visit import OLIVIA, Visit, order_of, visit

pytestmark = pytest.mark.slow
LONG = 300
SCRIPTS = {"latin": "W", "korean": "가나다라", "arabic": "مرحبا", "emoji": "👩\u200d👩\u200d👧🎁"}
# What a person must be able to press, where it is shown at all.
BUTTONS = "#send, #logout, #resolve, #new, .confirm .primary, .deeds button, .deeds select, [data-view], #cancel"
FAULTS = """(buttons) => {
  const wide = document.documentElement.clientWidth, found = [];
  const runs = [...document.querySelectorAll('body, body *')].filter((one) => one.scrollWidth > one.clientWidth + 1);
  for (const one of runs) {
    const style = getComputedStyle(one);
    if (/auto|scroll/.test(style.overflowX) && !one.matches('pre, .scroll')) found.push(`scrolls: ${one.className}`);
  }
  if (document.documentElement.scrollWidth > wide) found.push('the page scrolls');
  for (const one of document.querySelectorAll(buttons)) {
    const { left, right, top, bottom, width } = one.getBoundingClientRect();
    if (!width) continue;
    const above = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (!above || !(one.contains(above) || above.contains(one))) found.push(`covered: ${one.id || one.textContent}`);
  }
  return found;
}"""


async def name_everything(sessions: Sessions, name: str) -> None:
    """Give everybody and everything in the shop this name."""
    async with writing(sessions) as session:
        await session.execute(update(Customer).values(first_name=name, last_name=name, address1=name, city=name))
        await session.execute(update(Account).values(name=name))
        await session.execute(update(Product).values(name=name, names={"en": name, "ko": name}))
        await session.execute(update(OrderLine).values(name=name))
        await session.execute(update(Ticket).values(subject=name))
        await session.execute(update(Conversation).values(title=name))


async def customers_screens(customer: Visit, shop: Shop, name: str) -> AsyncIterator[str]:
    """Go from screen to screen as a customer does, and say where."""
    page, pending = customer.page, await order_of(shop, OLIVIA, OrderStatus.PENDING)
    yield "login"
    await customer.log_in(OLIVIA)
    for text in ("Show me my orders", "I want a desk lamp", f"Cancel order {pending.id}"):
        await customer.say(text)
        yield text
    await name_everything(shop.sessions, name)
    await customer.say("I want to talk to a person")
    yield "with a person"
    await name_everything(shop.sessions, name)
    await page.goto(f"{shop.url}/programs")
    await expect(page.locator("main:visible h1")).to_be_visible()
    yield "programs"


async def desks_screens(staff: Visit, shop: Shop) -> AsyncIterator[str]:
    """Go from screen to screen as staff do, and say where."""
    page = staff.page
    await page.goto(f"{shop.url}/desk")
    await page.fill("[name=email]", STAFF_EMAIL)
    await page.fill("[name=password]", DEMO_PASSWORD)
    await page.press("[name=password]", "Enter")
    await expect(page.locator(".desk-item").first).to_be_visible()
    yield "queue"
    await page.click('[data-view="chats"]')
    await expect(page.locator(".desk-item")).to_have_count(1)
    yield "chats"
    await page.click('[data-view="tickets"]')
    await page.locator(".desk-item.waits").click()
    await expect(page.locator("#messages .message").first).to_be_visible()
    yield "ticket"
    await page.get_by_role("button", name="Take it", exact=True).click()
    await expect(page.get_by_role("button", name="Release")).to_be_visible()
    await expect(page.locator("#beside .item").first).to_be_attached()
    yield "taken"
    for path in ("traces", "team", "tasks"):
        await page.goto(f"{shop.url}/{path}")
        await expect(page.locator("#inside h1:visible")).to_be_visible()
        yield path


async def faults(page: Page, screens: AsyncIterator[str]) -> list[str]:
    """Return what is too wide or covered on any of the screens."""
    return [f"{screen}: {fault}" async for screen in screens for fault in await page.evaluate(FAULTS, BUTTONS)]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("script", SCRIPTS)
async def test_a_name_without_end_covers_no_button_and_widens_no_screen(
    browser: Browser, shop: Shop, script: str, width: int
) -> None:
    name = (SCRIPTS[script] * LONG)[:LONG]
    await name_everything(shop.sessions, name)

    async with visit(browser, shop, width=width, height=844) as customer:
        found = await faults(customer.page, customers_screens(customer, shop, name))
    async with visit(browser, shop, width=width, height=844) as staff:
        found += await faults(staff.page, desks_screens(staff, shop))

    assert found == []
