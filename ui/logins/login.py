"""The login cookie: a signed token for this page alone, which no tool server accepts, and how it ends."""

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
# Another issuer and audience than a tool token's, so that neither is ever taken for the other.
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
    """What a cookie says: who this browser is, since which login or visit, and with which password."""

    subject: str
    id: str
    password_mark: str


def set_login(response: Response, parts: Parts, account: Account) -> None:
    """Log this account in on the browser that gets the response."""
    keep_token(response, parts, COOKIE, login_token(account, parts.settings.secret))


def keep_token(response: Response, parts: Parts, name: str, token: str) -> None:
    """Have the browser keep a token as long as it is good."""
    set_cookie(response, parts.settings, name, token, max_age_s=HOURS * 3600)


def login_token(account: Account, secret: str) -> str:
    """Return the cookie's value."""
    mark = password_mark(account, secret)
    return signed_token(account.id, secret, AUDIENCE, login_id=secrets.token_urlsafe(12), password_mark=mark)


def password_mark(account: Account, secret: str) -> str:
    """Return what changes with the account's password: a login by an older one is none any more."""
    return hmac.new(secret.encode(), f"login {account.id} {account.password_hash}".encode(), "sha256").hexdigest()


def signed_token(subject: str, secret: str, audience: str, *, login_id: str, password_mark: str = "") -> str:
    """Return a token that says who this browser is; the audience keeps one kind from passing for another."""
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
    """Return what a cookie's token says, which may have been ended since.

    Raises:
        NotLoggedInError: it is not one of ours, not of this kind, or it has expired.
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
    """Return whose login the request carries.

    Raises:
        NotLoggedInError: it carries none, or one that expired or was ended, or its account is gone.
    """
    async with reading(parts_of(request).sessions) as session:
        return await get_logged_in(session, request)


async def get_logged_in(session: AsyncSession, request: Request) -> Account:
    """Return whose login the request carries, as this transaction sees it.

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
    """End what the request carries by these cookies: from now on a copy of them is worth nothing."""
    parts = parts_of(request)
    carried = [_carried(request, parts, name) for name in names]
    ended = [login for login in carried if login is not None]
    if not ended:
        return
    async with writing(parts.sessions) as session:
        for login in ended:
            # A visit goes on with new cookies, and none of them is good for longer than one that is made now.
            await end_login(session, login.id, until=now() + timedelta(hours=HOURS))


def _carried(request: Request, parts: Parts, name: str) -> Login | None:
    try:
        return read_token(find_cookie(request, parts.settings, name), parts.settings.secret, AUDIENCES[name])
    except NotLoggedInError:
        return None
