"""Script injections in every field that reaches a card or markdown: each is shown, and none runs."""

import itertools

import pytest
from playwright.async_api import Browser, expect

from storage.chats.events import add_event
from storage.db import writing
from storage.people.accounts import find_account
from tests.browser.conftest import Shop
from tests.browser.visit import OLIVIA, visit
from tests.factories import add_conversation

pytestmark = pytest.mark.slow

ATTACKS = (
    "<script>window.hit=1</script>",
    "<img src=x onerror='window.hit=1'>",
    "<svg onload=window.hit=1>",
    "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    "[click](javascript:window.hit=1)",
    "![x](x\" onerror=\"window.hit=1)",
    "<a href='javascript:window.hit=1'>go</a>",
    "javascript:window.hit=1",
    "'><script src=//evil.example/x.js></script>",
    "\"onfocus=\"window.hit=1\" autofocus=\"",
    "<style>@import 'javascript:window.hit=1'</style>",
    "<details open ontoggle=window.hit=1>x</details>",
    "| a | b |\n|---|---|\n| <img src=x onerror=window.hit=1> | [x](data:text/html,<script>window.hit=1</script>) |",
    "```html\n<script>window.hit=1</script>\n```",
    "<math><mi//xlink:href='data:x,<script>window.hit=1</script>'>",
)  # fmt: skip
WHAT_COULD_RUN = """() => [...document.querySelectorAll("#messages *")].flatMap((node) => {
    const runs = ({name, value}) => /^\\s*javascript:/i.test(value) && !name.startsWith("data-");
    const tags = ["SCRIPT", "IFRAME", "STYLE", "OBJECT"].includes(node.tagName) ? [node.tagName] : [];
    const names = [...node.attributes].filter((one) => one.name.startsWith("on") || runs(one)).map(({name}) => name);
    return names.concat(tags);
})"""
FIELDS = ("order", "product", "ticket", "done")
TABLE = list(itertools.product(FIELDS, ATTACKS))


def card(field: str, bad: str) -> tuple[str, str, dict[str, object], list[dict[str, object]]]:
    """A tool, its result with this text in every field that holds text, and the rows it changed."""
    line: dict[str, object] = {"item_id": bad, "product_id": bad, "name": bad, "options": {bad: bad}, "price": 1}
    address = dict.fromkeys(("address1", "address2", "city", "state", "country", "zip"), bad)
    common = {"currency": "USD", "status": bad}
    match field:
        case "order":
            return "orders", "get_order", {**common, "order_id": bad, "total": 1, "lines": [line], "address": address,
                "shipments": [{"tracking_ids": [bad]}], "payments": [], "allowed_actions": [bad]}, []  # fmt: skip
        case "product":
            variant = {"item_id": bad, "options": {bad: bad}, "price": 1, "available": True}
            return "products", "get_product", {**common, "product_id": bad, "name": bad, "description": bad,
                "variants": [variant]}, []  # fmt: skip
        case "ticket":
            entry = {"at": "2026-06-01T10:00:00Z", "by": bad, "kind": bad, "text": bad}
            return "tickets", "get_ticket", {**common, "ticket_id": bad, "subject": bad, "priority": bad,
                "category": bad, "history": [entry]}, []  # fmt: skip
    change: dict[str, object] = {
        "table": "orders",
        "key": [bad],
        "before": {"status": bad, "city": bad},
        "after": {"status": bad, "city": bad},
    }
    return "orders", "cancel_order", {"status": "done", "summary": bad}, [change]


async def test_sixty_injections_in_cards_and_markdown_are_shown_and_none_runs(browser: Browser, shop: Shop) -> None:
    async with shop.sessions() as session:
        account = await find_account(session, OLIVIA)
    assert account is not None
    chat = await add_conversation(shop.sessions, customer_id=account.customer_id, account_id=account.id)
    async with writing(shop.sessions) as session:
        for field, bad in TABLE:
            server, tool, structured, changes = card(field, bad)
            result = {"structured": structured, "changes": changes, "text": bad, "is_error": False}
            await add_event(session, chat.id, "turn_started", {"turn": "t"})
            await add_event(session, chat.id, "message", {"role": "customer", "text": bad, "image_ids": []})
            await add_event(session, chat.id, "tool_result", {"server": server, "tool": tool, "ms": 1, **result})
            told = {"role": "assistant", "text": bad, "agent": bad, "image_ids": [], "policies": [
                {"policy_id": bad, "title": bad}]}  # fmt: skip
            await add_event(session, chat.id, "message", told)

    async with visit(browser, shop) as customer:
        asked_elsewhere: list[str] = []
        customer.page.on("request", lambda sent: asked_elsewhere.append(sent.url) if shop.url not in sent.url else None)
        await customer.log_in(OLIVIA)
        await customer.page.goto(f"{shop.url}/#{chat.id}")
        await expect(customer.page.locator(".shop-card")).to_have_count(len(TABLE))
        for button in await customer.page.locator(".shop-card.done, .shop-card summary").all():
            await button.hover()
        found = await customer.page.evaluate(WHAT_COULD_RUN)
        hit = await customer.page.evaluate("window.hit")
        customer.complaints[:] = [one for one in customer.complaints if "Content Security Policy" not in one]

    assert len(TABLE) == 60
    assert (hit, found, [url for url in asked_elsewhere if not url.startswith("blob:")]) == (None, [], [])
