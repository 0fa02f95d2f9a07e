"""The sidebar of conversations, and what can be done with a message."""

import json

import pytest
from playwright.async_api import Browser, expect

from knowledge.taking_in.ingest import ingest
from storage.db import writing
from storage.people.accounts import find_account
from storage.settings import REPOSITORY, Settings
from tests.browser.conftest import Shop
from tests.browser.visit import MINA, OLIVIA, Visit, visit
from tests.factories import add_conversation

pytestmark = pytest.mark.slow
MANY = 55
POLICIES = REPOSITORY / "knowledge" / "policies"


async def add_many(shop: Shop) -> None:
    async with shop.sessions() as session:
        account = await find_account(session, OLIVIA)
    assert account is not None
    for number in range(MANY):
        chat = await add_conversation(shop.sessions, customer_id=account.customer_id, account_id=account.id)
        async with writing(shop.sessions) as session:
            (await session.merge(chat)).title = f"About parcel {number}"


async def test_conversations_are_searched_renamed_and_deleted_and_more_than_a_page_is_there(
    browser: Browser, shop: Shop
) -> None:
    await add_many(shop)

    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.say("Show me my orders")
        page = customer.page
        await page.click("#history")
        rows = page.locator(".entry-of-list")
        await expect(rows).to_have_count(50)
        await page.click("#more")
        await expect(rows).to_have_count(MANY + 1)
        await page.fill("#search", "PARCEL 54")
        await expect(rows).to_have_count(1)
        await rows.get_by_label("Rename").click()
        await page.keyboard.type("The blue parcel")
        await page.keyboard.press("Enter")
        await expect(rows.locator(".name")).to_have_text("The blue parcel")
        await page.fill("#search", "blue")
        await expect(rows.locator(".name")).to_have_text(["The blue parcel"])
        await rows.get_by_label("Delete").click()
        await rows.get_by_role("button", name="Delete for good").click()
        await page.fill("#search", "")
        await expect(page.locator("#more")).to_be_visible()
        await page.fill("#search", "blue")
        await expect(page.locator("#no-history")).to_have_text("Nothing found.")


async def export_of(customer: Visit) -> list[str]:
    path = await customer.page.locator("#export").get_attribute("href")
    whole = await (await customer.page.request.get(f"{customer.page.url.split('/#')[0]}{path}")).text()
    return [event["thumb"] for event in json.loads(whole)["events"] if "thumb" in event]


async def test_an_answer_is_copied_and_rated_and_the_last_message_is_asked_again_or_changed(
    browser: Browser, shop: Shop
) -> None:
    async with visit(browser, shop) as customer:
        page = customer.page
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await customer.log_in(OLIVIA)
        await customer.say("Show me my orders")
        answer = page.locator(".message.assistant").last
        await answer.get_by_label("Copy").click()
        await expect(answer.locator(".copied")).to_have_text("Copied")
        assert "#W" in await page.evaluate("navigator.clipboard.readText()")
        await answer.get_by_label("Bad answer").click()
        await expect(answer.get_by_label("Bad answer")).to_have_attribute("aria-pressed", "true")
        await page.reload()
        await expect(answer.get_by_label("Bad answer")).to_have_attribute("aria-pressed", "true")
        assert await export_of(customer) == ["down"]
        await answer.get_by_label("Bad answer").click()
        await expect(answer.get_by_label("Bad answer")).to_have_attribute("aria-pressed", "false")
        assert await export_of(customer) == []
        await answer.get_by_label("Ask again").click()
        await expect(page.locator(".message.customer .said")).to_have_text(["Show me my orders"] * 2)
        await expect(page.locator("#send")).to_be_visible()
        await page.locator(".message.customer").last.get_by_label("Change and send again").click()
        await expect(page.locator("#text")).to_have_value("Show me my orders")
        await customer.say("Show me my tickets")
        await expect(page.locator(".message.customer .said")).to_have_text(
            ["Show me my orders", "Show me my orders", "Show me my tickets"]
        )


async def test_the_colours_that_were_chosen_are_there_after_a_reload(browser: Browser, shop: Shop) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"

    async with visit(browser, shop, locale="ko-KR") as customer:
        await customer.log_in(MINA)
        light = await customer.page.evaluate(colour)
        await customer.page.select_option("#theme", label="어둡게")
        dark = await customer.page.evaluate(colour)
        await customer.page.reload()
        await expect(customer.page.locator("#theme")).to_have_value("dark")
        kept = await customer.page.evaluate(colour)

    assert light != dark == kept


async def test_a_policy_is_a_page_to_read_in_both_languages(browser: Browser, shop: Shop, settings: Settings) -> None:
    await ingest(settings, shop.sessions, [POLICIES / "en" / "refunds.md", POLICIES / "ko" / "refunds.md"])

    async with visit(browser, shop, locale="ko-KR") as customer:
        await customer.log_in(MINA)
        page = customer.page
        await page.goto(f"{shop.url}/policies/refunds?language=ko")
        await expect(page.get_by_role("heading", level=1)).to_have_text("환불과 처리 기간")
        await page.select_option("#language", "en")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Refunds and how long they take")
        assert await page.locator("#policy-text p").count() > 1
        await page.goto(f"{shop.url}/policies/nothing")
        await expect(page.locator("#policy-error")).to_have_text("This policy was not found.")
