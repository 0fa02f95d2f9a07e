"""Several tabs of one browser, and the way back: one connection for all, and Back stays on the page."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Shop
from tests.browser.visit import OLIVIA, visit

pytestmark = pytest.mark.slow
TABS = 9


async def test_nine_tabs_show_a_conversation_live_and_go_on_when_the_listening_one_is_closed(
    browser: Browser, shop: Shop
) -> None:
    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.say("Show me my orders")
        pages = [customer.page]
        for _ in range(TABS - 1):
            page = await customer.page.context.new_page()
            await page.goto(customer.page.url)
            await expect(page.locator(".message.customer .said")).to_have_text(["Show me my orders"])
            pages.append(page)

        await _say(pages[4], "Where is my order?")
        for page in pages:
            await expect(page.locator(".message.assistant")).to_have_count(2)
        await pages.pop(0).close()
        await _say(pages[-1], "How long do refunds take?")
        for page in pages:
            await expect(page.locator(".message.assistant")).to_have_count(3)
            assert await page.locator(".message.customer .said").all_text_contents() == [
                "Show me my orders",
                "Where is my order?",
                "How long do refunds take?",
            ]


async def test_tabs_with_different_conversations_hear_each_their_own(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        pages = []
        for number in range(TABS - 1):
            page = await customer.page.context.new_page()
            await page.goto(shop.url)
            await _say(page, f"Is this number {number}?")
            await expect(page.locator(".message.assistant")).to_have_count(1)
            pages.append(page)
        for number, page in enumerate(pages):
            await expect(page.locator(".message.customer .said")).to_have_text([f"Is this number {number}?"])


async def test_back_leads_out_of_a_chat_and_not_out_of_the_page(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.say("Show me my orders")
        await customer.page.go_back()
        await expect(customer.page.locator("#empty")).to_be_visible()
        await expect(customer.page.locator(".message")).to_have_count(0)
        await customer.page.go_forward()
        await expect(customer.said("customer")).to_have_text("Show me my orders")


async def _say(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")
