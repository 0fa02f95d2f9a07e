"""A login: the page's cookie, a program's access token, which no tool server accepts, and how both end."""

import hmac
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import jwt
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from storage.db import now, reading, writing
from storage.people.accounts import Account, get_account
from storage.people.ended_logins import end_login, has_ended
from storage.people.login_families import end_family
from storage.tokens import ALGORITHM, LEEWAY_S
from ui.logins.bearers import AccountNeededError, BadBearerError, NotLoggedInError, find_bearer, is_key
from ui.logins.cookies import find_cookie, set_cookie
from ui.parts import Parts, parts_of

COOKIE = "shopdesk_login"
VISITOR_COOKIE = "shopdesk_visitor"
# A different issuer and audience from tool tokens, so that neither can be used as the other.
ISSUER = AUDIENCE = "shopdesk-page"
VISITOR_AUDIENCE = "shopdesk-visitor"
ACCESS_AUDIENCE = "shopdesk-api"
AUDIENCES = {COOKIE: AUDIENCE, VISITOR_COOKIE: VISITOR_AUDIENCE}
HOURS = 12


@dataclass(frozen=True)
class Login:
    """A token's content: who its holder is, from which login or visit, and with which password."""

    subject: str
    id: str
    password_mark: str


def set_login(response: Response, parts: Parts, account: Account, login_id: str) -> None:
    """Log this account in on the browser that gets the response."""
    secret = parts.settings.secret
    keep_token(response, parts, COOKIE, token_of_login(account, secret, AUDIENCE, login_id, valid_s=HOURS * 3600))


def keep_token(response: Response, parts: Parts, name: str, token: str) -> None:
    """Store a token in the browser for as long as it is valid."""
    set_cookie(response, parts.settings, name, token, max_age_s=HOURS * 3600)


def login_token(account: Account, secret: str) -> str:
    """Return the value of a new login's cookie."""
    return token_of_login(account, secret, AUDIENCE, new_login_id(), valid_s=HOURS * 3600)


def new_login_id() -> str:
    """Return an id for a new login, which its cookie and its tokens share, so that they end together."""
    return secrets.token_urlsafe(12)


def token_of_login(account: Account, secret: str, audience: str, login_id: str, *, valid_s: int) -> str:
    """Return a token of this login, for the cookie or for a program, valid for this many seconds."""
    mark = password_mark(account, secret)
    return signed_token(account.id, secret, audience, login_id=login_id, password_mark=mark, valid_s=valid_s)


def password_mark(account: Account, secret: str) -> str:
    """Return a value that changes with the account's password, which invalidates earlier logins."""
    return hmac.new(secret.encode(), f"login {account.id} {account.password_hash}".encode(), "sha256").hexdigest()


def signed_token(
    subject: str, secret: str, audience: str, *, login_id: str, password_mark: str = "", valid_s: int = HOURS * 3600
) -> str:
    """Return a token that identifies its holder; the audience keeps the kinds of tokens apart."""
    at = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": audience,
        "sub": subject,
        "iat": at,
        "exp": at + valid_s,
        "jti": login_id,
        "pwd": password_mark,
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def read_token(token: str | None, secret: str, audience: str) -> Login:
    """Return a token's content; the login may have been ended since.

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
        AccountNeededError: it came with an API key, which is no login.
    """
    async with reading(parts_of(request).sessions) as session:
        return await get_logged_in(session, request)


async def get_logged_in(session: AsyncSession, request: Request) -> Account:
    """Return the account that the request is logged in as, as this transaction sees it.

    Raises:
        ShopError: as `account_of`.
    """
    settings, bearer = parts_of(request).settings, find_bearer(request)
    if bearer is None:
        return await _behind(session, find_cookie(request, settings, COOKIE), settings.secret, AUDIENCE)
    if is_key(bearer):
        raise AccountNeededError
    try:
        return await _behind(session, bearer, settings.secret, ACCESS_AUDIENCE)
    except NotLoggedInError as error:
        raise BadBearerError from error


async def _behind(session: AsyncSession, token: str | None, secret: str, audience: str) -> Account:
    login = read_token(token, secret, audience)
    if await has_ended(session, login.id):
        raise NotLoggedInError
    account = await get_account(session, login.subject)
    if account is None:
        raise NotLoggedInError
    if not hmac.compare_digest(password_mark(account, secret).encode(), login.password_mark.encode()):
        raise NotLoggedInError
    return account


async def end_logins(request: Request, *names: str) -> None:
    """End the logins or visits in these cookies: from now on, copies of them are worthless."""
    parts = parts_of(request)
    carried = [_carried(request, parts, name) for name in names]
    await _end(parts, [login for login in carried if login is not None])


async def end_login_of_bearer(request: Request, bearer: str) -> None:
    """End the login of an access token: its cookie and its refresh token are worthless too.

    Raises:
        BadBearerError: it is no valid token.
        AccountNeededError: it is an API key, which `shopdesk token --revoke` ends.
    """
    parts = parts_of(request)
    if is_key(bearer):
        raise AccountNeededError
    try:
        login = read_token(bearer, parts.settings.secret, ACCESS_AUDIENCE)
    except NotLoggedInError as error:
        raise BadBearerError from error
    await _end(parts, [login])


async def _end(parts: Parts, logins: Sequence[Login]) -> None:
    if not logins:
        return
    async with writing(parts.sessions) as session:
        for login in logins:
            # A visit may have newer cookies, but none is valid for longer than one issued now.
            await end_login(session, login.id, until=now() + timedelta(hours=HOURS))
            await end_family(session, login.id)


def _carried(request: Request, parts: Parts, name: str) -> Login | None:
    try:
        return read_token(find_cookie(request, parts.settings, name), parts.settings.secret, AUDIENCES[name])
    except NotLoggedInError:
        return None
