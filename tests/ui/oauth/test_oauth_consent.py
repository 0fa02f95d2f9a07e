"""The consent: only the person who saw it can give it, and only for what they saw."""

import httpx2
import pytest
from sqlalchemy import select

from storage.characters import shown_name
from storage.db import Sessions
from storage.people.oauth_grants import OAuthGrant
from storage.settings import Settings
from tests.conftest import SECRET
from tests.ui.oauth.oauth_steps import connecting
from tests.ui.visitor import add_customer_account
from ui.bodies import Body
from ui.logins.login import COOKIE, login_token
from ui.oauth.requests import ConsentRequest, seal


async def granted(sessions: Sessions) -> list[str]:
    async with sessions() as session:
        return list(await session.scalars(select(OAuthGrant.account_id)))


async def test_a_no_goes_back_to_the_program_and_leaves_nothing(settings: Settings, sessions: Sessions) -> None:
    async with connecting(settings, sessions) as steps, steps.person.browser() as browser:
        steps.person.says_yes = False
        back = await steps.person.decide(browser, f"?request={await steps.sealed()}")

    assert back.startswith("http://127.0.0.1:33418/callback?error=access_denied&state=s1&iss=")
    assert await granted(sessions) == []


async def test_the_page_tells_who_asks_for_what_and_where_it_leads(settings: Settings, sessions: Sessions) -> None:
    away = "https://claude.ai/api/mcp/auth_callback"
    names = {"client_name": "Cl\u202eaude\n<b>", "redirect_uris": [away]}
    async with connecting(settings, sessions, **names) as steps, steps.person.browser() as browser:
        request = await steps.sealed(redirect_uri=away, scope="orders:read")
        told = (await browser.get("/api/consent", params={"request": request})).json()

    assert told.pop("shown")
    assert told == {
        "client": "Cl aude <b>",
        "from": "",
        "back_to": "claude.ai",
        "scopes": ["orders:read"],
        "name": steps.person.account.name,
        "email": steps.person.account.email,
        "staff": False,
    }


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
async def test_another_site_cannot_give_the_consent(
    settings: Settings, sessions: Sessions, headers: dict[str, str], status: int
) -> None:
    async with connecting(settings, sessions) as steps, steps.person.browser() as browser:
        request = await steps.sealed()
        shown = (await browser.get("/api/consent", params={"request": request})).json()["shown"]
        body = f'{{"request": "{request}", "shown": "{shown}", "yes": true}}'
        answer = await browser.post(
            "/api/consent", content=body, headers={"Content-Type": "application/json"} | headers
        )

    assert (answer.status_code, await granted(sessions)) == (status, [])


async def test_a_yes_counts_only_from_the_login_and_for_the_request_that_the_page_showed(
    settings: Settings, sessions: Sessions
) -> None:
    other = await add_customer_account(sessions)
    async with connecting(settings, sessions) as steps, steps.person.browser() as browser:
        small, large = await steps.sealed(scope="orders:read"), await steps.sealed(scope="orders:write")
        shown = (await browser.get("/api/consent", params={"request": small})).json()["shown"]
        swapped = await browser.post("/api/consent", json={"request": large, "shown": shown, "yes": True})
        unseen = await browser.post("/api/consent", json={"request": large, "shown": "", "yes": True})
        relogged = await _as(steps.shop, login_token(other, SECRET), {"request": small, "shown": shown, "yes": True})

    assert [answer.json()["code"] for answer in (swapped, unseen, relogged)] == ["other_login"] * 3
    assert await granted(sessions) == []


async def _as(shop: Settings, login: str, body: dict[str, object]) -> httpx2.Response:
    async with httpx2.AsyncClient(base_url=shop.public_ui_url, cookies={COOKIE: login}) as browser:
        return await browser.post("/api/consent", json=body)


@pytest.mark.parametrize("yes", ["true", "yes", "on", "1", 1, 1.0, None, [True]])
async def test_only_a_yes_of_json_itself_lets_a_program_in(settings: Settings, sessions: Sessions, yes: object) -> None:
    async with connecting(settings, sessions) as steps, steps.person.browser() as browser:
        request = await steps.sealed()
        shown = (await browser.get("/api/consent", params={"request": request})).json()["shown"]
        answer = await browser.post("/api/consent", json={"request": request, "shown": shown, "yes": yes})

    assert (answer.status_code, answer.json()["code"], await granted(sessions)) == (400, "bad_body", [])


def test_every_body_of_the_page_takes_each_value_in_its_own_json_type_alone() -> None:
    bodies = Body.__subclasses__()

    assert {body.__name__ for body in bodies} >= {"Login", "Message", "Answer", "Decision"}
    assert [body.__name__ for body in bodies if body.model_config.get("strict") is not True] == []


async def test_a_visitor_has_nothing_to_let_a_program_into(settings: Settings, sessions: Sessions) -> None:
    async with connecting(settings, sessions) as steps:
        request = await steps.sealed()
        await steps.http.post("/auth/visit")
        told = await steps.http.get("/api/consent", params={"request": request})
        decided = await steps.http.post("/api/consent", json={"request": request, "shown": "x", "yes": True})

    assert [answer.json()["code"] for answer in (told, decided)] == ["not_logged_in"] * 2


async def test_a_request_that_this_shop_did_not_seal_is_not_shown(settings: Settings, sessions: Sessions) -> None:
    async with connecting(settings, sessions) as steps, steps.person.browser() as browser:
        made_up = ConsentRequest(
            client_id=steps.client["client_id"],
            redirect_uri="https://evil.example",
            redirect_uri_given=True,
            resource="x",
            scopes=[],
            code_challenge="x",
            state=None,
        )
        requests = ["", "x", seal(made_up, "another key, long enough to sign"), browser.cookies[COOKIE]]
        answers = [await browser.get("/api/consent", params={"request": request}) for request in requests]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(410, "request_expired")] * 4


async def test_the_page_cannot_be_framed_and_runs_no_code_but_its_own(settings: Settings, sessions: Sessions) -> None:
    async with connecting(settings, sessions) as steps:
        headers = (await steps.http.get("/consent")).headers

    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("  Claude \t Code ", "Claude Code"), ("a\u200bb", "a b"), ("x" * 200, "x" * 80), ("\u2066evil\u2069", "evil")],
)
def test_a_name_is_one_short_line_without_hidden_marks(name: str, shown: str) -> None:
    assert shown_name(name) == shown
