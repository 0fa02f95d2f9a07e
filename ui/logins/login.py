"""The login cookie: a signed token for this page only, which no tool server accepts, and how it ends."""

import hmac
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta

import jwt
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from storage.db import now, reading, writing
from storage.errors import ShopError
from storage.people.accounts import Account, get_account
from storage.people.ended_logins import end_login, has_ended
from storage.tokens import ALGORITHM, LEEWAY_S
from ui.logins.cookies import find_cookie, set_cookie
from ui.parts import Parts, parts_of

COOKIE = "shopdesk_login"
VISITOR_COOKIE = "shopdesk_visitor"
# A different issuer and audience from tool tokens, so that neither can be used as the other.
ISSUER = AUDIENCE = "shopdesk-page"
VISITOR_AUDIENCE = "shopdesk-visitor"
AUDIENCES = {COOKIE: AUDIENCE, VISITOR_COOKIE: VISITOR_AUDIENCE}
HOURS = 12


class NotLoggedInError(ShopError):
    """There is no login, or it has expired."""

    def __init__(self) -> None:
        super().__init__("You are not logged in. Log in, then try again.")


@dataclass(frozen=True)
class Login:
    """A cookie's content: who this browser is, from which login or visit, and with which password."""

    subject: str
    id: str
    password_mark: str


def set_login(response: Response, parts: Parts, account: Account) -> None:
    """Log this account in on the browser that gets the response."""
    keep_token(response, parts, COOKIE, login_token(account, parts.settings.secret))


def keep_token(response: Response, parts: Parts, name: str, token: str) -> None:
    """Store a token in the browser for as long as it is valid."""
    set_cookie(response, parts.settings, name, token, max_age_s=HOURS * 3600)


def login_token(account: Account, secret: str) -> str:
    """Return the cookie's value."""
    mark = password_mark(account, secret)
    return signed_token(account.id, secret, AUDIENCE, login_id=secrets.token_urlsafe(12), password_mark=mark)


def password_mark(account: Account, secret: str) -> str:
    """Return a value that changes with the account's password, which invalidates earlier logins."""
    return hmac.new(secret.encode(), f"login {account.id} {account.password_hash}".encode(), "sha256").hexdigest()


def signed_token(subject: str, secret: str, audience: str, *, login_id: str, password_mark: str = "") -> str:
    """Return a token that identifies this browser; the audience keeps the kinds of tokens apart."""
    at = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": audience,
        "sub": subject,
        "iat": at,
        "exp": at + HOURS * 3600,
        "jti": login_id,
        "pwd": password_mark,
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def read_token(token: str | None, secret: str, audience: str) -> Login:
    """Return a cookie token's content; the login may have been ended since.

    Raises:
        NotLoggedInError: it is not ours, not of this kind, or expired.
    """
    try:
        claims = jwt.decode(
            token or "",
            secret,
            algorithms=[ALGORITHM],
            audience=audience,
            issuer=ISSUER,
            leeway=LEEWAY_S,
            options={"require": ["iss", "aud", "sub", "exp", "jti", "pwd"]},
        )
    except jwt.InvalidTokenError as error:
        raise NotLoggedInError from error
    return Login(subject=claims["sub"], id=claims["jti"], password_mark=claims["pwd"])


async def account_of(request: Request) -> Account:
    """Return the account that the request is logged in as.

    Raises:
        NotLoggedInError: it has no login, or one that has expired or was ended, or whose account is gone.
    """
    async with reading(parts_of(request).sessions) as session:
        return await get_logged_in(session, request)


async def get_logged_in(session: AsyncSession, request: Request) -> Account:
    """Return the account that the request is logged in as, as this transaction sees it.

    Raises:
        NotLoggedInError: as `account_of`.
    """
    settings = parts_of(request).settings
    login = read_token(find_cookie(request, settings, COOKIE), settings.secret, AUDIENCE)
    if await has_ended(session, login.id):
        raise NotLoggedInError
    account = await get_account(session, login.subject)
    if account is None:
        raise NotLoggedInError
    if not hmac.compare_digest(password_mark(account, settings.secret).encode(), login.password_mark.encode()):
        raise NotLoggedInError
    return account


async def end_logins(request: Request, *names: str) -> None:
    """End the logins or visits in these cookies: from now on, copies of them are worthless."""
    parts = parts_of(request)
    carried = [_carried(request, parts, name) for name in names]
    ended = [login for login in carried if login is not None]
    if not ended:
        return
    async with writing(parts.sessions) as session:
        for login in ended:
            # A visit may have newer cookies, but none is valid for longer than one issued now.
            await end_login(session, login.id, until=now() + timedelta(hours=HOURS))


def _carried(request: Request, parts: Parts, name: str) -> Login | None:
    try:
        return read_token(find_cookie(request, parts.settings, name), parts.settings.secret, AUDIENCES[name])
    except NotLoggedInError:
        return None
