"""A program's tokens: renewed for as long as their login goes on, and ended with it, by whatever door."""

from collections.abc import Awaitable, Callable

import httpx2
import pytest
from sqlalchemy import select, update
from starlette.applications import Starlette

from storage.db import Sessions, now, writing
from storage.people.accounts import Account
from storage.people.login_families import LoginFamily
from storage.people.registration import change_password, remove_account
from tests.factories import PASSWORD
from tests.ui.doors.programs import program
from tests.ui.visitor import add_customer_account, visitor
from ui.logins.login import COOKIE

Tokens = dict[str, str]
End = Callable[[Starlette, Sessions, Account, Tokens], Awaitable[None]]


async def logged_in(app: Starlette, account: Account) -> Tokens:
    """Log in and return the tokens, and the cookie beside them."""
    async with visitor(app) as client:
        answer = await client.post("/auth/login", json={"email": account.email, "password": PASSWORD})
        return {**answer.json(), "cookie": client.cookies[COOKIE]}


async def refreshed(app: Starlette, token: str) -> httpx2.Response:
    async with visitor(app) as client:
        return await client.post("/auth/refresh", json={"refresh_token": token})


async def statuses(app: Starlette, tokens: Tokens) -> tuple[int, int]:
    """Whether the access token and the cookie are good for anything."""
    async with program(app, tokens["access_token"]) as client, visitor(app) as page:
        page.cookies.set(COOKIE, tokens["cookie"])
        return (await client.get("/auth/me")).status_code, (await page.get("/auth/me")).status_code


async def test_a_refresh_token_gives_new_tokens_each_time(app: Starlette, sessions: Sessions) -> None:
    tokens = await logged_in(app, await add_customer_account(sessions))

    second = (await refreshed(app, tokens["refresh_token"])).json()
    third = (await refreshed(app, second["refresh_token"])).json()

    assert set(second) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert len({each["refresh_token"] for each in (tokens, second, third)}) == 3
    assert await statuses(app, tokens | third) == (200, 200)


async def test_a_refresh_token_that_is_used_twice_ends_the_login_for_everybody(
    app: Starlette, sessions: Sessions
) -> None:
    tokens = await logged_in(app, await add_customer_account(sessions))

    thief_s = (await refreshed(app, tokens["refresh_token"])).json()
    again = await refreshed(app, tokens["refresh_token"])
    after = await refreshed(app, thief_s["refresh_token"])

    assert (again.status_code, again.json()["code"]) == (401, "bad_refresh_token")
    assert after.status_code == 401
    assert await statuses(app, tokens | thief_s) == (401, 401)


async def by_logging_out_as_a_program(app: Starlette, _sessions: Sessions, _account: Account, tokens: Tokens) -> None:
    async with program(app, tokens["access_token"]) as client:
        assert (await client.post("/auth/logout")).status_code == 204


async def by_logging_out_on_the_page(app: Starlette, _sessions: Sessions, _account: Account, tokens: Tokens) -> None:
    async with visitor(app) as page:
        page.cookies.set(COOKIE, tokens["cookie"])
        assert (await page.post("/auth/logout")).status_code == 204


async def by_another_password(_app: Starlette, sessions: Sessions, account: Account, _tokens: Tokens) -> None:
    async with writing(sessions) as session:
        await change_password(session, account.email, "another password")


async def by_a_shop_that_is_loaded_anew(_app: Starlette, sessions: Sessions, account: Account, _tokens: Tokens) -> None:
    async with writing(sessions) as session:
        loaded = await session.get_one(Account, account.id)
        loaded.password_hash = f"{loaded.password_hash}="


async def by_removal(_app: Starlette, sessions: Sessions, account: Account, _tokens: Tokens) -> None:
    async with writing(sessions) as session:
        await remove_account(session, account.email)


@pytest.mark.parametrize(
    "end",
    [
        by_logging_out_as_a_program,
        by_logging_out_on_the_page,
        by_another_password,
        by_a_shop_that_is_loaded_anew,
        by_removal,
    ],
)
async def test_the_end_of_a_login_ends_its_tokens_and_its_cookie(app: Starlette, sessions: Sessions, end: End) -> None:
    account = await add_customer_account(sessions)
    tokens = await logged_in(app, account)
    before = await statuses(app, tokens)

    await end(app, sessions, account, tokens)

    assert before == (200, 200)
    assert await statuses(app, tokens) == (401, 401)
    assert (await refreshed(app, tokens["refresh_token"])).status_code == 401


async def test_one_login_s_end_leaves_another_alone(app: Starlette, sessions: Sessions) -> None:
    account = await add_customer_account(sessions)
    one, other = await logged_in(app, account), await logged_in(app, account)

    await by_logging_out_as_a_program(app, sessions, account, one)

    assert await statuses(app, other) == (200, 200)
    assert (await refreshed(app, other["refresh_token"])).status_code == 200


async def test_a_refresh_token_that_lay_idle_for_a_month_is_refused(app: Starlette, sessions: Sessions) -> None:
    tokens = await logged_in(app, await add_customer_account(sessions))
    async with writing(sessions) as session:
        await session.execute(update(LoginFamily).values(expires_at=now()))

    assert (await refreshed(app, tokens["refresh_token"])).status_code == 401


async def test_no_token_is_kept_as_it_is(app: Starlette, sessions: Sessions) -> None:
    tokens = await logged_in(app, await add_customer_account(sessions))

    async with sessions() as session:
        row = (await session.execute(select(LoginFamily.__table__))).one()
    assert [value for value in map(str, row) if value in {tokens["refresh_token"], tokens["access_token"]}] == []
