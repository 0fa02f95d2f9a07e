"""Staff look inside: every turn, one of them down to a prompt, the team at work, another model for a role."""

import json
import os
import shlex
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it brings no types
from playwright.async_api import Browser, Page, expect

from storage.moving.demo import PASSWORD
from tests.browser.conftest import Shop
from tests.browser.visit import MINA, OLIVIA, visit

pytestmark = pytest.mark.slow
STAFF = "staff@shopdesk.example"
SHOTS = os.environ.get("SHOPDESK_SCREENSHOTS", "")
"""A folder for pictures of each screen, for whoever looks at them."""


async def log_in_as_staff(page: Page) -> None:
    await write_login(page)
    await expect(page.locator("#inside-link")).to_be_visible()


async def write_login(page: Page) -> None:
    await page.fill('#login-form [name="email"]', STAFF)
    await page.fill('#login-form [name="password"]', PASSWORD)
    await page.click("#login-form button")


async def look(page: Page, screen: str) -> list[str]:
    """What axe-core finds serious on a screen, and whether it is wider than its window."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{screen}.png", full_page=False)
    found = (await Axe().run(page)).response["violations"]
    faults = [
        f"{screen}: {one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*faults, *([f"{screen}: wider than the window"] if wide else [])]


@pytest.mark.parametrize(
    ("locale", "dark", "width", "height"), [("en-US", False, 1280, 900), ("ko-KR", True, 390, 844)]
)
async def test_staff_find_a_turn_open_its_prompt_and_see_the_team(
    browser: Browser, shop: Shop, locale: str, dark: bool, width: int, height: int
) -> None:
    korean = locale == "ko-KR"
    async with visit(browser, shop, locale=locale) as customer:
        await customer.log_in(MINA if korean else OLIVIA)
        await customer.say("내 주문 보여줘" if korean else "Show me my orders")
        await customer.say("환불은 얼마나 걸려요?" if korean else "How long do refunds take?")

    async with visit(browser, shop, locale=locale, dark=dark, width=width, height=height) as staff:
        page, kind = staff.page, "phone-ko" if korean else "desktop-en"
        # The desk lets staff in, in their browser's language, and sends them where they wanted to go.
        await page.goto(f"{shop.url}/traces")
        await page.wait_for_url("**/desk?to=traces")
        await write_login(page)
        await page.wait_for_url("**/traces")
        await expect(page.locator("html")).to_have_attribute("lang", locale[:2])
        await expect(page.locator("#found li")).to_have_count(2)
        faults = await look(page, f"{kind}-traces")
        await page.fill("#search", "환불" if korean else "refunds")
        await expect(page.locator("#found li")).to_have_count(1)
        await page.click("#found a")
        await expect(page.locator(".row.tool")).to_have_count(1)
        faults += await look(page, f"{kind}-trace")
        await page.locator(".call > summary").last.click()
        await expect(page.locator(".call .legend")).to_be_visible()
        await page.locator(".call .buttons").scroll_into_view_if_needed()
        faults += await look(page, f"{kind}-call")
        await copied_call_is_answered(page)
        await page.click("#replay-run")
        await expect(page.locator("#replay .side")).to_have_count(2)
        await expect(page.locator("#replay .calls")).to_contain_text(["search_policies"] * 2)
        faults += await look(page, f"{kind}-replay")
        await page.goto(f"{shop.url}/team")
        await expect(page.locator(".node.specialist")).to_have_count(6)
        faults += await look(page, f"{kind}-team")
        await page.locator('.node[data-id="OrderTracker"]').click()
        await expect(page.locator("#member pre")).to_be_visible()
        await page.locator('[data-role="policies"]').select_option("slice1")
        await expect(page.locator("#switched")).to_contain_text("slice2 → slice1")
        faults += await look(page, f"{kind}-roles")

    assert faults == []


async def copied_call_is_answered(page: Page) -> None:
    """Copy the open model step as curl, and send to its address what a shell would send."""
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.locator(".call .buttons button").first.click()
    await expect(page.locator('.call .buttons [data-i18n="copied"]')).to_be_visible()
    command, address, *options = shlex.split(await page.evaluate("navigator.clipboard.readText()"))
    assert (command, options[:-1]) == (
        "curl",
        ["-H", "Content-Type: application/json", "-H", "Authorization: Bearer $API_KEY", "-d"],
    )
    answered = await page.request.post(address, data=options[-1], headers={"Content-Type": "application/json"})
    assert answered.ok, await answered.text()


async def test_whoever_works_is_lit_while_they_work(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop) as staff, visit(browser, shop) as customer:
        await log_in_as_staff(staff.page)
        await staff.page.goto(f"{shop.url}/team")
        await expect(staff.page.locator(".node.specialist")).to_have_count(6)
        # Lights come and go: each that was ever lit is noted.
        await staff.page.evaluate(
            """() => { window.lit = new Set(); new MutationObserver(() => {
            for (const node of document.querySelectorAll(".node.active")) window.lit.add(node.dataset.id);
            }).observe(document.querySelector("#picture"), {subtree: true, attributes: true}); }"""
        )
        await customer.log_in(OLIVIA)
        await customer.say("How long do refunds take?")
        await expect(staff.page.locator(".node.active")).to_have_count(0)
        lit = set(json.loads(await staff.page.evaluate("JSON.stringify([...window.lit])")))

    assert lit == {"router", "PolicyGuide", "policies", "slice1", "slice2"}


async def test_a_customer_is_told_that_the_page_is_for_staff(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.page.goto(f"{shop.url}/traces")
        await expect(customer.page.locator("#inside-error")).to_contain_text("for the shop’s staff")
        await expect(customer.page.locator("#overview")).to_be_hidden()
