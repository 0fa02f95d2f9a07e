"""A change that a program asked for is answered on its page, and the API has a page too: in a real browser."""

import pytest
from playwright.async_api import Browser, expect

from storage.db import Sessions
from storage.owners import Staff
from storage.settings import Settings
from storage.shop.orders import get_order
from tests.browser.programs.test_consent import opened
from tests.factories import PASSWORD, add_order
from tests.ui.rest.served_shop import open_served_shop


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "locale", "question", "yes", "done"),
    [
        ("en", "en-US", "Cancel order #W1042", "Yes, do it", "Done. You can close this page."),
        ("ko", "ko-KR", "#W1042", "예, 변경합니다", "처리되었습니다. 이 창은 닫아도 됩니다."),
    ],
)
async def test_a_person_logs_in_reads_the_question_in_their_language_and_says_yes(
    settings: Settings,
    sessions: Sessions,
    browser: Browser,
    *,
    language: str,
    locale: str,
    question: str,
    yes: str,
    done: str,
) -> None:
    async with open_served_shop(settings, sessions, language) as shop:
        await add_order(sessions, id="#W1042", customer_id=shop.customer.customer_id)
        async with await shop.program() as client:
            asked = (await client.post("/orders/W1042/cancel", json={"reason": "x"})).json()
        page, complaints = await opened(browser, asked["confirm_url"], locale)
        await page.fill("input[name=email]", shop.customer.email)
        await page.fill("input[name=password]", PASSWORD)
        await page.click("#login-form button")
        await expect(page.locator("#confirm-text")).to_contain_text(question)
        await expect(page.locator("#confirm-text")).to_have_text(asked["summary"])
        await page.get_by_role("button", name=yes).click()
        await expect(page.locator("#ended-words")).to_have_text(done)
        await page.reload()
        await expect(page.locator("#ended-words")).to_have_text(done)

    async with sessions() as session:
        assert (await get_order(session, "#W1042", Staff())).status == "cancelled"
    assert complaints == []


@pytest.mark.slow
async def test_the_apis_page_shows_every_route_and_opens_one(
    settings: Settings, sessions: Sessions, browser: Browser
) -> None:
    async with open_served_shop(settings, sessions) as shop:
        page, complaints = await opened(browser, f"{shop.settings.public_ui_url}/docs", "ko-KR")
        await expect(page.locator("h1")).to_have_text("쇼핑몰 API")
        await page.fill("#filter", "/orders/{order_id}/cancel")
        await expect(page.locator(".operation:visible")).to_have_count(1)
        await page.click(".operation:visible summary")
        await expect(page.locator(".operation:visible")).to_contain_text("curl")

    assert complaints == []
