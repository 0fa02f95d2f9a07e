"""Logging in and out, and who is logged in."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import reading
from storage.moving.demo import KNOWN_EMAILS
from storage.people.accounts import Account, check_password, find_account
from storage.process.addresses import address_of
from storage.shop.customers import get_customer
from storage.shop.shop import Origin, find_shop
from storage.words.languages import ENGLISH
from ui.bodies import Body, read_body
from ui.logins.cookies import clear_cookie
from ui.logins.devices import device_of, remember
from ui.logins.login import COOKIE, VISITOR_COOKIE, account_of, end_logins, set_login
from ui.logins.visits import described, is_visit, visitor_of
from ui.parts import Parts, parts_of


class Login(Body):
    """The credentials."""

    email: str = Field(min_length=3, max_length=254)
    password: str = Field(min_length=1, max_length=200)


async def log_in(request: Request) -> Response:
    """Log in by email and password."""
    parts, login = parts_of(request), await read_body(request, Login)
    account = await _check(request, login)
    described_account = await _described(parts, account)
    await end_logins(request, COOKIE, VISITOR_COOKIE)
    response = JSONResponse(described_account)
    set_login(response, parts, account)
    remember(response, request, account)
    clear_cookie(response, parts.settings, VISITOR_COOKIE)
    return response


async def log_out(request: Request) -> Response:
    """Log out, or end a visit; being logged out already is not an error."""
    await end_logins(request, COOKIE, VISITOR_COOKIE)
    response = Response(status_code=204)
    for name in (COOKIE, VISITOR_COOKIE):
        clear_cookie(response, parts_of(request).settings, name)
    return response


async def me(request: Request) -> Response:
    """Return who is logged in, or that this is a visitor."""
    if is_visit(request):
        await visitor_of(request)
        return JSONResponse(described())
    return JSONResponse(await _described(parts_of(request), await account_of(request)))


async def demo(request: Request) -> Response:
    """List accounts anybody may try, if the shop is the demo."""
    async with parts_of(request).sessions() as session:
        shop = await find_shop(session)
        if shop is None or shop.origin is not Origin.DEMO:
            return JSONResponse([])
        found = [await find_account(session, email) for email in KNOWN_EMAILS]
        return JSONResponse([await _view(session, account) for account in found if account is not None])


async def _check(request: Request, login: Login) -> Account:
    parts, email = parts_of(request), login.email.strip().lower()
    async with reading(parts.sessions) as session:
        account = await find_account(session, email)
    with _counted(request, account, email):
        async with parts.checking:
            return await asyncio.to_thread(check_password, account, login.password)


@contextmanager
def _counted(request: Request, account: Account | None, email: str) -> Iterator[None]:
    """Count an attempt, and undo that if the password was right.

    Raises:
        TooManyTriesError: there were too many before it.
    """
    parts, device = parts_of(request), device_of(request)
    if account is not None and device.knows(account):
        name = f"{device.id} {account.id}"
        parts.tries_by_device.take(name)
        yield
        parts.tries_by_device.clear(name)
        return
    address = address_of(request.scope)
    parts.tries_by_address.take(address)
    parts.tries_by_email.take(email)
    yield
    # The address keeps its other attempts, so that logging in to one account does not allow more guesses at others.
    parts.tries_by_address.take_back(address)
    parts.tries_by_email.clear(email)


async def _described(parts: Parts, account: Account) -> dict[str, str | bool]:
    async with parts.sessions() as session:
        return await _view(session, account)


async def _view(session: AsyncSession, account: Account) -> dict[str, str | bool]:
    customer = None if account.customer_id is None else await get_customer(session, account.customer_id)
    language = ENGLISH if customer is None else customer.language
    return {"email": account.email, "name": account.name, "language": language, "staff": account.staff}


ROUTES = [
    Route("/auth/login", log_in, methods=["POST"]),
    Route("/auth/logout", log_out, methods=["POST"]),
    Route("/auth/me", me),
    Route("/auth/demo", demo),
]
