"""Somebody brings a picture for a program, in a real browser: it is chosen or dropped, and its id is there to copy."""

import base64

import pytest
from playwright.async_api import Browser, FilePayload, expect

from storage.db import Sessions
from storage.moving.demo_data.pictures import draw
from storage.owners import CustomerOnly
from storage.pictures.images import get_image
from storage.settings import Settings
from tests.browser.programs.test_consent import opened
from tests.factories import PASSWORD
from tests.ui.rest.served_shop import open_served_shop

DROP = """async (content) => {
    const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], "box.png", { type: "image/png" }));
    const where = document.querySelector(".drop");
    for (const kind of ["dragenter", "dragover", "drop"])
        where.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
}"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "locale", "title", "refused"),
    [
        ("en", "en-US", "Bring a picture", "This file is not a picture we can read. Send a PNG, JPEG, WebP or GIF."),
        ("ko", "ko-KR", "사진 올리기", "읽을 수 없는 파일입니다. PNG, JPEG, WebP, GIF 사진을 보내 주세요."),
    ],
)
async def test_a_person_logs_in_brings_pictures_and_sees_their_ids(
    settings: Settings, sessions: Sessions, browser: Browser, *, language: str, locale: str, title: str, refused: str
) -> None:
    async with open_served_shop(settings, sessions, language) as shop:
        page, _ = await opened(browser, f"{shop.settings.public_ui_url}/pictures", locale, width=390)
        await page.fill("input[name=email]", shop.customer.email)
        await page.fill("input[name=password]", PASSWORD)
        await page.click("#login-form button")
        await expect(page.locator("#bring")).to_be_visible()
        await expect(page.locator("#bring h1")).to_have_text(title)
        chosen = FilePayload(name="a.png", mimeType="image/png", buffer=draw("2001"))
        await page.set_input_files("#file", chosen)
        await expect(page.locator("#pictures code")).to_have_count(1)
        await page.evaluate(DROP, base64.b64encode(draw("2002")).decode())
        await expect(page.locator("#pictures code")).to_have_count(2)
        ids = await page.locator("#pictures code").all_text_contents()
        await page.set_input_files("#file", FilePayload(name="a.png", mimeType="image/png", buffer=b"no picture"))
        await expect(page.locator("#pictures-error")).to_have_text(refused)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    async with sessions() as session:
        brought = [await get_image(session, one, CustomerOnly(str(shop.customer.customer_id))) for one in ids]
    assert len({one.id for one in brought}) == 2
