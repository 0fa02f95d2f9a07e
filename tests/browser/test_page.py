"""How the page behaves in a real browser."""

import re
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, expect

from tests.browser.conftest import Shop
from tests.browser.visit import MINA, OLIVIA, visit

WATCH_LIVE = """() => {
    window.seen = [];
    const note = () => {
        const live = document.querySelector('.message.live .said');
        if (live) window.seen.push(live.textContent);
    };
    new MutationObserver(note).observe(document.querySelector('#messages'), {childList: true, subtree: true});
}"""
# The road from a sentence to a changed row is in the quick suite (test_customer.py); the rest of the page is not.
pytestmark = pytest.mark.slow

WORDS_SHOWN = """() => [...document.querySelectorAll('[data-i18n]')]
    .filter((node) => node.textContent === node.dataset.i18n || node.textContent.includes('{'))
    .map((node) => node.dataset.i18n)"""


async def test_the_answer_appears_while_it_is_written(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.page.evaluate(WATCH_LIVE)
        await customer.say("Show me my orders")
        seen: list[str] = await customer.page.evaluate("window.seen")
        answer = await customer.said("assistant").text_content() or ""
        await expect(customer.page.locator(".message.assistant")).to_have_count(1)
        await expect(customer.page.locator("#send")).to_be_visible()

    assert len(set(seen)) > 3
    assert all(later.startswith(earlier) for earlier, later in pairwise(seen))
    assert seen[-1].strip() == answer


async def test_the_panel_shows_who_was_picked_what_was_called_and_how_long_it_took(
    browser: Browser, shop: Shop
) -> None:
    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.say("Show me my orders")
        panel = customer.page.locator("#debug")
        await expect(panel).to_contain_text("Stand-in model: no GPU here")
        await expect(panel.locator(".row.router .head")).to_have_text(
            re.compile(r"Router→ OrderTrackerby the model\d+")
        )
        await expect(panel.locator(".candidates .chosen .name")).to_have_text("OrderTracker")
        await expect(panel.locator(".row.tool strong")).to_have_text("orders.list_orders")
        await expect(panel.locator(".arguments .injected")).to_have_text("injected by the server")
        await expect(panel.locator(".row.guard .badge")).to_have_text(["passed", "passed"])
        await expect(panel.locator(".row.model .slice-2")).to_have_count(2)
        await panel.locator(".result summary").click()
        await expect(panel.locator(".result pre")).to_contain_text('"orders": [')
        await expect(panel.locator(".totals")).to_contain_text("3 model calls")


async def test_the_rows_that_a_write_changed_are_shown_before_and_after(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.say("Cancel my pending order")
        await customer.press("Confirm")
        row = customer.page.locator(".turn[open] .row.tool")
        await expect(row.locator(".changes .before").filter(has_text="pending")).to_have_count(1)
        await expect(row.locator(".changes .after").filter(has_text="cancelled")).to_have_count(1)
        await expect(row.locator(".changes-head")).to_contain_text("audit a_")


async def test_after_a_reload_the_conversation_and_its_open_question_are_there_again(
    browser: Browser, shop: Shop
) -> None:
    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.say("Cancel my pending order")
        question = await customer.card().locator(".asked").text_content()
        await customer.page.reload()
        await expect(customer.card().locator(".asked")).to_have_text(question or "")
        await expect(customer.said("customer")).to_have_text("Cancel my pending order")
        await expect(customer.turns()).to_have_count(1)
        await customer.press("Confirm")
        await expect(customer.card().get_by_role("button", name="Confirm")).to_be_disabled()
        await expect(customer.card()).to_contain_text("You confirmed this.")


async def test_a_plain_yes_in_a_message_answers_the_card_too(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop, locale="ko-KR") as customer:
        await customer.log_in(MINA)
        await customer.say("주문 취소해 주세요")
        await expect(customer.card().get_by_role("button", name="확인", exact=True)).to_be_focused()
        await customer.say("네")
        await expect(customer.card()).to_have_attribute("data-answer", "yes")
        await expect(customer.card()).to_contain_text("확인하셨습니다.")


@pytest.mark.parametrize("shop", [100], indirect=True)
async def test_stop_ends_the_answer_and_the_next_message_works(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.page.fill("#text", "Show me my orders")
        await customer.page.press("#text", "Enter")
        await customer.page.click("#stop")
        await expect(customer.page.locator(".turn .badge.stopped")).to_have_count(1)
        await customer.say("Where is my order?")
        await expect(customer.said("assistant")).to_contain_text("#W")


@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
async def test_every_label_has_words_in_both_languages(browser: Browser, shop: Shop, locale: str) -> None:
    async with visit(browser, shop, locale=locale) as customer:
        korean = locale == "ko-KR"
        await expect(customer.page.locator("html")).to_have_attribute("lang", "ko" if korean else "en")
        await customer.log_in(MINA if korean else OLIVIA)
        await customer.say("제 주문 취소해 주세요" if korean else "Cancel my order")
        shown = []
        switch = customer.page.locator("#language")
        await expect(switch.locator("option")).to_have_text(["English", "한국어"])
        for language in ("en", "ko") if korean else ("ko", "en"):
            shown.append(await customer.page.evaluate(WORDS_SHOWN))
            await switch.select_option(language)
            await expect(customer.page.locator("html")).to_have_attribute("lang", language)
        await switch.select_option("en" if korean else "ko")
        await expect(customer.page.locator("html")).to_have_attribute("lang", "en" if korean else "ko")
        await customer.page.reload()
        await expect(customer.page.locator("html")).to_have_attribute("lang", "en" if korean else "ko")

    assert shown == [[], []]


async def test_the_page_follows_the_customers_language_until_one_is_chosen(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop, locale="en-US") as customer:
        await expect(customer.page.get_by_role("heading", name="Welcome")).to_be_visible()
        await customer.log_in(MINA)
        await expect(customer.page.locator("#send")).to_have_text("보내기")


async def test_a_picture_is_shown_before_it_is_sent_and_in_the_message(browser: Browser, shop: Shop) -> None:
    file = BytesIO()
    Image.new("RGB", (320, 240), "teal").save(file, "PNG")

    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.page.set_input_files(
            "#files", FilePayload(name="lamp", mimeType="image/png", buffer=file.getvalue())
        )
        await expect(customer.page.locator(".preview:not(.sending) img")).to_have_count(1)
        await customer.say("What is in this picture?")
        picture = customer.page.locator(".message.customer img")
        await expect(picture).to_have_js_property("naturalWidth", 320)
        await expect(customer.page.locator(".preview")).to_have_count(0)
        await customer.page.set_input_files("#files", FilePayload(name="note", mimeType="image/png", buffer=b"words"))
        await expect(customer.page.locator("#composer-error")).to_contain_text("not a picture we can read")


async def test_markup_in_a_message_stays_text(browser: Browser, shop: Shop) -> None:
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"

    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.say(attack)
        await expect(customer.said("customer")).to_have_text(attack)
        assert await customer.page.locator(".message script, .message.customer img").count() == 0


async def test_a_wrong_password_is_told_in_the_visitors_language(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop, locale="ko-KR") as customer:
        await customer.page.fill("[name=email]", OLIVIA)
        await customer.page.fill("[name=password]", "wrong")
        await customer.page.press("[name=password]", "Enter")
        await expect(customer.page.locator("#login-error")).to_have_text("이메일 또는 비밀번호가 맞지 않습니다.")


async def test_earlier_conversations_are_listed_and_can_be_opened_again(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.say("Show me my orders")
        await customer.page.click("#new")
        await expect(customer.page.locator("#empty")).to_be_visible()
        await customer.page.click("#history")
        await customer.page.get_by_role("button", name="Show me my orders").click()
        await expect(customer.said("customer")).to_have_text("Show me my orders")
        await customer.page.click("#logout")
        await expect(customer.page.locator("#login")).to_be_visible()
        await expect(customer.page.locator(".message")).to_have_count(0)


async def test_on_a_phone_nothing_is_cut_off_and_the_steps_are_a_drawer(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop, locale="ko-KR", width=360, height=740) as customer:
        await customer.log_in(MINA)
        await customer.say("주문 취소해 주세요")
        assert await customer.page.evaluate("document.documentElement.scrollWidth") == 360
        await expect(customer.page.locator("#debug")).to_be_hidden()
        await customer.page.click("#toggle-debug")
        await expect(customer.page.locator("#debug .row.router")).to_be_visible()
        assert await customer.page.evaluate("document.querySelector('#debug').scrollWidth") <= 360
        await customer.page.keyboard.press("Escape")
        await expect(customer.page.locator("#debug")).to_be_hidden()
        await expect(customer.page.locator("#toggle-debug")).to_be_focused()
