"""A table of attempts to be somebody else, each refused, and nothing of the victim's read or changed by it."""

import json
from collections.abc import Awaitable, Callable

import httpx2
import pytest

from storage.db import writing
from storage.people.api_keys import find_key, revoke_key
from tests.conftest import SECRET
from tests.factories import PASSWORD
from tests.ui.doors.programs import FRONT_HEADER, add_key
from tests.ui.logins.stage import Stage, conversations
from tests.ui.visitor import visitor
from ui.logins.login import (
    ACCESS_AUDIENCE,
    COOKIE,
    VISITOR_AUDIENCE,
    login_token,
    new_login_id,
    token_of_login,
)

ELSEWHERE = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}


async def an_access_token_as_the_page_s_cookie(stage: Stage) -> httpx2.Response:
    token = token_of_login(stage.victim, SECRET, ACCESS_AUDIENCE, new_login_id(), valid_s=600)
    async with visitor(stage.app) as client:
        client.cookies.set(COOKIE, token)
        return await client.post("/api/conversations")


async def a_key_as_the_page_s_cookie(stage: Stage) -> httpx2.Response:
    async with visitor(stage.app) as client:
        client.cookies.set(COOKIE, await add_key(stage.sessions, stage.victim.customer_id))
        return await client.post("/api/conversations")


async def a_key_in_the_address(stage: Stage) -> httpx2.Response:
    key = await add_key(stage.sessions, stage.victim.customer_id)
    async with visitor(stage.app) as client:
        return await client.post("/api/conversations", params={"api_key": key, "access_token": key})


async def a_revoked_key(stage: Stage) -> httpx2.Response:
    key = await add_key(stage.sessions, stage.victim.customer_id)
    async with writing(stage.sessions) as session:
        row = await find_key(session, key)
        assert row is not None
        await revoke_key(session, row.id)
    return await stage.begin(key)


async def a_key_in_capitals(stage: Stage) -> httpx2.Response:
    key = await add_key(stage.sessions, stage.victim.customer_id)
    return await stage.begin(f"sk-shopdesk-{key.removeprefix('sk-shopdesk-').swapcase()}")


async def a_front_s_header_with_a_login(stage: Stage) -> httpx2.Response:
    token = token_of_login(stage.attacker, SECRET, VISITOR_AUDIENCE, new_login_id(), valid_s=600)
    return await stage.begin(token, **{FRONT_HEADER: stage.victim.email})


async def another_site_with_the_cookie(stage: Stage) -> httpx2.Response:
    async with visitor(stage.app) as client:
        client.cookies.set(COOKIE, login_token(stage.victim, SECRET))
        return await client.post("/api/conversations", headers=ELSEWHERE)


async def another_site_with_the_cookie_and_a_made_up_bearer(stage: Stage) -> httpx2.Response:
    async with visitor(stage.app) as client:
        client.cookies.set(COOKIE, login_token(stage.victim, SECRET))
        return await client.post("/api/conversations", headers={**ELSEWHERE, "Authorization": "Bearer sk-shopdesk-x"})


async def another_site_with_the_cookie_and_an_empty_header(stage: Stage) -> httpx2.Response:
    async with visitor(stage.app) as client:
        client.cookies.set(COOKIE, login_token(stage.victim, SECRET))
        return await client.post("/api/conversations", headers={**ELSEWHERE, "Authorization": ""})


async def another_site_logs_the_victim_s_browser_in_as_the_attacker(stage: Stage) -> httpx2.Response:
    return await _login_from_elsewhere(stage, {})


async def another_site_does_so_with_a_key_of_its_own(stage: Stage) -> httpx2.Response:
    key = await add_key(stage.sessions, stage.attacker.customer_id)
    return await _login_from_elsewhere(stage, {"Authorization": f"Bearer {key}"})


async def _login_from_elsewhere(stage: Stage, headers: dict[str, str]) -> httpx2.Response:
    body = {"email": stage.attacker.email, "password": PASSWORD}
    async with visitor(stage.app) as client:
        return await client.post("/auth/login", json=body, headers={**ELSEWHERE, **headers})


async def a_form_of_another_site_logs_in(stage: Stage) -> httpx2.Response:
    body = json.dumps({"email": stage.attacker.email, "password": PASSWORD})
    async with visitor(stage.app) as client:
        return await client.post("/auth/login", content=body, headers={"Content-Type": "text/plain"})


async def a_browser_asks_before_it_sends_a_header(stage: Stage) -> httpx2.Response:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    async with visitor(stage.app) as client:
        return await client.options("/api/conversations", headers={**ELSEWHERE, **asked})


Attempt = Callable[[Stage], Awaitable[httpx2.Response]]
REFUSED: list[tuple[Attempt, int, str]] = [
    (an_access_token_as_the_page_s_cookie, 401, "not_logged_in"),
    (a_key_as_the_page_s_cookie, 401, "not_logged_in"),
    (a_key_in_the_address, 401, "not_logged_in"),
    (a_revoked_key, 401, "bad_bearer"),
    (a_key_in_capitals, 401, "bad_bearer"),
    (a_front_s_header_with_a_login, 401, "bad_bearer"),
    (another_site_with_the_cookie, 403, "other_site"),
    (another_site_with_the_cookie_and_a_made_up_bearer, 401, "bad_bearer"),
    (another_site_with_the_cookie_and_an_empty_header, 401, "bad_bearer"),
    (another_site_logs_the_victim_s_browser_in_as_the_attacker, 403, "other_site"),
    (another_site_does_so_with_a_key_of_its_own, 403, "other_site"),
    (a_form_of_another_site_logs_in, 415, "not_json"),
    (a_browser_asks_before_it_sends_a_header, 405, "http_405"),
]


@pytest.mark.parametrize(("attempt", "status", "code"), REFUSED, ids=lambda part: getattr(part, "__name__", str(part)))
async def test_an_attempt_is_refused_and_begins_nothing(stage: Stage, attempt: Attempt, status: int, code: str) -> None:
    answer = await attempt(stage)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "set-cookie" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers
    assert await conversations(stage) == 0


async def test_passwords_are_not_guessed_by_trying_them_all(stage: Stage) -> None:
    async with visitor(stage.app) as client:
        wrong = [
            (await client.post("/auth/login", json={"email": stage.victim.email, "password": f"guess {number}"}))
            for number in range(20)
        ]
        right = await client.post("/auth/login", json={"email": stage.victim.email, "password": PASSWORD})

    assert [answer.status_code for answer in wrong] == [401] * 5 + [429] * 15
    assert right.status_code == 429
    assert "access_token" not in right.json()


async def test_refresh_tokens_are_not_guessed_by_trying_them_all(stage: Stage) -> None:
    async with visitor(stage.app) as client:
        login = await client.post("/auth/login", json={"email": stage.victim.email, "password": PASSWORD})
        guesses = [
            (await client.post("/auth/refresh", json={"refresh_token": f"{new_login_id()}.guess"})).status_code
            for _ in range(61)
        ]
        answer = await client.post("/auth/refresh", json={"refresh_token": login.json()["refresh_token"]})

    assert guesses == [401] * 60 + [429]
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_a_stolen_refresh_token_ends_the_login_as_soon_as_both_have_used_it(stage: Stage) -> None:
    login = {"email": stage.victim.email, "password": PASSWORD}
    async with visitor(stage.app) as victim, visitor(stage.app) as thief:
        stolen = (await victim.post("/auth/login", json=login)).json()["refresh_token"]
        first = await thief.post("/auth/refresh", json={"refresh_token": stolen})
        second = await victim.post("/auth/refresh", json={"refresh_token": stolen})
        third = await thief.post("/auth/refresh", json={"refresh_token": first.json()["refresh_token"]})

    assert [answer.status_code for answer in (first, second, third)] == [200, 401, 401]
    assert (await stage.begin(first.json()["access_token"])).status_code == 401
    assert await conversations(stage) == 0
