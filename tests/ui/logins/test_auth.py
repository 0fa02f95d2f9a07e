"""Logging in and out, and what a login cookie is good for."""

import time

import httpx2
import jwt
import pytest
from starlette.applications import Starlette

from storage.db import Sessions, writing
from storage.process.tries import Backoff, SlidingWindow, TooManyTriesError
from storage.settings import Settings
from storage.shop.shop import Origin
from storage.tokens import Caller, InvalidTokenError, mint, verify
from team.desk.desk import open_desk
from tests.conftest import SECRET
from tests.factories import PASSWORD, add_account, add_customer, add_shop
from tests.ui.visitor import ADDRESS, add_customer_account, log_in, visitor
from ui.app import build_app
from ui.logins.devices import DEVICE_COOKIE
from ui.logins.login import AUDIENCE, COOKIE, VISITOR_COOKIE, login_token


async def test_logging_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(
    app: Starlette, sessions: Sessions
) -> None:
    account = await add_customer_account(sessions, language="ko")

    async with visitor(app) as client:
        answer = await client.post("/auth/login", json={"email": account.email.upper(), "password": PASSWORD})
        me = await client.get("/auth/me")

    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=43200" in cookie
    who = {"email": account.email, "name": account.name, "language": "ko", "staff": False}
    tokens = {"access_token", "refresh_token", "token_type", "expires_in"}
    assert {name: value for name, value in answer.json().items() if name not in tokens} == who
    assert me.json() == who


async def test_an_unknown_email_and_a_wrong_password_read_the_same(app: Starlette, sessions: Sessions) -> None:
    account = await add_customer_account(sessions)

    async with visitor(app) as client:
        wrong = await client.post("/auth/login", json={"email": account.email, "password": "wrong"})
        unknown = await client.post("/auth/login", json={"email": "nobody@example.com", "password": "wrong"})

    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.json() == {"error": "The email or the password is wrong.", "code": "wrong_password"}
    assert wrong.status_code == 401
    assert "set-cookie" not in wrong.headers


@pytest.mark.parametrize(
    ("public", "came_by", "prefix", "secure"),
    [
        ("https://shop.example", "http://shop.example", "__Host-", True),
        ("http://127.0.0.1:3000", "https://127.0.0.1:3000", "", False),
    ],
)
async def test_every_cookie_that_is_set_or_cleared_follows_the_public_address_and_not_the_request(
    settings: Settings, sessions: Sessions, public: str, came_by: str, prefix: str, secure: bool
) -> None:
    account = await add_customer_account(sessions)
    shop = settings.model_copy(update={"public_ui_url": public})
    login = {"email": account.email, "password": PASSWORD}

    async with open_desk(shop, sessions) as desk:
        transport = httpx2.ASGITransport(app=build_app(shop, sessions, desk))
        async with httpx2.AsyncClient(transport=transport, base_url=came_by) as client:
            answers = [
                await client.post("/auth/visit"),
                await client.post("/auth/login", json=login),
                await client.post("/auth/logout"),
            ]

    told = [cookie for answer in answers for cookie in answer.headers.get_list("set-cookie")]
    names = {cookie.partition("=")[0] for cookie in told}
    assert names == {f"{prefix}{name}" for name in (COOKIE, VISITOR_COOKIE, DEVICE_COOKIE)}
    assert len(told) == 7
    assert [cookie for cookie in told if ("Secure" in cookie) is not secure or "Path=/;" not in cookie] == []


async def fail(client: httpx2.AsyncClient, email: str, times: int) -> list[httpx2.Response]:
    """Log in with a wrong password so often."""
    wrong = {"email": email, "password": "wrong"}
    return [await client.post("/auth/login", json=wrong) for _ in range(times)]


async def test_wrong_passwords_make_a_browser_that_is_not_known_wait_and_say_until_when(
    app: Starlette, sessions: Sessions
) -> None:
    account, other = await add_customer_account(sessions), await add_customer_account(sessions)

    async with visitor(app) as client:
        wrong = await fail(client, account.email, 5)
        right = await client.post("/auth/login", json={"email": account.email, "password": PASSWORD})
        await log_in(client, other)

    wait = int(right.headers["retry-after"])
    assert [answer.status_code for answer in wrong] == [401] * 5
    assert (right.status_code, 0 < wait <= 5) == (429, True)
    told = {
        "error": f"Too many attempts. Wait {wait} seconds, then try again.",
        "code": "too_many_tries",
        "wait_s": wait,
    }
    assert right.json() == told


async def test_wrong_passwords_from_elsewhere_never_keep_a_customer_out_of_a_browser_they_logged_in_on(
    app: Starlette, sessions: Sessions
) -> None:
    account, family = await add_customer_account(sessions), await add_customer_account(sessions)

    async with visitor(app) as own, visitor(app) as attacker:
        for person in (account, family):
            await log_in(own, person)
            await own.post("/auth/logout")
        # More than there are for an address, too: the attacker may sit behind the customer's own.
        refused = {answer.status_code for answer in await fail(attacker, account.email, 70)}
        await log_in(own, account)
        stranger = await attacker.post("/auth/login", json={"email": account.email, "password": PASSWORD})

    assert refused == {401, 429}
    assert stranger.status_code == 429


async def test_a_known_browser_waits_for_its_own_wrong_passwords_and_makes_nobody_else_wait(
    app: Starlette, sessions: Sessions
) -> None:
    account = await add_customer_account(sessions)

    async with visitor(app) as shared, visitor(app) as own:
        await log_in(shared, account)
        wrong = await fail(shared, account.email, 6)
        await log_in(own, account)

    assert [answer.status_code for answer in wrong] == [401] * 5 + [429]


async def test_a_device_cookie_that_was_made_up_or_is_another_account_s_helps_nobody(
    app: Starlette, sessions: Sessions
) -> None:
    account, other = await add_customer_account(sessions), await add_customer_account(sessions)

    async with visitor(app) as attacker, visitor(app) as pretender:
        await log_in(attacker, other)
        await fail(attacker, account.email, 5)
        pretender.cookies.set(DEVICE_COOKIE, login_token(account, SECRET))
        answers = [(await fail(client, account.email, 1))[0].status_code for client in (attacker, pretender)]

    assert answers == [429, 429]


def test_each_failure_after_the_free_ones_doubles_the_wait_up_to_the_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at, waits = 1_000.0, []
    monkeypatch.setattr("storage.process.tries.time.monotonic", lambda: at)
    backoff = Backoff(free=2, first_wait_s=5, longest_wait_s=30)

    backoff.take("olivia")
    for _ in range(5):
        backoff.take("olivia")
        with pytest.raises(TooManyTriesError) as refused:
            backoff.take("olivia")
        waits.append(refused.value.wait_s - 1)
        at += refused.value.wait_s
    at += 30
    backoff.take("olivia")
    backoff.take("olivia")

    assert waits == [5, 10, 20, 30, 30]


async def test_right_passwords_are_not_counted_as_tries() -> None:
    tries = SlidingWindow(limit=2, window_s=60)

    for _ in range(3):
        tries.take("olivia")
        tries.take_back("olivia")
    tries.take("olivia")
    tries.take("olivia")

    with pytest.raises(TooManyTriesError):
        tries.take("olivia")
    tries.take("mina")


async def test_a_try_is_forgotten_when_its_time_is_over() -> None:
    tries = SlidingWindow(limit=1, window_s=0)

    tries.take("olivia")
    tries.take("olivia")


async def test_after_logging_out_nothing_of_the_account_can_be_read(app: Starlette, sessions: Sessions) -> None:
    async with visitor(app) as client:
        await log_in(client, await add_customer_account(sessions))
        await client.post("/auth/logout")
        answers = [await client.get(path) for path in ("/auth/me", "/api/conversations", "/api/images/img_1")]

    refusal = {"error": "You are not logged in. Log in, then try again.", "code": "not_logged_in"}
    assert [(answer.status_code, answer.json()) for answer in answers] == [(401, refusal)] * 3


@pytest.mark.parametrize("change", [{"iss": "shopdesk"}, {"aud": ADDRESS}, {"exp": int(time.time()) - 40}])
async def test_a_token_that_is_no_login_of_this_page_is_refused(
    app: Starlette, sessions: Sessions, change: dict[str, str | int]
) -> None:
    account = await add_customer_account(sessions)
    claims = jwt.decode(login_token(account, SECRET), SECRET, algorithms=["HS256"], audience=AUDIENCE)

    answers = []
    for told in (claims, claims | change):
        async with visitor(app) as client:
            client.cookies.set(COOKIE, jwt.encode(told, SECRET, algorithm="HS256"))
            answers.append((await client.get("/auth/me")).status_code)

    assert answers == [200, 401]


async def test_a_login_is_no_tool_token_and_a_tool_token_is_no_login(app: Starlette, sessions: Sessions) -> None:
    account = await add_customer_account(sessions)
    caller = Caller(account.id, False, frozenset({"orders:read"}))

    async with visitor(app) as client, visitor(app) as pretender:
        await log_in(client, account)
        login = client.cookies[COOKIE]
        pretender.cookies.set(COOKIE, mint(SECRET, caller, audience=[AUDIENCE], expires_s=60))
        answer = await pretender.get("/auth/me")

    with pytest.raises(InvalidTokenError):
        verify(SECRET, login, audience=AUDIENCE)
    assert answer.status_code == 401


async def test_a_removed_account_is_logged_out(app: Starlette, sessions: Sessions) -> None:
    account = await add_customer_account(sessions)

    async with visitor(app) as client:
        await log_in(client, account)
        async with writing(sessions) as session:
            await session.delete(account)
        answer = await client.get("/auth/me")

    assert answer.status_code == 401


@pytest.mark.parametrize(("origin", "offered"), [(Origin.DEMO, ["olivia.brown@example.com"]), (Origin.IMPORTED, [])])
async def test_accounts_are_offered_to_everybody_in_the_demo_shop_only(
    app: Starlette, sessions: Sessions, origin: Origin, offered: list[str]
) -> None:
    await add_shop(sessions, origin=origin)
    customer = await add_customer(sessions, email="olivia.brown@example.com")
    await add_account(sessions, email=customer.email, customer_id=customer.id)
    await add_customer_account(sessions)

    async with visitor(app) as client:
        accounts = (await client.get("/auth/demo")).json()

    assert [account["email"] for account in accounts] == offered
