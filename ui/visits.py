"""Visitors: people who chat without logging in, known by a signed cookie of their own and by nothing else."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.addresses import address_of
from storage.conversations import new_visitor_id
from storage.errors import ShopError
from storage.owners import Nobody, Whose
from ui.login import COOKIE, NotLoggedInError, account_of, clear_login, read_token, set_cookie, signed_token
from ui.parts import Parts, parts_of

VISITOR_COOKIE = "shopdesk_visitor"
AUDIENCE = "shopdesk-visitor"


class VisitorsNotWelcomeError(ShopError):
    """The shop asks everybody to log in."""

    def __init__(self) -> None:
        super().__init__("This shop asks everybody to log in.")


class PicturesNeedLoginError(ShopError):
    """A visitor sent a picture, which would belong to nobody."""

    def __init__(self) -> None:
        super().__init__("Log in to send pictures.")


@dataclass(frozen=True)
class Person:
    """Who is at the browser: an account, or a visitor. `id` owns their conversations."""

    id: str
    whose: Whose
    account_id: str | None = None
    customer_id: str | None = None

    @property
    def visitor_id(self) -> str | None:
        """The visitor's id; None for who has logged in."""
        return self.id if self.account_id is None else None


async def person_of(request: Request) -> Person:
    """Return who sent the request; a login goes before a visit.

    Raises:
        NotLoggedInError: neither, or the cookie has expired, or visitors are no longer welcome.
    """
    if COOKIE in request.cookies:
        account = await account_of(request)
        return Person(account.id, account.whose, account.id, account.customer_id)
    return Person(visitor_of(request), Nobody())


def visitor_of(request: Request) -> str:
    """Return the visitor's id.

    Raises:
        NotLoggedInError: this is no visitor, or visitors are not welcome.
    """
    settings = parts_of(request).settings
    if not settings.visitors:
        raise NotLoggedInError
    return read_token(request.cookies.get(VISITOR_COOKIE, ""), settings.secret, AUDIENCE)


async def welcome(request: Request) -> Response:
    """Tell whether one may chat without logging in."""
    return JSONResponse({"welcome": parts_of(request).settings.visitors})


async def begin(request: Request) -> Response:
    """Let somebody in as a visitor; who is one already stays the same."""
    parts = parts_of(request)
    if not parts.settings.visitors:
        raise VisitorsNotWelcomeError
    response = JSONResponse(described())
    clear_login(response)
    set_cookie(response, VISITOR_COOKIE, _token(request, parts), secure=request.url.scheme == "https")
    return response


def _token(request: Request, parts: Parts) -> str:
    try:
        return signed_token(visitor_of(request), parts.settings.secret, AUDIENCE)
    except NotLoggedInError:
        parts.visits_by_address.take(address_of(request.scope))
        return signed_token(new_visitor_id(), parts.settings.secret, AUDIENCE)


def described() -> dict[str, str | bool]:
    """Return what the page is told of a visitor, in the shape of an account."""
    return {"email": "", "name": "", "language": "", "staff": False, "visitor": True}


ROUTES = [
    Route("/auth/visit", welcome),
    Route("/auth/visit", begin, methods=["POST"]),
]
