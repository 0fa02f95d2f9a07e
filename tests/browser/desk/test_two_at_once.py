"""Two of the staff on one conversation: each sees at once what the other does, and nothing is said twice."""

import anyio
import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import Shop
from tests.browser.desk.counter import Counter, counter
from tests.browser.visit import OLIVIA, Visit, visit

pytestmark = pytest.mark.slow
WISH = "I want to talk to a person"


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def note(desk: Counter, text: str) -> None:
    await desk.write(text, note=True)


async def handed_over(customer: Visit, *desks: Counter) -> None:
    """Have the customer ask for a person, and everybody open that."""
    await customer.log_in(OLIVIA)
    await customer.say(WISH)
    for desk in desks:
        await desk.page.locator(".desk-item.waits").click()
        await expect(desk.said().first).to_have_text(WISH)


async def test_who_takes_over_is_seen_and_an_answer_is_kept_for_who_lost_it(browser: Browser, shop: Shop) -> None:
    async with (
        visit(browser, shop) as customer,
        counter(browser, shop, name="Ana") as ana,
        counter(browser, shop, name="Ben") as ben,
    ):
        await handed_over(customer, ana, ben)
        await press(ana.page, "Take it")
        await expect(ben.page.locator("#head")).to_contain_text("Ana has it")
        await expect(ben.page.get_by_role("button", name="Give the chat back")).to_have_count(0)
        await ana.page.fill("#text", "I was about to answer")
        await press(ben.page, "Take it over")
        await expect(ana.page.locator("#head")).to_contain_text("Ben has it")
        await ana.page.press("#text", "Enter")
        await expect(ana.page.locator("#error")).to_have_text(
            "A colleague has this ticket. Take it over from them first."
        )
        await expect(ana.page.locator("#text")).to_have_value("I was about to answer")
        await expect(customer.page.locator(".message.person")).to_have_count(0)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(note, ana, "They wrote before")
            tasks.start_soon(note, ben, "I call them")
        for desk in (ana, ben):
            notes = desk.page.locator(".message.note .said")
            await expect(notes).to_have_count(2)
            assert set(await notes.all_inner_texts()) == {"They wrote before", "I call them"}


async def test_what_was_said_before_a_chat_was_given_back_is_shown_once(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop) as customer, counter(browser, shop, name="Ana") as ana:
        await handed_over(customer, ana)
        await press(ana.page, "Take it")
        await ana.write("Hello, this is Ana.")
        await expect(customer.page.locator(".message.person .said")).to_have_text("Hello, this is Ana.")
        await press(ana.page, "Give the chat back")
        await expect(ana.page.locator(".news").last).to_have_text("Given back to the team")
        await expect(ana.page.locator("#text")).to_have_attribute(
            "placeholder", "Write on the ticket, where the customer reads it"
        )
        await ana.write("One more thing.")
        await expect(ana.said().last).to_have_text("One more thing.")

        said = await ana.said().all_inner_texts()
        assert [sum(text in one for one in said) for text in (WISH, "this is Ana", "One more")] == [1, 1, 1]
        await expect(customer.page.locator(".message.person")).to_have_count(1)
