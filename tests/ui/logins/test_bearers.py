"""The Authorization header beside the cookie: a request that has one is judged by it alone."""

from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from storage.db import Sessions
from tests.conftest import SECRET
from tests.factories import PASSWORD, add_account, add_customer
from tests.ui.doors.programs import add_key, program
from tests.ui.visitor import add_customer_account, start_conversation, visitor
from ui.logins.login import COOKIE, login_token


async def tokens_of(app: Starlette, email: str) -> dict[str, Any]:
    async with visitor(app) as client:
        answer = await client.post("/auth/login", json={"email": email, "password": PASSWORD})
    told: dict[str, Any] = answer.json()
    return told


async def test_a_program_logs_in_and_acts_as_the_account_by_its_access_token(
    app: Starlette, sessions: Sessions
) -> None:
    account = await add_customer_account(sessions)
    told = await tokens_of(app, account.email)

    async with program(app, told["access_token"]) as client:
        me = (await client.get("/auth/me")).json()
        begun = await start_conversation(client)
        listed = (await client.get("/api/conversations")).json()["conversations"]

    assert (told["token_type"], told["expires_in"]) == ("bearer", 3600)
    assert me == {"email": account.email, "name": account.name, "language": "en", "staff": False}
    assert [each["id"] for each in listed] == [begun]


@pytest.mark.parametrize(
    "header", ["Bearer sk-shopdesk-none", "Bearer x.y.z", "Bearer", "Basic dTpw", "", "sk-shopdesk-x"]
)
async def test_a_bad_header_is_refused_even_beside_a_good_cookie(
    app: Starlette, sessions: Sessions, header: str
) -> None:
    async with visitor(app) as client:
        client.cookies.set(COOKIE, login_token(await add_customer_account(sessions), SECRET))
        by_cookie = await client.get("/auth/me")
        answer = await client.get("/auth/me", headers={"Authorization": header})

    assert by_cookie.status_code == 200
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_bearer")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_of_a_key_and_a_cookie_the_key_counts(app: Starlette, sessions: Sessions) -> None:
    customer = await add_customer(sessions)

    async with program(app, await add_key(sessions, customer.id)) as client:
        client.cookies.set(COOKIE, login_token(await add_account(sessions), SECRET))
        me = (await client.get("/auth/me")).json()

    assert (me["email"], me["staff"]) == (customer.email, False)


async def test_two_headers_are_none(app: Starlette, sessions: Sessions) -> None:
    key = await add_key(sessions)
    headers = [("Authorization", f"Bearer {key}"), ("Authorization", f"Bearer {key}")]

    async with visitor(app) as client:
        answer = await client.get("/auth/me", headers=headers)

    assert answer.status_code == 401


ELSEWHERE = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}


async def test_the_check_for_other_sites_is_about_cookies(app: Starlette, sessions: Sessions) -> None:
    account = await add_customer_account(sessions)

    async with program(app, await add_key(sessions, account.customer_id)) as by_key, visitor(app) as page:
        page.cookies.set(COOKIE, login_token(account, SECRET))
        answers = [await client.post("/api/conversations", headers=ELSEWHERE) for client in (by_key, page)]

    assert [answer.status_code for answer in answers] == [201, 403]


@pytest.mark.parametrize("path", ["/auth/login", "/auth/logout", "/auth/visit"])
async def test_no_other_site_has_a_browser_get_a_cookie_by_sending_a_header_too(
    app: Starlette, sessions: Sessions, path: str
) -> None:
    body = {"email": (await add_customer_account(sessions)).email, "password": PASSWORD}

    async with program(app, await add_key(sessions)) as client:
        answer: httpx2.Response = await client.post(path, json=body, headers=ELSEWHERE)

    assert (answer.status_code, answer.json()["code"]) == (403, "other_site")
    assert "set-cookie" not in answer.headers
