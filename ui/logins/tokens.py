"""A program's login: a short access token, and a refresh token that is replaced each time it is used."""

from datetime import timedelta
from typing import Any

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import now, writing
from storage.errors import ShopError
from storage.people.accounts import Account, get_account
from storage.people.ended_logins import end_login
from storage.people.login_families import begin_family, end_family, family_named, replace_token
from storage.process.addresses import address_of
from ui.bodies import Body, read_body
from ui.logins.login import ACCESS_AUDIENCE, HOURS, password_mark, token_of_login
from ui.parts import parts_of

ACCESS_S = 3600
"""How long an access token is valid. It ends sooner with its login, which each request looks up."""


class BadRefreshTokenError(ShopError):
    """The refresh token is unknown, expired or was used before."""

    def __init__(self) -> None:
        super().__init__("This refresh token is not valid: it is expired or was used before. Log in again.")


class Refresh(Body):
    """The refresh token that was told last."""

    refresh_token: str = Field(min_length=1, max_length=200)


async def begin_tokens(session: AsyncSession, secret: str, account: Account, login_id: str) -> dict[str, Any]:
    """Return the tokens of a new login."""
    refresh_token = await begin_family(session, login_id, account.id, password_mark(account, secret))
    return _told(account, secret, login_id, refresh_token)


async def refresh(request: Request) -> Response:
    """Exchange a refresh token for new tokens.

    A token that was exchanged before was copied by somebody: the login ends for whoever holds its tokens or cookie.
    """
    parts, given = parts_of(request), await read_body(request, Refresh)
    address = address_of(request.scope)
    parts.tries_by_address.take(address)
    async with writing(parts.sessions) as session:
        told = await _exchanged(session, parts.settings.secret, given.refresh_token)
    if told is None:
        raise BadRefreshTokenError
    parts.tries_by_address.take_back(address)
    return JSONResponse(told)


async def _exchanged(session: AsyncSession, secret: str, old: str) -> dict[str, Any] | None:
    login_id, replaced = family_named(old), await replace_token(session, old)
    if replaced is not None:
        account = await get_account(session, replaced.account_id)
        if account is not None and password_mark(account, secret) == replaced.password_mark:
            return _told(account, secret, login_id, replaced.token)
    if await end_family(session, login_id):
        await end_login(session, login_id, until=now() + timedelta(hours=HOURS))
    return None


def _told(account: Account, secret: str, login_id: str, refresh_token: str) -> dict[str, Any]:
    return {
        "access_token": token_of_login(account, secret, ACCESS_AUDIENCE, login_id, valid_s=ACCESS_S),
        "refresh_token": refresh_token,
        "token_type": "bearer",
        "expires_in": ACCESS_S,
    }


ROUTES = [Route("/auth/refresh", refresh, methods=["POST"])]
