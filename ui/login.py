"""The login cookie: a signed token for this page alone, which no tool server accepts."""

import secrets
import time

import jwt
from starlette.requests import Request
from starlette.responses import Response

from storage.accounts import Account, get_account
from storage.errors import ShopError
from storage.tokens import ALGORITHM, LEEWAY_S
from ui.parts import parts_of

COOKIE = "shopdesk_login"
# Another issuer and audience than a tool token's, so that neither is ever taken for the other.
ISSUER = AUDIENCE = "shopdesk-page"
HOURS = 12


class NotLoggedInError(ShopError):
    """There is no login, or it has expired."""

    def __init__(self) -> None:
        super().__init__("You are not logged in. Log in, then try again.")


def set_login(response: Response, account: Account, *, secret: str, secure: bool) -> None:
    """Log this account in on the browser that gets the response."""
    set_cookie(response, COOKIE, login_token(account, secret), secure=secure)


def set_cookie(response: Response, name: str, token: str, *, secure: bool) -> None:
    """Have the browser keep a token that neither scripts nor other sites can use."""
    response.set_cookie(name, token, max_age=HOURS * 3600, httponly=True, samesite="lax", secure=secure)


def login_token(account: Account, secret: str) -> str:
    """Return the cookie's value."""
    return signed_token(account.id, secret, AUDIENCE)


def signed_token(subject: str, secret: str, audience: str) -> str:
    """Return a token that says who this browser is; the audience keeps one kind from passing for another."""
    at = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": audience,
        "sub": subject,
        "iat": at,
        "exp": at + HOURS * 3600,
        "jti": secrets.token_urlsafe(12),
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def clear_login(response: Response) -> None:
    """Log out."""
    clear_cookie(response, COOKIE)


def clear_cookie(response: Response, name: str) -> None:
    """Have the browser forget a token."""
    response.delete_cookie(name, httponly=True, samesite="lax")


async def account_of(request: Request) -> Account:
    """Return whose login the request carries.

    Raises:
        NotLoggedInError: it carries none, or one that expired, or its account is gone.
    """
    parts = parts_of(request)
    async with parts.sessions() as session:
        account = await get_account(
            session, read_token(request.cookies.get(COOKIE, ""), parts.settings.secret, AUDIENCE)
        )
    if account is None:
        raise NotLoggedInError
    return account


def read_token(token: str, secret: str, audience: str) -> str:
    """Return who a cookie's token says this browser is.

    Raises:
        NotLoggedInError: it is not one of ours, not of this kind, or it has expired.
    """
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=ISSUER,
            leeway=LEEWAY_S,
            options={"require": ["iss", "aud", "sub", "exp"]},
        )
    except jwt.InvalidTokenError as error:
        raise NotLoggedInError from error
    subject: str = claims["sub"]
    return subject
