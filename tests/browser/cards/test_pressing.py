"""What a card's buttons do in its host, that its text stays text, and that it says so where it can do nothing."""

import re
from pathlib import Path

import pytest
from mcp.types import CallToolResult, TextContent
from playwright.async_api import Browser, expect

from mcp_servers.runtime.results import Confirmable, as_result
from storage.settings import Settings
from tests.browser.cards.test_cards import opened
from tests.browser.test_safe import ATTACKS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
CANCEL = {"order_id": "#W1", "reason": "no longer needed"}
LINK = "https://shop.example/confirm/abc"
ASKED = as_result(Confirmable(status="needs_confirmation", summary="Cancel order #W1?", confirm_url=LINK))


async def test_the_card_of_a_change_opens_its_link_and_does_nothing_else(
    settings: Settings, seeded: Path, browser: Browser
) -> None:
    token = as_result(Confirmable(status="needs_confirmation", summary="Sure?", confirm_token="sealed"))
    script = as_result(Confirmable(status="needs_confirmation", summary="Sure?", confirm_url="javascript:alert(1)"))
    async with opened(settings, seeded, browser) as host:
        asking = await host.show("cancel_order", CANCEL, result=ASKED, locale="en-US")
        await expect(asking.card.get_by_role("button")).to_have_count(1)
        # With the keyboard alone, too.
        await asking.card.get_by_role("button").focus()
        await host.page.keyboard.press("Enter")
        await expect(asking.card.locator("#note")).to_be_empty()
        did = await asking.asked()
        await host.page.evaluate("window.refuses = true")
        await asking.card.get_by_role("button").click()
        await expect(asking.card.locator("#note")).to_contain_text(LINK)
        for result in (token, script):
            silent = await host.show("cancel_order", CANCEL, result=result, locale="en-US")
            await expect(silent.card.locator(".asked")).to_have_text("Sure?")
            await expect(silent.card.get_by_role("button")).to_have_count(0)
            assert "sealed" not in await silent.card.locator("body").inner_html()

    assert did == [["ui/open-link", {"url": LINK}]]


async def test_an_orders_button_says_its_sentence_in_the_persons_language_as_it_changes(
    settings: Settings, seeded: Path, browser: Browser
) -> None:
    async with opened(settings, seeded, browser) as host:
        listed = await host.show("list_orders", {}, locale="en-US", theme="light")
        first = listed.facts["orders"][0]["order_id"]
        await listed.card.locator(".item").first.click()
        await host.page.evaluate("bridge.setHostContext({ locale: 'ko-KR', theme: 'dark' })")
        await expect(listed.card.locator("h3")).to_contain_text("건")
        await expect(listed.card.locator("html")).to_have_attribute("data-theme", "dark")
        await listed.card.locator(".item").first.click()
        said = [params["content"][0]["text"] for _, params in await listed.asked()]
        found = await host.show("search_products", {"query": "lamp"}, locale="en-US")
        for box in await found.card.get_by_role("checkbox").all():
            await box.check()
        await found.card.get_by_role("button", name="Compare side by side").click()
        await expect(found.card.locator(".side-by-side thead th")).to_have_count(len(found.facts["products"]))
        await expect(found.card.locator("img.thumb").first).to_have_attribute(
            "src", re.compile("^data:image/webp;base64,")
        )
        outside = host.asked_outside()

    assert said == [f"Where is my order {first}?", f"주문 {first} 어디쯤 왔나요?"]
    assert outside == []


async def test_script_injections_in_a_result_stay_text_and_a_failure_is_shown_by_its_words(
    settings: Settings, seeded: Path, browser: Browser
) -> None:
    bad = " ".join(ATTACKS)
    address = dict.fromkeys(("address1", "address2", "city", "state", "country", "zip"), bad)
    line = {"item_id": bad, "product_id": bad, "name": bad, "options": {bad: bad}, "price": 1}
    order = {"order_id": bad, "status": bad, "currency": "USD", "total": 1, "lines": [line], "address": address,
        "shipments": [{"tracking_ids": [bad]}], "payments": [], "allowed_actions": [bad]}  # fmt: skip
    policy = {"policy_id": bad, "title": bad, "text": "\n\n".join(ATTACKS), "language": "en"}
    async with opened(settings, seeded, browser) as host:
        found = {}
        for tool, structured in (("get_order", order), ("get_policy", policy)):
            result = CallToolResult(content=[TextContent(type="text", text=bad)], structured_content=structured)
            shown = await host.show(tool, {}, result=result, locale="en-US")
            await expect(shown.card.locator("article")).to_contain_text("window.hit=1")
            frame = host.page.frames[-1]
            found[tool] = await frame.evaluate(WHAT_COULD_RUN), await frame.evaluate("window.hit"), host.asked_outside()
        failed = CallToolResult(content=[TextContent(type="text", text=bad)], is_error=True)
        shown = await host.show("get_order", {}, result=failed, locale="en-US")
        await expect(shown.card.locator(".error")).to_contain_text("<script>window.hit=1</script>")

    assert found == dict.fromkeys(("get_order", "get_policy"), ([], None, []))


WHAT_COULD_RUN = """() => [...document.querySelectorAll("#card *")].flatMap((node) => {
    const tags = ["SCRIPT", "IFRAME", "STYLE", "OBJECT", "A"].includes(node.tagName) ? [node.tagName] : [];
    return tags.concat([...node.attributes].map(({name}) => name).filter((name) => name.startsWith("on")));
})"""
