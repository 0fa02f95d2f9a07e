"""A customer who waits in a chat, and a person who finds them first, looks, notes, answers and resolves."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Shop
from tests.browser.desk.counter import Counter, counter
from tests.browser.test_accessible import faults
from tests.browser.visit import MINA, OLIVIA, visit

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Words:
    """What is said and read in one language."""

    locale: str
    email: str
    wish: str
    waits: str
    take: str
    resolved: str
    refused: str
    canned: str


ENGLISH = Words(
    *("en-US", OLIVIA, "I want to talk to a person", "Waits in the chat", "Take it", "Resolved"),
    *("This page is for the shop’s staff", "Hello Olivia Brown, thank you"),
)
KOREAN = Words(
    *("ko-KR", MINA, "사람하고 얘기할래요", "채팅에서 대기 중", "담당하기", "해결됨"),
    *("쇼핑몰 직원 전용 페이지입니다", "김민아님, 문의해 주셔서"),
)


@pytest.mark.parametrize(
    ("words", "dark", "width"), [(ENGLISH, False, 1280), (KOREAN, True, 390)], ids=["desktop", "phone"]
)
async def test_a_person_finds_answers_and_resolves_a_customer_who_waits(
    browser: Browser, shop: Shop, words: Words, dark: bool, width: int
) -> None:
    async with (
        visit(browser, shop, locale=words.locale) as customer,
        counter(browser, shop, locale=words.locale, dark=dark, width=width) as desk,
    ):
        page = desk.page
        await customer.log_in(words.email)
        refused = await customer.page.request.get(f"{shop.url}/desk")
        assert refused.status == 403
        await customer.say(words.wish)

        await expect(desk.items().first).to_contain_text(words.waits)
        await picture(desk, f"queue-{words.locale}")
        found = await faults(page, "queue")
        await desk.items().first.click()
        await expect(desk.said().first).to_have_text(words.wish)
        await page.get_by_role("button", name=words.take, exact=True).click()
        await desk.write("They are right: the parcel is lost.", note=True)
        await page.fill("#text", "We are very")
        await page.reload()
        await expect(page.locator("#text")).to_have_value("We are very")
        await page.fill("#text", "")
        await page.click('[data-way="reply"]')
        await page.select_option("#canned", "0")
        await expect(page.locator("#text")).to_have_value(re.compile(f"^{words.canned}"))
        await page.press("#text", "Enter")
        await expect(customer.said("person")).to_contain_text(words.canned)
        await customer.page.fill("#text", "Thank you!")
        await customer.page.press("#text", "Enter")
        await expect(desk.said().filter(has_text="Thank you!")).to_be_visible()
        await expect(page.locator("#beside .item").first).to_be_visible()
        await page.locator("#beside .item").first.click()
        await expect(page.locator("#beside .shop-card")).to_be_visible()
        await picture(desk, f"ticket-{words.locale}")
        found += await faults(page, "ticket")

        await page.fill("#text", "It is on its way again.")
        await page.click("#resolve")
        await expect(page.locator("#head .badge").first).to_have_text(words.resolved)
        await expect(customer.page.locator("#with-person")).to_be_hidden()
        assert "the parcel is lost" not in await customer.page.content()
        await customer.page.goto(f"{shop.url}/desk")
        await expect(customer.page.locator("#not-staff h1")).to_have_text(words.refused)

    assert found == []


async def picture(desk: Counter, name: str) -> None:
    """Keep a screenshot where SHOPDESK_PICTURES names a folder for them."""
    if folder := os.environ.get("SHOPDESK_PICTURES"):
        await desk.page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_link_to_what_there_is_not_says_so_beside_the_queue(browser: Browser, shop: Shop) -> None:
    async with counter(browser, shop) as desk:
        await desk.page.goto(f"{shop.url}/desk#T99999999")
        await expect(desk.page.locator("#total")).to_have_text("This ticket was not found.")
        await expect(desk.page.locator("#nothing")).to_be_visible()


async def test_on_a_small_laptop_the_conversation_keeps_its_place(browser: Browser, shop: Shop) -> None:
    async with counter(browser, shop, width=1024) as desk:
        await desk.page.set_viewport_size({"width": 1024, "height": 768})
        await desk.items().first.click()
        await expect(desk.page.locator("#beside .item").first).to_be_attached()
        places = {name: await desk.page.locator(name).bounding_box() for name in ("#log", "#send", "#beside")}

    log, send, beside = (places[name] for name in ("#log", "#send", "#beside"))
    assert log is not None
    assert send is not None
    assert beside is not None
    assert log["height"] > 120
    assert send["y"] + send["height"] < beside["y"] < 768 - 100
