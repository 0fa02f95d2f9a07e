"""The consent page: what a program asks for, and the logged-in user's yes or no."""

import hmac
import secrets
from urllib.parse import urlsplit

from mcp.server.auth.provider import construct_redirect_uri
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import now, writing
from storage.errors import ShopError
from storage.people.accounts import Account
from storage.people.oauth_clients import OAuthClient, find_client
from storage.people.oauth_grants import CODE_FOR, OAuthGrant, add_grant, hashed
from ui.bodies import Body, read_body
from ui.logins.bearers import find_bearer
from ui.logins.cookies import find_cookie
from ui.logins.login import COOKIE, account_of, get_logged_in
from ui.oauth.clients import is_loopback
from ui.oauth.described import origin
from ui.oauth.requests import ConsentRequest, RequestExpiredError, opened, shown_to
from ui.parts import Parts, parts_of
from ui.screens.screen import screen


class OtherLoginError(ShopError):
    """The decision does not come from the page that this login was shown."""

    def __init__(self) -> None:
        super().__init__("Another login has been used since this page was shown. Load it again.")


class Decision(Body):
    """What the person decided."""

    request: str
    shown: str
    yes: bool


async def page(_: Request) -> Response:
    """Return the page, which fetches the rest itself."""
    return screen("consent")


async def describe(request: Request) -> Response:
    """Return who asks for what, to a logged-in user."""
    parts, account = parts_of(request), await account_of(request)
    sealed = request.query_params.get("request", "")
    asked, client = await _opened(parts, sealed)
    return JSONResponse(
        {
            "client": client.name,
            "from": origin(client.id),
            "back_to": place(asked.redirect_uri),
            "scopes": asked.scopes,
            "name": account.name,
            "email": account.email,
            "staff": account.staff,
            "shown": shown_to(sealed, _login(request), parts.settings.secret),
        }
    )


async def decide(request: Request) -> Response:
    """Accept the yes or no, and return where the browser goes next."""
    parts, account, decision = parts_of(request), await account_of(request), await read_body(request, Decision)
    asked, client = await _opened(parts, decision.request)
    shown = shown_to(decision.request, _login(request), parts.settings.secret)
    if not hmac.compare_digest(shown.encode(), decision.shown.encode()):
        raise OtherLoginError
    told = {"code": await _code(request, asked, client, account)} if decision.yes else {"error": "access_denied"}
    # RFC 9207: the issuer is named, so that a client of several servers cannot be tricked into mixing up their codes.
    issuer = parts.settings.public_ui_url
    return JSONResponse({"redirect": construct_redirect_uri(asked.redirect_uri, **told, state=asked.state, iss=issuer)})


async def _opened(parts: Parts, sealed: str) -> tuple[ConsentRequest, OAuthClient]:
    asked = opened(sealed, parts.settings.secret)
    async with parts.sessions() as session:
        client = await find_client(session, asked.client_id)
    if client is None:
        raise RequestExpiredError
    return asked, client


def _login(request: Request) -> str:
    return find_bearer(request) or find_cookie(request, parts_of(request).settings, COOKIE) or ""


async def _code(request: Request, asked: ConsentRequest, client: OAuthClient, account: Account) -> str:
    code = secrets.token_urlsafe(32)
    at = now()
    grant = OAuthGrant(
        id=secrets.token_urlsafe(16),
        client_id=client.id,
        account_id=account.id,
        resource=asked.resource,
        scopes=asked.scopes,
        created_at=at,
        code_hash=hashed(code),
        code_challenge=asked.code_challenge,
        redirect_uri=asked.redirect_uri,
        redirect_uri_given=asked.redirect_uri_given,
        refresh_hash=None,
        expires_at=at + CODE_FOR,
    )
    async with writing(parts_of(request).sessions) as session:
        await add_grant(session, grant)
        # If the password was changed meanwhile, a login with the old one grants nothing.
        await get_logged_in(session, request)
    return code


def place(redirect: str) -> str:
    """Return the host that the browser is sent back to; nothing for this computer itself."""
    address = urlsplit(redirect)
    if is_loopback(address):
        return ""
    return address.hostname or "" if address.scheme == "https" else f"{address.scheme}:"


ROUTES = [
    Route("/consent", page),
    Route("/api/consent", describe),
    Route("/api/consent", decide, methods=["POST"]),
]
