"""axe-core on every screen that no other test looks at, in both languages and colours, on a desktop and a phone."""

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it brings no types
from playwright.async_api import Browser, Page, expect

from storage.moving.demo import PASSWORD, STAFF_EMAIL
from storage.shop.orders import OrderStatus
from tests.browser.conftest import Shop
from tests.browser.visit import MINA, OLIVIA, order_of, visit

pytestmark = pytest.mark.slow
SERIOUS = {"serious", "critical"}


async def faults(page: Page, screen: str) -> list[str]:
    """What axe-core finds serious on a screen."""
    found = (await Axe().run(page)).response["violations"]
    return [
        f"{screen}: {one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


@pytest.mark.parametrize(
    ("locale", "email", "dark", "width", "height"),
    [("en-US", OLIVIA, False, 1280, 900), ("ko-KR", MINA, True, 390, 844)],
)
async def test_no_screen_has_a_serious_fault(
    browser: Browser, shop: Shop, locale: str, email: str, dark: bool, width: int, height: int
) -> None:
    korean = locale == "ko-KR"
    pending = await order_of(shop, email, OrderStatus.PENDING)

    async with visit(browser, shop, locale=locale, dark=dark, width=width, height=height) as customer:
        page = customer.page
        await expect(page.locator("#demo-accounts button").first).to_be_visible()
        found = await faults(page, "login")
        await customer.log_in(email)
        found += await faults(page, "empty")
        await customer.say("제 주문 목록 보여 주세요" if korean else "Show me my orders")
        await customer.say("책상 스탠드 있나요?" if korean else "Do you have desk lamps?")
        await customer.say(f"{pending.id} 주문 어디쯤 왔나요?" if korean else f"Where is {pending.id}?")
        found += await faults(page, "cards")
        await customer.say(f"{pending.id} 주문 취소해 주세요" if korean else f"Please cancel order {pending.id}")
        await expect(customer.card().locator(".line").first).to_be_visible()
        found += await faults(page, "question")
        await page.click("#history")
        await expect(page.locator(".entry-of-list")).to_have_count(1)
        found += await faults(page, "sidebar")
        await page.goto(f"{shop.url}/policies/none")
        await expect(page.locator("#policy-error")).not_to_be_empty()
        found += await faults(page, "policy")

    assert found == []


PROGRAMS = {"programs": "main:visible h1", "pictures": "main:visible h1", "docs": ".operation"}


@pytest.mark.parametrize(
    ("locale", "dark", "width", "height"), [("en-US", True, 1280, 900), ("ko-KR", False, 390, 844)]
)
async def test_no_screen_of_programs_and_of_the_queue_has_a_serious_fault(
    browser: Browser, shop: Shop, locale: str, dark: bool, width: int, height: int
) -> None:
    async with visit(browser, shop, locale=locale, dark=dark, width=width, height=height) as staff:
        page, found = staff.page, []
        await page.goto(f"{shop.url}/desk")
        await page.fill("[name=email]", STAFF_EMAIL)
        await page.fill("[name=password]", PASSWORD)
        await page.press("[name=password]", "Enter")
        await expect(page.locator(".desk-item").first).to_be_visible()
        for view in ("tickets", "chats", "gaps"):
            await page.click(f'[data-view="{view}"]')
            await expect(page.locator(f'[data-view="{view}"]')).to_have_attribute("aria-pressed", "true")
            found += await faults(page, view)
        for path, shown in PROGRAMS.items():
            await page.goto(f"{shop.url}/{path}")
            await expect(page.locator(shown).first).to_be_visible()
            if await page.locator("summary").count():
                await page.locator("summary").first.click()
            found += await faults(page, path)

    assert found == []
