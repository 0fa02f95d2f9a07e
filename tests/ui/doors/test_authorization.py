"""Every route of the page, tried by everybody by every door; a route that the table does not know fails."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from storage.db import Sessions, writing
from storage.people.accounts import Account
from storage.people.api_keys import find_key, revoke_key
from storage.settings import Settings
from tests.conftest import SECRET
from tests.factories import add_account, add_conversation, add_customer, add_image, add_order
from tests.team.serving import address, listening, serving
from tests.ui.doors.access import ACCESS, Access, Ids
from tests.ui.doors.programs import FRONT_HEADER, add_key
from ui.logins.login import ACCESS_AUDIENCE, COOKIE, VISITOR_COOKIE, login_token, new_login_id, token_of_login
from ui.logins.visits import visitor_token

SHUT_OUT, FORBIDDEN, MISSING = 401, 403, 404


@dataclass(frozen=True)
class Caller:
    """Somebody, by one door."""

    who: str
    door: str
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cast:
    """Everybody who tries the routes, and whose rows are in their paths: customer A's."""

    callers: list[Caller]
    ids: dict[str, str]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Those of a shop in which every route is on."""
    return settings.model_copy(update={"assistant_mcp": True})


def bearing(who: str, door: str, bearer: str, **headers: str) -> Caller:
    return Caller(who, door, headers={"Authorization": f"Bearer {bearer}", **headers})


async def doors_of(sessions: Sessions, who: str, account: Account) -> list[Caller]:
    """One person, by cookie, by token and by key."""
    token = token_of_login(account, SECRET, ACCESS_AUDIENCE, new_login_id(), valid_s=60)
    return [
        Caller(who, "cookie", cookies={COOKIE: login_token(account, SECRET)}),
        bearing(who, "token", token),
        bearing(who, "key", await add_key(sessions, account.customer_id)),
    ]


def fronts_of(key: str, accounts: Mapping[str, Account]) -> list[Caller]:
    """A trusted front that speaks for each customer in turn, and for nobody."""
    named = [
        bearing(who, "front's key", key, **{FRONT_HEADER: account.email})
        for who, account in accounts.items()
        if not account.staff
    ]
    return [*named, bearing("front", "front's key", key)]


async def cast(sessions: Sessions) -> Cast:
    accounts = {}
    for who in ("A", "B"):
        customer = await add_customer(sessions)
        accounts[who] = await add_account(sessions, email=customer.email, customer_id=customer.id)
    accounts["staff"] = await add_account(sessions)
    revoked = await add_key(sessions)
    async with writing(sessions) as session:
        row = await find_key(session, revoked)
        assert row is not None
        await revoke_key(session, row.id)
    own = accounts["A"]
    conversation = await add_conversation(sessions, customer_id=own.customer_id, account_id=own.id)
    image = await add_image(sessions, b"pixels", customer_id=own.customer_id)
    order = await add_order(sessions, customer_id=own.customer_id)
    ids = {"conversation_id": conversation.id, "image_id": image.id, "order_id": quote(order.id), "language": "en"}
    callers = [
        Caller("nobody", "none"),
        Caller("visitor", "cookie", cookies={VISITOR_COOKIE: visitor_token("v_1", SECRET)}),
        bearing("nobody", "revoked key", revoked),
        bearing("nobody", "made-up key", "sk-shopdesk-made-up"),
        *[caller for who, account in accounts.items() for caller in await doors_of(sessions, who, account)],
        *fronts_of(await add_key(sessions, front=True), accounts),
    ]
    return Cast(callers, ids)


def expected(access: Access, caller: Caller) -> int | None:
    """The refusal that a route must answer with; None where it must serve the caller."""
    if access is Access.OPEN:
        return None
    if access in {Access.LOGOUT, Access.ACCOUNT} and "key" in caller.door:
        # No key does this, so whether it is valid is not looked at.
        return FORBIDDEN
    if access in {Access.PAGE, Access.BUTTON} and caller.headers:
        # No program answers in a person's place.
        return FORBIDDEN
    if access is Access.LOGOUT:
        return None
    if caller.who == "nobody":
        return None if access is Access.COUNTER else SHUT_OUT
    return _of_somebody(access, caller)


def _of_somebody(access: Access, caller: Caller) -> int | None:
    refusals = {
        Access.PERSON: None,
        Access.MEMBER: FORBIDDEN if caller.who == "visitor" else None,
        Access.ACCOUNT: SHUT_OUT if caller.who == "visitor" else None,
        Access.COUNTER: None if caller.who in {"staff", "visitor"} else FORBIDDEN,
        Access.STAFF: None if caller.who == "staff" else FORBIDDEN,
        Access.OWNER: None if caller.who == "A" else MISSING,
        Access.PAGE: SHUT_OUT if caller.who == "visitor" else None,
        Access.BUTTON: None if caller.who == "A" else MISSING,
        Access.ENDS: None if caller.who == "A" else MISSING,
        Access.READER: {"A": None, "staff": None, "visitor": SHUT_OUT}.get(caller.who, MISSING),
    }
    return refusals[access]


def every_route(routes: list[BaseRoute], above: str = "") -> list[tuple[str, str]]:
    """Each method and path of these routes, as the app has them."""
    found = []
    for route in routes:
        if isinstance(route, Mount):
            inner = every_route(list(route.routes), above + route.path)
            found += inner or [("GET", above + route.path)]
        else:
            assert isinstance(route, Route), route
            found += [(method, above + route.path) for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"})]
    return found


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    """Serve the app, since a stream without an end has to be left."""
    listener = listening()
    async with serving((app, listener)):
        yield address(listener)


async def status(url: str, caller: Caller, method: str, path: str) -> int:
    """What a caller is answered; their client is new each time, since some answers set cookies."""
    client = httpx2.AsyncClient(base_url=url, headers=caller.headers, cookies=dict(caller.cookies))
    async with client, client.stream(method, path) as answer:
        return answer.status_code


def test_the_table_has_every_route_of_the_app_and_no_other(app: Starlette) -> None:
    routes = {f"{method} {path}" for method, path in every_route(app.routes)}

    assert routes - set(ACCESS) == set(), "add these to tests/ui/doors/access.py"
    assert set(ACCESS) - routes == set(), "these are gone from the app"


@pytest.mark.parametrize("route", [route for route, access in ACCESS.items() if access is not Access.OPEN])
async def test_a_route_serves_whom_it_may_and_refuses_everybody_else_by_every_door(
    app: Starlette, sessions: Sessions, route: str
) -> None:
    everybody, (method, path) = await cast(sessions), route.split(" ")
    access, path = ACCESS[route], path.format_map(Ids(everybody.ids))

    async with served(app) as url:
        answers = [(caller, await status(url, caller, method, path)) for caller in everybody.callers]

    assert [
        (caller.who, caller.door, answered, expected(access, caller))
        for caller, answered in answers
        if not _is_as_expected(answered, expected(access, caller), access)
    ] == []


@pytest.mark.parametrize("route", [route for route, access in ACCESS.items() if access is Access.OPEN])
async def test_an_open_route_answers_everybody_the_same(app: Starlette, sessions: Sessions, route: str) -> None:
    everybody, (method, path) = await cast(sessions), route.split(" ")

    async with served(app) as url:
        filled = path.format_map(Ids(everybody.ids))
        answers = {await status(url, caller, method, filled) for caller in everybody.callers}

    assert len(answers) == 1


def _is_as_expected(answered: int, refusal: int | None, access: Access) -> bool:
    if refusal is not None:
        return answered == refusal
    # What somebody may do to their own rows is found; of other routes, an id of nothing may be missing.
    found = access not in {Access.OWNER, Access.BUTTON, Access.READER} or answered != MISSING
    return answered not in {SHUT_OUT, FORBIDDEN} and found
