"""Writing a message: pasted, dropped, too long, kept over a reload, from right to left, and with large photos."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select

from storage.pictures.images import Image as Kept
from tests.browser.conftest import Shop
from tests.browser.visit import MINA, OLIVIA, visit

pytestmark = pytest.mark.slow

GIVE = """async ([selector, event, text, photo]) => {
    const given = new DataTransfer();
    if (text) given.setData("text/plain", text);
    if (photo) given.items.add(new File([Uint8Array.from(atob(photo), (c) => c.charCodeAt(0))], "p.jpg", {type: "image/jpeg"}));
    const target = document.querySelector(selector);
    const how = {bubbles: true, cancelable: true};
    if (event === "paste") target.dispatchEvent(new ClipboardEvent("paste", {...how, clipboardData: given}));
    else for (const kind of ["dragenter", "drop"]) target.dispatchEvent(new DragEvent(kind, {...how, dataTransfer: given}));
}"""  # noqa: E501 - a script of the page


NOTE_SIZES = """() => {
    const send = window.fetch;
    window.sizes = [];
    window.fetch = (path, options) => {
        if (options?.body instanceof Blob) window.sizes.push(options.body.size);
        return send(path, options);
    };
}"""


def photo(width: int, height: int) -> str:
    import base64

    file = BytesIO()
    # Noise is as large as a photo gets.
    Image.effect_noise((width, height), 90).convert("RGB").save(file, "JPEG", quality=92)
    return base64.b64encode(file.getvalue()).decode()


async def give(page: Page, selector: str, event: str, *, text: str = "", photo: str = "") -> None:
    await page.evaluate(GIVE, [selector, event, text, photo])


async def test_text_wins_where_text_and_a_picture_are_pasted_and_a_picture_alone_is_taken(
    browser: Browser, shop: Shop
) -> None:
    small = photo(64, 64)

    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await give(customer.page, "#text", "paste", text="#W1000401\tUmbrella", photo=small)
        await expect(customer.page.locator(".preview")).to_have_count(0)
        await give(customer.page, "#text", "paste", photo=small)
        await expect(customer.page.locator(".preview:not(.sending)")).to_have_count(1)
        await give(customer.page, "#log", "drop", photo=small)
        await expect(customer.page.locator(".preview:not(.sending)")).to_have_count(2)
        await expect(customer.page.locator("#chat")).not_to_have_class("dropping")


async def test_a_large_photo_is_made_smaller_before_it_is_sent(browser: Browser, shop: Shop) -> None:
    large = photo(2400, 1800)

    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.page.evaluate(NOTE_SIZES)
        await give(customer.page, "#log", "drop", photo=large)
        await expect(customer.page.locator(".preview:not(.sending)")).to_have_count(1)
        [sent] = await customer.page.evaluate("window.sizes")
    async with shop.sessions() as session:
        kept = (await session.scalars(select(Kept))).one()

    assert (kept.width, kept.height) == (2048, 1536)
    assert 0 < sent < len(large) / 2


async def test_what_is_too_long_is_kept_whole_and_said_before_it_is_sent(browser: Browser, shop: Shop) -> None:
    text = "a" * 4500 + " where is my order?"

    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.page.fill("#text", text)
        await expect(customer.page.locator("#too-long")).to_contain_text("At most 4,000 characters can be sent: 519")
        await expect(customer.page.locator("#send")).to_be_disabled()
        await customer.page.press("#text", "Enter")
        await expect(customer.page.locator("#text")).to_have_value(text)
        await customer.page.fill("#text", "Where is my order?")
        await expect(customer.page.locator("#send")).to_be_enabled()
        await expect(customer.page.locator("#too-long")).to_be_hidden()


async def test_a_draft_survives_a_reload_and_is_its_conversations_own(browser: Browser, shop: Shop) -> None:
    async with visit(browser, shop, locale="ko-KR") as customer:
        await customer.log_in(MINA)
        await customer.say("제 주문 목록 보여 주세요")
        await customer.page.fill("#text", "그리고 하나 더")
        await customer.page.reload()
        await expect(customer.page.locator("#text")).to_have_value("그리고 하나 더")
        await customer.page.click("#new")
        await expect(customer.page.locator("#text")).to_have_value("")
        await customer.page.go_back()
        await expect(customer.page.locator("#text")).to_have_value("그리고 하나 더")
        await customer.page.click("#logout")
        await expect(customer.page.locator("#login")).to_be_visible()
        assert await customer.page.evaluate("Object.keys(sessionStorage)") == []


async def test_what_is_written_from_right_to_left_is_shown_so(browser: Browser, shop: Shop) -> None:
    direction = "(node) => getComputedStyle(node).direction"

    async with visit(browser, shop) as customer:
        await customer.log_in(OLIVIA)
        await customer.page.fill("#text", "أين طلبي؟")
        assert await customer.page.locator("#text").evaluate(direction) == "rtl"
        await customer.page.press("#text", "Enter")
        assert await customer.said("customer").evaluate(direction) == "rtl"
        await customer.page.fill("#text", "Where is it?")
        assert await customer.page.locator("#text").evaluate(direction) == "ltr"
