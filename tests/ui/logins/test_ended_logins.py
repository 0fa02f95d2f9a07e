"""A login or a visit that has ended: whoever copied its cookie before has nothing, on any route and in any stream."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import anyio
import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from storage.db import Sessions, writing
from storage.people.accounts import Account
from storage.people.registration import change_password, remove_account
from storage.settings import Settings
from tests.conftest import SECRET
from tests.factories import add_account, add_customer
from tests.team.serving import address, listening, serving
from tests.ui.doors.access import Ids
from tests.ui.oauth.oauth_steps import connecting
from tests.ui.oauth.test_oauth_consent import granted
from tests.ui.visitor import log_in, start_conversation
from ui.logins.login import COOKIE, VISITOR_COOKIE, login_token
from ui.stream import LOGIN_CHECKED_EACH_S

Answer = tuple[str, str, int, str]
End = Callable[[httpx2.AsyncClient, Sessions, Account], Awaitable[None]]


@asynccontextmanager
async def browsers(app: Starlette) -> AsyncIterator[Callable[[dict[str, str]], httpx2.AsyncClient]]:
    """Serve the page, and yield what opens a browser with these cookies at it."""
    listener = listening()
    async with serving((app, listener)), AsyncExitStack() as opened:

        def open_browser(cookies: dict[str, str]) -> httpx2.AsyncClient:
            # A stream is silent until its login is looked at, which is as long as a client usually waits.
            browser = httpx2.AsyncClient(base_url=address(listener), cookies=cookies, timeout=30)
            opened.push_async_callback(browser.aclose)
            return browser

        yield open_browser


def every_call(app: Starlette, chat: str) -> list[tuple[str, str]]:
    """Every method and path that the page answers, with this chat in it."""
    routes = [route for route in app.routes if isinstance(route, Route)]
    ids = Ids(conversation_id=chat, language="en")
    calls = [
        (method, route.path.format_map(ids))
        for route in routes
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    # What ends a login itself comes last, so that a cookie that is still good is seen to be.
    return sorted(calls, key=lambda call: call[0] == "POST" and call[1].startswith("/auth/"))


async def answer(browser: httpx2.AsyncClient, method: str, path: str) -> Answer:
    """What a route answers: its status, and the code of a refusal. A stream is not read to its end."""
    async with browser.stream(method, path) as response:
        is_refusal = response.status_code >= 400 and response.headers["content-type"] == "application/json"
        code = httpx2.Response(200, content=await response.aread()).json().get("code", "") if is_refusal else ""
    return method, path, response.status_code, code


async def by_logging_out(browser: httpx2.AsyncClient, _sessions: Sessions, _account: Account) -> None:
    assert (await browser.post("/auth/logout")).status_code == 204


async def by_logging_in_once_more(browser: httpx2.AsyncClient, _sessions: Sessions, account: Account) -> None:
    await log_in(browser, account)


async def by_going_on_as_a_visitor(browser: httpx2.AsyncClient, _sessions: Sessions, _account: Account) -> None:
    assert (await browser.post("/auth/visit")).status_code == 200


async def by_another_password(_browser: httpx2.AsyncClient, sessions: Sessions, account: Account) -> None:
    async with writing(sessions) as session:
        await change_password(session, account.email, "another password")


async def by_removal(_browser: httpx2.AsyncClient, sessions: Sessions, account: Account) -> None:
    async with writing(sessions) as session:
        await remove_account(session, account.email)


async def by_a_shop_that_is_loaded_anew(_browser: httpx2.AsyncClient, sessions: Sessions, account: Account) -> None:
    # The same shop has the same ids again, and its customers a password of their own.
    async with writing(sessions) as session:
        loaded = await session.get_one(Account, account.id)
        loaded.password_hash = f"{loaded.password_hash}="


ENDS = [
    by_logging_out,
    by_logging_in_once_more,
    by_going_on_as_a_visitor,
    by_another_password,
    by_removal,
    by_a_shop_that_is_loaded_anew,
]


async def add_person(sessions: Sessions, *, staff: bool) -> Account:
    customer_id = None if staff else (await add_customer(sessions)).id
    return await add_account(sessions, customer_id=customer_id)


@pytest.mark.parametrize("staff", [False, True])
@pytest.mark.parametrize("end", ENDS)
async def test_a_cookie_that_was_copied_before_its_login_ended_is_worth_nothing_on_any_route(
    app: Starlette, sessions: Sessions, end: End, staff: bool
) -> None:
    account = await add_person(sessions, staff=staff)
    cookies = {COOKIE: login_token(account, SECRET)}
    async with browsers(app) as browser:
        own, copy = browser(cookies), browser(cookies)
        calls = every_call(app, await start_conversation(own))
        without = [await answer(browser({}), *call) for call in calls]
        refused = [(method, path) for method, path, _, code in without if code == "not_logged_in"]
        before = [await answer(copy, *call) for call in refused]
        await end(own, sessions, account)
        # Each request comes from a browser of its own, since some answers set cookies.
        after = [await answer(browser(cookies), *call) for call in calls]

    assert len(refused) >= 14
    assert "not_logged_in" not in {code for *_, code in before}
    assert after == without


@pytest.mark.parametrize("end", [by_logging_out, by_logging_in_once_more])
async def test_a_visitor_s_cookies_are_worth_nothing_after_the_visit_ended(
    app: Starlette, sessions: Sessions, end: End
) -> None:
    account = await add_person(sessions, staff=False)
    async with browsers(app) as browser:
        own = browser({})
        await own.post("/auth/visit")
        first = {VISITOR_COOKIE: own.cookies[VISITOR_COOKIE]}
        calls = every_call(app, await start_conversation(own))
        without = [await answer(browser({}), *call) for call in calls if call != ("POST", "/auth/visit")]
        refused = [(method, path) for method, path, _, code in without if code == "not_logged_in"]
        before = {(await answer(browser(first), *call))[2] for call in refused}
        # The cookie of a visit that goes on is made anew, and the older one ends with it.
        await own.post("/auth/visit")
        await end(own, sessions, account)
        after = [await answer(browser(first), *call) for call in calls if call != ("POST", "/auth/visit")]
        again = browser(first)
        await again.post("/auth/visit")
        listed = (await again.get("/api/conversations")).json()

    assert 200 in before
    assert after == without
    assert listed == {"conversations": []}


@pytest.mark.parametrize("end", [by_logging_out, by_another_password, by_removal])
async def test_an_open_stream_ends_soon_after_its_login_has(app: Starlette, sessions: Sessions, end: End) -> None:
    account = await add_person(sessions, staff=False)
    cookies = {COOKIE: login_token(account, SECRET)}
    async with browsers(app) as browser:
        own, copy = browser(cookies), browser(cookies)
        chat = await start_conversation(own)
        async with copy.stream("GET", f"/api/conversations/{chat}/events") as told:
            lines = told.aiter_lines()
            opened = await anext(lines)
            await end(own, sessions, account)
            with anyio.fail_after(10):
                rest = [line async for line in lines]

    assert (told.status_code, opened) == (200, ": open")
    assert [line for line in rest if line.startswith("data")] == []


async def test_the_stream_of_a_login_that_goes_on_goes_on(app: Starlette, sessions: Sessions) -> None:
    account = await add_person(sessions, staff=False)
    async with browsers(app) as browser:
        own, other = (browser({COOKIE: login_token(account, SECRET)}) for _ in range(2))
        chat = await start_conversation(own)
        async with own.stream("GET", f"/api/conversations/{chat}/events") as told:
            await by_logging_out(other, sessions, account)
            with anyio.move_on_after(LOGIN_CHECKED_EACH_S + 2) as waited:
                async for _ in told.aiter_lines():
                    pass

    assert waited.cancelled_caught


@pytest.mark.parametrize("end", [by_logging_out, by_another_password, by_removal])
async def test_nobody_lets_a_program_in_by_a_login_that_has_ended(
    settings: Settings, sessions: Sessions, end: End
) -> None:
    async with connecting(settings, sessions) as steps, steps.person.browser() as own:
        request, copied = await steps.sealed(), dict(own.cookies)
        shown = (await own.get("/api/consent", params={"request": request})).json()["shown"]
        await end(own, sessions, steps.person.account)
        async with httpx2.AsyncClient(base_url=steps.shop.public_ui_url, cookies=copied) as copy:
            told = await copy.post("/api/consent", json={"request": request, "shown": shown, "yes": True})

    assert (told.status_code, told.json()["code"], await granted(sessions)) == (401, "not_logged_in", [])


@pytest.mark.parametrize("end", [by_another_password, by_removal])
async def test_programs_have_to_be_let_in_anew_after_the_password_changed_or_the_account_is_gone(
    settings: Settings, sessions: Sessions, end: End
) -> None:
    async with connecting(settings, sessions) as steps:
        tokens, code = await steps.tokens(), await steps.code()
        await end(steps.http, sessions, steps.person.account)
        refreshed, exchanged = await steps.refresh(tokens["refresh_token"]), await steps.exchange(code)

    assert [each.json()["error"] for each in (refreshed, exchanged)] == ["invalid_grant"] * 2
    assert await granted(sessions) == []
