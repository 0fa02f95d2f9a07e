"""A program is let in on the consent page, in a real browser, in both languages."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from playwright.async_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from storage.db import Sessions
from storage.settings import Settings
from tests.browser.visit import MINA, OLIVIA
from tests.team.serving import address, listening, serving
from tests.ui.oauth.oauth_shop import open_shop
from tests.ui.oauth.oauth_steps import CHALLENGE, VERIFIER


@asynccontextmanager
async def program() -> AsyncIterator[tuple[str, list[dict[str, str]]]]:
    """A program that waits on this computer for its user to come back; yields where, and what it was told."""
    told: list[dict[str, str]] = []

    async def back(request: Request) -> Response:
        told.append(dict(request.query_params))
        return PlainTextResponse("Go back to the program.")

    listener = listening()
    async with serving((Starlette(routes=[Route("/callback", back)]), listener)):
        yield f"{address(listener)}/callback", told


async def link(http: httpx2.AsyncClient, shop: Settings, place: str, name: str) -> tuple[str, str]:
    """Register the program; returns its id, and what it opens in the browser."""
    metadata = {"redirect_uris": [place], "client_name": name, "token_endpoint_auth_method": "none"}
    client_id = str((await http.post("/register", json=metadata)).json()["client_id"])
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": place,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "resource": f"{shop.public_mcp_url}/mcp",
        "state": "s1",
    }
    return client_id, str(httpx2.URL(f"{shop.public_ui_url}/authorize", params=asked))


async def opened(browser: Browser, url: str, locale: str, *, width: int = 1000) -> tuple[Page, list[str]]:
    window = await browser.new_context(locale=locale, viewport={"width": width, "height": 900})
    window.set_default_timeout(15_000)
    page, complaints = await window.new_page(), list[str]()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    await page.goto(url)
    return page, complaints


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "email", "title", "allow"),
    [
        ("en-US", OLIVIA, "Allow “<b>Claude</b>” to connect?", "Allow"),
        ("ko-KR", MINA, "“<b>Claude</b>” 연결을 허용할까요?", "허용"),
    ],
)
async def test_a_program_gets_its_tokens_after_a_login_and_a_yes(
    settings: Settings, demo_sessions: Sessions, browser: Browser, locale: str, email: str, title: str, allow: str
) -> None:
    async with (
        open_shop(settings, demo_sessions) as shop,
        program() as (place, told),
        httpx2.AsyncClient(base_url=shop.public_ui_url) as http,
    ):
        client_id, url = await link(http, shop, place, "<b>Claude</b>")
        page, complaints = await opened(browser, url, locale)
        await page.click(f'[data-email="{email}"]')
        await expect(page.locator("#consent-title")).to_have_text(title)
        await expect(page.locator("#consent-scopes li.write")).to_have_count(2)
        await page.get_by_role("button", name=allow, exact=True).click()
        await page.wait_for_url(f"{place}?**")
        form = {"grant_type": "authorization_code", "code": told[0]["code"], "redirect_uri": place}
        form |= {"client_id": client_id, "code_verifier": VERIFIER}
        tokens = await http.post("/token", data=form)

    assert (tokens.status_code, told[0]["state"], told[0]["iss"]) == (200, "s1", shop.public_ui_url)
    assert complaints == []


@pytest.mark.slow
async def test_a_no_leads_to_an_address_on_the_web_by_a_click_alone(
    settings: Settings, demo_sessions: Sessions, browser: Browser
) -> None:
    away = "https://program.example/callback"
    async with open_shop(settings, demo_sessions) as shop, httpx2.AsyncClient(base_url=shop.public_ui_url) as http:
        _, url = await link(http, shop, away, "Far away")
        page, complaints = await opened(browser, url, "ko-KR")
        await page.click(f'[data-email="{MINA}"]')
        await page.click("#deny")
        back = page.locator("#ended-back")
        await expect(back).to_have_text("program.example 주소로 돌아가기")
        leads_to, stayed = await back.get_attribute("href"), page.url

    assert str(leads_to).startswith(f"{away}?error=access_denied&state=s1&iss=")
    assert stayed.startswith(f"{shop.public_ui_url}/consent?")
    assert complaints == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "title"),
    [("en-US", "This program was not connected"), ("ko-KR", "프로그램을 연결하지 못했습니다")],
)
async def test_a_wrong_request_is_told_in_the_person_s_language_and_leads_nowhere(
    settings: Settings, demo_sessions: Sessions, browser: Browser, locale: str, title: str
) -> None:
    async with open_shop(settings, demo_sessions) as shop, httpx2.AsyncClient(base_url=shop.public_ui_url) as http:
        _, url = await link(http, shop, "https://program.example/callback", "Far away")
        page, complaints = await opened(browser, f"{url}&scope=orders:admin", locale)
        await expect(page.locator("h1")).to_have_text(title)
        await expect(page.locator("#error")).to_have_text("invalid_scope")
        stayed = page.url

    assert stayed.startswith(f"{shop.public_ui_url}/authorize?")
    assert complaints == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "told"),
    [
        ("en-US", r"^Too many tries\. Try again after \d?\d:\d\d:\d\d.[AP]M\.$"),
        ("ko-KR", r"^시도 횟수가 너무 많습니다\. (오전|오후) \d?\d:\d\d:\d\d 이후에 다시 시도해 주세요\.$"),
    ],
)
async def test_who_has_to_wait_to_log_in_is_told_until_when(
    settings: Settings, demo_sessions: Sessions, browser: Browser, locale: str, told: str
) -> None:
    async with open_shop(settings, demo_sessions) as shop:
        page, _ = await opened(browser, shop.public_ui_url, locale)
        await page.fill('[name="email"]', OLIVIA)
        status = 401
        while status == 401:
            await page.fill('[name="password"]', "wrong")
            await expect(page.locator("#login-form button")).to_be_enabled()
            async with page.expect_response("**/auth/login") as answered:
                await page.press('[name="password"]', "Enter")
            status = (await answered.value).status
        assert status == 429
        await expect(page.locator("#login-error")).to_have_text(re.compile(told))


@pytest.mark.slow
async def test_a_no_and_another_login_are_one_button_each(
    settings: Settings, demo_sessions: Sessions, browser: Browser
) -> None:
    async with (
        open_shop(settings, demo_sessions) as shop,
        program() as (place, told),
        httpx2.AsyncClient(base_url=shop.public_ui_url) as http,
    ):
        _, url = await link(http, shop, place, "")
        page, _ = await opened(browser, url, "en-US")
        await page.click(f'[data-email="{OLIVIA}"]')
        await page.click("#logout")
        await page.fill('[name="email"]', "staff@shopdesk.example")
        await page.fill('[name="password"]', "demo-pass")
        await page.press('[name="password"]', "Enter")
        await expect(page.locator("#consent-staff")).to_be_visible()
        await expect(page.locator("#consent-title")).to_have_text("Allow a program without a name to connect?")
        await page.click("#deny")
        await page.wait_for_url(f"{place}?**")

    assert told == [{"error": "access_denied", "state": "s1", "iss": shop.public_ui_url}]
