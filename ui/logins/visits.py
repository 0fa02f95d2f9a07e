"""Visitors: people who chat without logging in, identified only by a signed cookie."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.chats.conversations import new_visitor_id
from storage.db import reading
from storage.errors import ShopError
from storage.owners import Nobody
from storage.people.ended_logins import has_ended
from storage.process.addresses import address_of
from storage.shop.customers import language_of
from ui.logins.bearers import NotLoggedInError, find_bearer, is_key
from ui.logins.cookies import clear_cookie, find_cookie
from ui.logins.keys import person_by_key
from ui.logins.login import (
    COOKIE,
    VISITOR_AUDIENCE,
    VISITOR_COOKIE,
    end_logins,
    get_logged_in,
    keep_token,
    read_token,
    signed_token,
)
from ui.logins.person import Person, of_account
from ui.parts import Parts, parts_of


class VisitorsNotWelcomeError(ShopError):
    """The shop does not allow visitors."""

    def __init__(self) -> None:
        super().__init__("This shop requires everybody to log in.")


class PicturesNeedLoginError(ShopError):
    """A visitor sent a picture, which would belong to nobody."""

    def __init__(self) -> None:
        super().__init__("Log in to send pictures.")


async def person_of(request: Request) -> Person:
    """Return who sent the request.

    A key or a token in the Authorization header is looked at alone; without one a login's cookie takes precedence over
    a visit's.

    Raises:
        NotLoggedInError: nobody, or by what has expired, was ended or revoked, or visitors are no longer allowed.
        CustomerUnknownError: a trusted front names somebody who is no customer of the shop.
    """
    bearer = find_bearer(request)
    if is_key(bearer):
        return await person_by_key(request, bearer)
    if bearer is None and find_cookie(request, parts_of(request).settings, COOKIE) is None:
        return Person(await visitor_of(request), Nobody())
    async with reading(parts_of(request).sessions) as session:
        account = await get_logged_in(session, request)
        return of_account(account, await language_of(session, account.customer_id))


async def visitor_of(request: Request) -> str:
    """Return the visitor's id.

    Raises:
        NotLoggedInError: this is not a visitor, or the visit was ended, or visitors are not allowed.
    """
    parts = parts_of(request)
    if not parts.settings.visitors:
        raise NotLoggedInError
    visit = read_token(find_cookie(request, parts.settings, VISITOR_COOKIE), parts.settings.secret, VISITOR_AUDIENCE)
    async with reading(parts.sessions) as session:
        if await has_ended(session, visit.id):
            raise NotLoggedInError
    return visit.subject


async def welcome(request: Request) -> Response:
    """Return whether chatting without a login is allowed."""
    return JSONResponse({"welcome": parts_of(request).settings.visitors})


async def begin(request: Request) -> Response:
    """Start a visit; an existing visitor stays the same."""
    parts = parts_of(request)
    if not parts.settings.visitors:
        raise VisitorsNotWelcomeError
    token = visitor_token(await _visitor(request, parts), parts.settings.secret)
    await end_logins(request, COOKIE)
    response = JSONResponse(described())
    clear_cookie(response, parts.settings, COOKIE)
    keep_token(response, parts, VISITOR_COOKIE, token)
    return response


async def _visitor(request: Request, parts: Parts) -> str:
    try:
        return await visitor_of(request)
    except NotLoggedInError:
        parts.visits_by_address.take(address_of(request.scope))
        return new_visitor_id()


def visitor_token(visitor_id: str, secret: str) -> str:
    """Return the cookie's value. All cookies of one visit end together, the older ones too."""
    return signed_token(visitor_id, secret, VISITOR_AUDIENCE, login_id=visitor_id)


def described() -> dict[str, str | bool]:
    """Return a visitor in the shape of an account, for the page."""
    return {"email": "", "name": "", "language": "", "staff": False, "visitor": True}


ROUTES = [
    Route("/auth/visit", welcome),
    Route("/auth/visit", begin, methods=["POST"]),
]
