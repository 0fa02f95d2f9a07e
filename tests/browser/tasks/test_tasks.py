"""One question to several models: each step is seen as it happens, and a task can be stopped, found and confirmed."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect
from starlette.responses import PlainTextResponse, Response

from storage.owners import Staff
from storage.settings import Settings
from storage.shop.orders import OrderStatus, get_order
from tests.browser.conftest import Shop
from tests.browser.tasks.watching import Watch, never, scripted_shop, watching
from tests.browser.test_inside import look
from tests.browser.test_safe import ATTACKS
from tests.browser.test_safe_for_staff import WHAT_COULD_RUN
from tests.browser.visit import OLIVIA, order_of, visit

pytestmark = pytest.mark.slow

WORDS = {
    "en": ("running", "done", "the models disagree", "No vote: c", "Vote"),
    "ko": ("진행 중", "완료", "의견이 다름", "투표하지 않음: c", "투표"),
}

SAID = {
    "a": "The lamp is **broken**.\n\nANSWER: refund",
    "b": "- cheaper\n- quicker\n\nANSWER: replace",
    "c": "I am not sure.",
}


@pytest.mark.parametrize(
    ("language", "dark", "width", "height"),
    [
        ("en", False, 1280, 900),
        ("ko", True, 390, 844),
        ("ko", False, 1280, 900),
        ("en", True, 390, 844),
    ],
)
async def test_a_vote_is_seen_step_by_step_while_it_is_taken(
    browser: Browser, settings: Settings, seeded: Path, language: str, dark: bool, width: int, height: int
) -> None:
    goes_on = asyncio.Event()

    async def speak(model: str, body: dict[str, Any]) -> str:
        if model == "b":
            await goes_on.wait()
        return SAID[model]

    running, done, disagree, silent, vote = WORDS[language]
    query = "부서진 램프는 어떻게 할까요?" if language == "ko" else "What about the broken lamp?"
    shot = f"tasks-{language}-{width}-{'dark' if dark else 'light'}"
    async with (
        scripted_shop(settings, seeded, speak) as shop,
        watching(browser, shop, language=language, dark=dark, width=width, height=height) as staff,
    ):
        page = staff.page
        await expect(page.locator("#models label")).to_have_count(3)
        faults = await look(page, f"{shot}-ask")
        await staff.ask(query, "vote", "a", "b", "c", options="refund, replace")
        await sees_one_that_is_not_done(staff, running, done)
        faults += await look(page, f"{shot}-live")
        goes_on.set()
        await expect(staff.status).to_have_text(done)
        await sees_the_count(staff, disagree, silent)
        faults += await look(page, f"{shot}-done")
        await page.click('#one a[href="#"]')
        await expect(page.locator("#found .asked")).to_have_text([query])
        await expect(page.locator("#found .told")).to_have_text([f"{vote} · a, b, c"])
        faults += await look(page, f"{shot}-list")
        await page.click("#found a")
        await expect(page.locator("#one .answer .said")).to_contain_text("refund, replace")
        await page.click("#one summary >> nth=0")
        await expect(staff.step("b").locator(".said li")).to_have_count(2)

    assert faults == []


async def sees_one_that_is_not_done(staff: Watch, running: str, done: str) -> None:
    await expect(staff.step("a").locator(".said strong")).to_have_text("broken")
    await expect(staff.step("c").locator(".badge")).to_have_text(done)
    await expect(staff.step("b").locator(".badge")).to_have_attribute("data-i18n", "turn_running")
    await expect(staff.status).to_have_text(running)
    await expect(staff.page.locator("#one .answer")).to_be_hidden()


async def sees_the_count(staff: Watch, disagree: str, silent: str) -> None:
    await expect(staff.step("b").locator(".said li")).to_have_text(["cheaper", "quicker"])
    counted = staff.page.locator("#one li.row.answer")
    await expect(counted).to_contain_text(disagree)
    await expect(counted.locator('[data-i18n="vote_tie"]')).to_be_visible()
    for text in ("refund, replace", silent):
        await expect(staff.page.locator("#one .answer .said")).to_contain_text(text)


async def test_a_task_is_stopped_and_what_was_said_is_kept(browser: Browser, settings: Settings, seeded: Path) -> None:
    async def speak(model: str, body: dict[str, Any]) -> str:
        return "It takes five days." if model == "a" else await never()

    async with scripted_shop(settings, seeded, speak) as shop, watching(browser, shop) as staff:
        await staff.ask("How long does it take?", "sequential", "a", "b")
        await expect(staff.step("a").locator(".said")).to_have_text("It takes five days.")
        await expect(staff.step("b").locator(".badge")).to_have_text("running")
        await expect(staff.step("b")).to_contain_text("Reads the answers of: step1_a")
        await staff.page.click("#cancel")
        await expect(staff.status).to_have_text("cancelled")
        await expect(staff.page.locator("#cancel")).to_be_hidden()
        await staff.page.reload()
        await expect(staff.status).to_have_text("cancelled")
        await staff.page.click("#one summary >> nth=0")
        await expect(staff.step("a").locator(".said")).to_have_text("It takes five days.")


@pytest.mark.parametrize(("language", "missing"), [("en", "No answer"), ("ko", "답변을 받지")])
async def test_a_step_that_fails_is_named_with_its_reason(
    browser: Browser, settings: Settings, seeded: Path, language: str, missing: str
) -> None:
    async def speak(model: str, body: dict[str, Any]) -> str | Response:
        return PlainTextResponse("broken", status_code=500) if model == "b" else "ANSWER: yes"

    async with (
        scripted_shop(settings, seeded, speak) as shop,
        watching(browser, shop, language=language, width=390, height=844) as staff,
    ):
        await staff.ask("반품할 수 있나요?" if language == "ko" else "May it be returned?", "vote", "a", "b", "c")
        failed = staff.step("b")
        await expect(failed.locator(".badge.failed").first).to_be_visible()
        await expect(failed.locator(".why").last).to_contain_text("500")
        await expect(staff.page.locator("#one .answer .error")).to_contain_text("step2_b")
        await expect(staff.status).to_have_text("done" if language == "en" else "완료")
        faults = await look(staff.page, f"tasks-{language}-failed")
    assert faults == []


async def test_injections_in_a_question_and_in_what_models_say_are_shown_and_none_runs(
    browser: Browser, settings: Settings, seeded: Path
) -> None:
    bad = "\n".join(ATTACKS)

    async def speak(model: str, body: dict[str, Any]) -> str:
        return bad

    async with scripted_shop(settings, seeded, speak) as shop, watching(browser, shop) as staff:
        page = staff.page
        await page.select_option("#mode", "parallel")
        await page.check('#models [value="a"]')
        await page.check('#models [value="b"]')
        await page.fill("#ask textarea", bad)
        await page.click("#begin")
        await expect(staff.status).to_have_text("done")
        await expect(page.locator("#one h1")).to_contain_text(ATTACKS[0])
        await expect(page.locator("#one li.row .said")).to_have_count(3)
        await expect(page.locator("#one .answer .said")).to_contain_text(ATTACKS[0])
        found = await page.evaluate(WHAT_COULD_RUN)
        await page.click('#one a[href="#"]')
        await expect(page.locator("#found .asked")).to_contain_text(ATTACKS[0])
        found += await page.evaluate(WHAT_COULD_RUN)
        ran = await page.evaluate("window.hit")

    assert (found, ran) == ([], None)


async def test_a_change_waits_for_the_yes_that_is_given_on_the_page(browser: Browser, shop: Shop) -> None:
    order = await order_of(shop, OLIVIA, OrderStatus.PENDING)
    async with watching(browser, shop) as staff:
        page = staff.page
        query = f"Cancel order {order.id}, it was ordered by mistake."
        await staff.ask(query, "parallel", "slice1", "slice2")
        await expect(staff.status).to_have_text("waits for your yes")
        await expect(page.locator("#one li.row").first).to_contain_text("cancel_order")
        await expect(page.locator("#one .confirm")).to_have_count(1)
        faults = await look(page, "tasks-en-asked")
        async with shop.sessions() as session:
            assert (await get_order(session, order.id, Staff())).status is OrderStatus.PENDING
        await page.locator("#one .confirm").get_by_role("button", name="Confirm", exact=True).click()
        await expect(page.locator("#one .confirm")).to_have_attribute("data-answer", "yes")
        await expect(staff.status).to_have_text("done")
        faults += await look(page, "tasks-en-confirmed")
        async with shop.sessions() as session:
            assert (await get_order(session, order.id, Staff())).status is OrderStatus.CANCELLED
    assert faults == []


async def test_a_page_that_is_opened_while_a_task_runs_shows_all_of_it(
    browser: Browser, settings: Settings, seeded: Path
) -> None:
    goes_on = asyncio.Event()

    async def speak(model: str, body: dict[str, Any]) -> str:
        if model == "b":
            await goes_on.wait()
        return f"I am {model}."

    async with (
        scripted_shop(settings, seeded, speak) as shop,
        watching(browser, shop) as staff,
        watching(browser, shop) as other,
    ):
        await staff.ask("Who are you?", "sequential", "a", "b")
        await expect(staff.step("a").locator(".said")).to_have_text("I am a.")
        await other.page.goto(staff.page.url)
        await expect(other.step("a").locator(".said")).to_have_text("I am a.")
        await staff.page.select_option("#language", "ko")
        await expect(staff.status).to_have_text("진행 중")
        await expect(staff.step("a").locator(".said")).to_have_text("I am a.")
        goes_on.set()
        for one in (staff, other):
            await expect(one.page.locator("#one .answer .said")).to_have_text("I am b.")
            await expect(one.step("b").locator(".said")).to_have_count(1)


async def test_what_cannot_be_asked_is_told_and_the_question_stays(browser: Browser, shop: Shop) -> None:
    async with watching(browser, shop, language="ko") as staff:
        page = staff.page
        await page.select_option("#mode", "vote")
        await page.check('#models [value="slice1"]')
        await page.fill("#ask textarea", "환불할까요?")
        await page.click("#begin")
        await expect(page.locator("#inside-error")).to_contain_text("두 개 이상")
        await expect(page.locator("#ask textarea")).to_have_value("환불할까요?")
        await page.goto(f"{shop.url}/tasks#task_none")
        await expect(page.locator("#inside-error")).to_contain_text("해당 작업을 찾을 수 없습니다")


async def test_a_customer_is_told_that_the_page_is_for_staff(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.page.goto(f"{shop.url}/tasks")
        await expect(customer.page.locator("#inside-error")).to_contain_text("for the shop’s staff")
        await expect(customer.page.locator("#overview")).to_be_hidden()
        answer = await customer.page.request.get(f"{shop.url}/cooperation/task")
        assert answer.status == 403
