"""Script injections in every field that the shop tells the pages of its staff: each is shown, and none runs.

What customers, models, tools and files can bring there is more than can be listed, so every text in every answer of the
shop is replaced on its way to the browser, apart from those by which the page goes on, such as an id or a status.
"""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from storage.db import writing
from storage.people.accounts import find_account
from storage.shop.tickets import Ticket
from tests.browser.conftest import Shop
from tests.browser.test_inside import log_in_as_staff
from tests.browser.test_safe import ATTACKS
from tests.browser.visit import OLIVIA, visit
from tests.factories import add_conversation, add_message, add_ticket

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

KEPT = re.compile(
    r"(?:^|_)(?:id|at|on|currency|caller|kind|status|role|language|name_of|category|priority|verdict|record|seq|choice|next_cursor|part|by|from|to"
    r"|candidates|server|taken_by|agent|key|endpoint|tool|speaker|thumb|kept)$"
)
"""Fields by which a page goes on: what it asks for next, or which of its own words it says."""

DAY = re.compile(r"\d{4}-\d\d-\d\d")
OWN = re.compile(r"/api/(?:desk|traces|team)(?!/live)")
WHAT_COULD_RUN = """() => [...document.body.querySelectorAll("*")].flatMap((node) => {
    const leads = /^(xlink:href|href|src|srcdoc|action|formaction|data|poster|background|ping)$/;
    const runs = ({name, value}) => /^\\s*(javascript|data:text)/i.test(value) && leads.test(name);
    const tags = ["SCRIPT", "IFRAME", "STYLE", "OBJECT"].includes(node.tagName) ? [node.tagName] : [];
    const names = [...node.attributes].filter((one) => one.name.startsWith("on") || runs(one)).map(({name}) => name);
    return names.concat(tags);
})"""


def spoilt(told: Any, bad: str, name: str = "") -> Any:  # noqa: ANN401 - JSON
    """The same JSON with this in the place of its texts."""
    if isinstance(told, dict):
        return {key: spoilt(value, bad, key) for key, value in told.items()}
    if isinstance(told, list):
        return [spoilt(one, bad, name) for one in told]
    return bad if isinstance(told, str) and told and not KEPT.search(name) and not DAY.match(told) else told


class Spoiler:
    """Stands between the shop and the browser. `bad` is what it puts in every text; `fields` counts them.

    The shop is asked for each answer once: the next injections are put into the same ones.
    """

    def __init__(self) -> None:
        self.bad = ""
        self.fields = 0
        self._answers: dict[tuple[str, str], Any] = {}

    async def __call__(self, route: Route) -> None:
        asked = route.request.method, route.request.url
        if asked not in self._answers:
            answer = await route.fetch()
            assert answer.ok, asked
            self._answers[asked] = await answer.json()
        told = spoilt(self._answers[asked], self.bad)
        self.fields += json.dumps(told).count(json.dumps(self.bad))
        await route.fulfill(json=told)


async def at_the_desk(page: Page, shop: Shop) -> None:
    await page.goto(f"{shop.url}/desk")
    await page.locator("#items .desk-item").first.click()
    await page.locator("#beside .item").first.click()
    await expect(page.locator("#beside .shop-card")).to_be_visible()
    await expect(page.locator("#messages .message").first).to_be_visible()
    for view in ("chats", "gaps"):
        await page.click(f'[data-view="{view}"]')
        await expect(page.locator("#total")).not_to_be_empty()


async def in_the_list(page: Page, shop: Shop) -> None:
    await page.goto("about:blank")
    await page.goto(f"{shop.url}/traces")
    await expect(page.locator("#found li")).to_have_count(1)
    await expect(page.locator(".tiles")).to_be_visible()


async def in_a_turn(page: Page, _: Shop) -> None:
    await page.locator("#found a").first.click()
    await expect(page.locator(".row").first).to_be_visible()
    for call in await page.locator(".call > summary").all():
        await call.click()
    await expect(page.locator(".call .legend").first).to_be_visible()
    await page.click("#replay-run")
    await expect(page.locator('[data-side="replay_now"]')).to_be_visible()


ALL = "\n".join(ATTACKS)
TEXTS = (ALL, "javascript:window.hit=1", "\n".join(reversed(ATTACKS)))
"""What stands in every field: all of them at once, in either order, and the one that only counts at the beginning."""

SCREENS: tuple[Callable[[Page, Shop], Awaitable[None]], ...] = (at_the_desk, in_the_list, in_a_turn)


async def test_injections_in_every_field_of_the_desk_the_turns_and_a_replay_are_shown_and_none_runs(
    browser: Browser, shop: Shop
) -> None:
    async with shop.sessions() as session:
        account = await find_account(session, OLIVIA)
    assert account is not None
    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.say("Show me my orders")
    chat = await add_conversation(shop.sessions, customer_id=account.customer_id, account_id=account.id)
    for bad in ATTACKS:
        await add_message(shop.sessions, chat.id, bad)
    ticket = await add_ticket(shop.sessions, customer_id=account.customer_id, subject="\n".join(ATTACKS))
    async with writing(shop.sessions) as session:
        (await session.get_one(Ticket, ticket.id)).conversation_id = chat.id

    spoiler, found = Spoiler(), []
    async with visit(browser, shop) as staff:
        page = staff.page
        asked_elsewhere: list[str] = []
        page.on("request", lambda sent: asked_elsewhere.append(sent.url) if shop.url not in sent.url else None)
        await log_in_as_staff(page)
        await page.route(OWN, spoiler)
        for spoiler.bad in TEXTS:
            for screen in SCREENS:
                await screen(page, shop)
                found += [f"{screen.__name__}: {one}" for one in await page.evaluate(WHAT_COULD_RUN)]
                found += ["it ran"] if await page.evaluate("window.hit") else []
        staff.complaints[:] = [one for one in staff.complaints if "Content Security Policy" not in one]

    assert spoiler.fields > 1_000
    assert (found, [url for url in asked_elsewhere if not url.startswith(("blob:", "about:"))]) == ([], [])
