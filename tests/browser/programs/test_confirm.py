"""A change that a program asked for is answered on its page, and the API has a page too: in a real browser."""

import pytest
from playwright.async_api import Browser, expect

from storage.db import Sessions, writing
from storage.owners import Staff
from storage.settings import Settings
from storage.shop.orders import OrderStatus, get_order
from tests.browser.programs.test_consent import opened
from tests.factories import PASSWORD, add_order
from tests.ui.rest.served_shop import open_served_shop
from tests.ui.rest.test_confirm_mcp import CANCEL, program


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
        # A button that has only just appeared takes no click.
        await page.wait_for_timeout(600)
        await page.get_by_role("button", name=yes).click()
        await expect(page.locator("#ended-words")).to_have_text(done)
        await page.reload()
        await expect(page.locator("#ended-words")).to_have_text(done)

    async with sessions() as session:
        assert (await get_order(session, "#W1042", Staff())).status == "cancelled"
    assert complaints == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "locale", "words"),
    [
        ("en", "en-US", ("Asked by", "Before", "After", "Done.", "This order can no longer be cancelled.")),
        (
            "ko",
            "ko-KR",
            ("요청한 프로그램", "이전", "이후", "처리되었습니다.", "이 주문은 이제 취소할 수 없습니다."),
        ),
    ],
)
async def test_on_a_phone_a_person_sees_the_rows_before_and_after_and_what_asks_and_every_tab_what_came_of_it(
    settings: Settings, sessions: Sessions, browser: Browser, language: str, locale: str, words: tuple[str, ...]
) -> None:
    asks, before, after, done, refused = words
    move = {
        "order_id": "#W1042",
        "address1": "1 Elm",
        "city": "Austin",
        "state": "TX",
        "country": "USA",
        "zip": "78701",
    }
    async with open_served_shop(settings, sessions, language) as shop:
        await add_order(sessions, id="#W1042", customer_id=shop.customer.customer_id)
        async with program(shop) as client:
            asked = (await client.call_tool("change_order_address", move)).structured_content or {}
            page, complaints = await opened(browser, asked["confirm_url"], locale, width=390)
            await page.fill("input[name=email]", shop.customer.email)
            await page.fill("input[name=password]", PASSWORD)
            await page.click("#login-form button")
            table = page.locator("#confirm-facts .before-after")
            await expect(table.locator("thead")).to_have_text(f"{before}{after}")
            await expect(table.locator(".now")).to_contain_text("1 Elm, Austin, TX, 78701, USA")
            await expect(page.locator("#confirm-who")).to_contain_text(f"{asks}Claude")
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            other = await page.context.new_page()
            await other.goto(asked["confirm_url"])
            await expect(other.locator("#yes")).to_be_visible()
            # A button that has only just appeared takes no click.
            await page.wait_for_timeout(600)
            await page.click("#yes")
            await expect(page.locator("#ended-words")).to_contain_text(done)
            await other.wait_for_timeout(600)
            await other.click("#no")
            await expect(other.locator("#ended-words")).to_contain_text(done)
            late = (await client.call_tool("cancel_order", CANCEL)).structured_content or {}
            async with writing(sessions) as session:
                (await get_order(session, "#W1042", Staff())).status = OrderStatus.PROCESSED
            await page.goto(late["confirm_url"])
            await expect(page.locator("#confirm-facts .line")).to_have_count(1)
            await page.wait_for_timeout(600)
            await page.click("#yes")
            await expect(page.locator("#ended-more")).to_have_text(refused)
            await page.reload()
            await expect(page.locator("#ended-more")).to_have_text(refused)

    async with sessions() as session:
        order = await get_order(session, "#W1042", Staff())
    assert (order.address1, order.status) == ("1 Elm", "processed")
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
