"""The login cookie: a signed token for this page alone, which no tool server accepts."""

import secrets
import time

import jwt
from starlette.requests import Request
from starlette.responses import Response

from storage.accounts import Account, get_account
from storage.errors import ShopError
from storage.tokens import ALGORITHM
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
    token = login_token(account, secret)
    response.set_cookie(COOKIE, token, max_age=HOURS * 3600, httponly=True, samesite="lax", secure=secure)


def login_token(account: Account, secret: str) -> str:
    """Return the cookie's value."""
    at = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": account.id,
        "iat": at,
        "exp": at + HOURS * 3600,
        "jti": secrets.token_urlsafe(12),
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def clear_login(response: Response) -> None:
    """Log out."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")


async def account_of(request: Request) -> Account:
    """Return whose login the request carries.

    Raises:
        NotLoggedInError: it carries none, or one that expired, or its account is gone.
    """
    parts = parts_of(request)
    async with parts.sessions() as session:
        account = await get_account(session, _account_id(request.cookies.get(COOKIE, ""), parts.settings.secret))
    if account is None:
        raise NotLoggedInError
    return account


def _account_id(token: str, secret: str) -> str:
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": ["iss", "aud", "sub", "exp"]},
        )
    except jwt.InvalidTokenError as error:
        raise NotLoggedInError from error
    account_id: str = claims["sub"]
    return account_id
