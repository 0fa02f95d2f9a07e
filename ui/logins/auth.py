"""Logging in and out, and who is logged in."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import reading, writing
from storage.moving.demo import KNOWN_EMAILS
from storage.owners import Staff
from storage.people.accounts import Account, WrongPasswordError, check_password, find_account, get_account
from storage.people.logins import full_name
from storage.process.addresses import address_of
from storage.shop.customers import get_customer
from storage.shop.shop import Origin, find_shop
from storage.shop.spelling import stored_email
from storage.words.languages import ENGLISH
from ui.bodies import Body, read_body
from ui.logins.bearers import find_bearer
from ui.logins.cookies import clear_cookie
from ui.logins.devices import device_of, remember
from ui.logins.login import COOKIE, VISITOR_COOKIE, end_login_of_bearer, end_logins, new_login_id, set_login
from ui.logins.person import Person
from ui.logins.tokens import begin_tokens
from ui.logins.visits import described, person_of
from ui.parts import Parts, parts_of


class Login(Body):
    """The credentials."""

    email: str = Field(min_length=3, max_length=254)
    password: str = Field(min_length=1, max_length=200)


async def log_in(request: Request) -> Response:
    """Log in by email and password: the page by a cookie, a program by the tokens in the answer."""
    parts, login = parts_of(request), await read_body(request, Login)
    account, login_id = await _check(request, login), new_login_id()
    described_account = await _described(parts, account)
    await end_logins(request, COOKIE, VISITOR_COOKIE)
    async with writing(parts.sessions) as session:
        tokens = await begin_tokens(session, parts.settings.secret, account, login_id)
    response = JSONResponse({**described_account, **tokens})
    set_login(response, parts, account, login_id)
    remember(response, request, account)
    clear_cookie(response, parts.settings, VISITOR_COOKIE)
    return response


async def log_out(request: Request) -> Response:
    """Log out, or end a visit; being logged out already is not an error. An access token ends the login it is of."""
    if (bearer := find_bearer(request)) is not None:
        await end_login_of_bearer(request, bearer)
        return Response(status_code=204)
    await end_logins(request, COOKIE, VISITOR_COOKIE)
    response = Response(status_code=204)
    for name in (COOKIE, VISITOR_COOKIE):
        clear_cookie(response, parts_of(request).settings, name)
    return response


async def me(request: Request) -> Response:
    """Return who sent the request: who is logged in, whom a key speaks for, or that this is a visitor."""
    person = await person_of(request)
    if person.visitor_id is not None:
        return JSONResponse(described())
    async with parts_of(request).sessions() as session:
        account = None if person.account_id is None else await get_account(session, person.account_id)
        return JSONResponse(await (_view_of_key(session, person) if account is None else _view(session, account)))


async def demo(request: Request) -> Response:
    """List accounts anybody may try, if the shop is the demo."""
    async with parts_of(request).sessions() as session:
        shop = await find_shop(session)
        if shop is None or shop.origin is not Origin.DEMO:
            return JSONResponse([])
        found = [await find_account(session, email) for email in KNOWN_EMAILS]
        return JSONResponse([await _view(session, account) for account in found if account is not None])


async def _check(request: Request, login: Login) -> Account:
    parts, email = parts_of(request), stored_email(login.email)
    async with reading(parts.sessions) as session:
        account = await find_account(session, email)
    logins = parts.desk.steps.metrics.logins
    with _counted(request, account, email):
        try:
            async with parts.checking:
                found = await asyncio.to_thread(check_password, account, login.password)
        except WrongPasswordError:
            logins.labels("refused").inc()
            raise
    logins.labels("ok").inc()
    return found


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


async def _view_of_key(session: AsyncSession, person: Person) -> dict[str, str | bool]:
    """Return the customer that a key speaks for, in the shape of an account; staff and fronts have no email."""
    staff = isinstance(person.whose, Staff)
    if person.customer_id is None:
        return {"email": "", "name": "", "language": person.language, "staff": staff}
    customer = await get_customer(session, person.customer_id)
    name = full_name(customer.first_name, customer.last_name, customer.language)
    return {"email": customer.email, "name": name, "language": customer.language, "staff": staff}


ROUTES = [
    Route("/auth/login", log_in, methods=["POST"]),
    Route("/auth/logout", log_out, methods=["POST"]),
    Route("/auth/me", me),
    Route("/auth/demo", demo),
]
