"""A program that was let in is seen and disconnected on a page, in a real browser, in both languages."""

import httpx2
import pytest
from playwright.async_api import Browser, expect

from storage.db import Sessions
from storage.settings import Settings
from tests.browser.programs.test_consent import link, opened, program
from tests.browser.visit import MINA, OLIVIA
from tests.ui.oauth.oauth_shop import open_shop
from tests.ui.oauth.oauth_steps import VERIFIER

WORDS = {
    "en-US": ("Programs", "Disconnect", "Disconnect for good", "No program uses your account."),
    "ko-KR": ("프로그램", "연결 끊기", "정말 연결 끊기", "고객님 계정을 쓰는 프로그램이 없습니다."),
}


@pytest.mark.slow
@pytest.mark.parametrize(("locale", "email"), [("en-US", OLIVIA), ("ko-KR", MINA)])
async def test_a_customer_disconnects_a_program(
    settings: Settings, demo_sessions: Sessions, browser: Browser, locale: str, email: str
) -> None:
    programs, disconnect, for_good, none_left = WORDS[locale]
    async with (
        open_shop(settings, demo_sessions) as shop,
        program() as (place, told),
        httpx2.AsyncClient(base_url=shop.public_ui_url) as http,
    ):
        client_id, url = await link(http, shop, place, "<b>Claude</b>")
        page, complaints = await opened(browser, url, locale)
        await page.click(f'[data-email="{email}"]')
        await page.click("#allow")
        await page.wait_for_url(f"{place}?**")
        form = {"grant_type": "authorization_code", "code": told[0]["code"], "redirect_uri": place}
        form |= {"client_id": client_id, "code_verifier": VERIFIER}
        tokens = (await http.post("/token", data=form)).json()

        await page.goto(shop.public_ui_url)
        await page.get_by_role("link", name=programs, exact=True).click()
        await expect(page.locator("#programs h2")).to_have_text("<b>Claude</b>")
        await page.get_by_role("button", name=disconnect, exact=True).dblclick()
        # A network that is away for a moment: it can be tried again.
        await page.route("**/api/programs**", lambda route: route.abort())
        await page.get_by_role("button", name=for_good, exact=True).click()
        await expect(page.locator("#programs-error")).not_to_be_empty()
        # The list is read anew after it, in vain too; only then is the button there again.
        await expect(page.get_by_role("button", name=for_good, exact=True)).to_be_enabled()
        await page.unroute("**/api/programs**")
        await page.get_by_role("button", name=for_good, exact=True).click()
        await expect(page.locator("#programs-note")).to_have_text(none_left)
        again = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": client_id}
        refused = await http.post("/token", data=again)

    assert refused.json()["error"] == "invalid_grant"
    assert complaints == []
