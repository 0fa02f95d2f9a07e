"""The page of connected programs: which ones a user has approved, and how to disconnect each."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import writing
from storage.errors import ShopError
from storage.people.oauth_clients import OAuthClient, list_let_in
from storage.people.oauth_grants import OAuthGrant, end_own_grant
from ui.logins.login import account_of
from ui.oauth.consent import place
from ui.oauth.described import origin
from ui.parts import parts_of
from ui.screens.screen import screen


class NoSuchProgramError(ShopError):
    """None of this user's programs has this id."""

    def __init__(self) -> None:
        super().__init__("This program is no longer connected.")


async def page(_: Request) -> Response:
    """Return the page, which fetches the rest itself."""
    return screen("programs")


async def list_programs(request: Request) -> Response:
    """List the programs that the logged-in user has approved, newest first."""
    account = await account_of(request)
    async with parts_of(request).sessions() as session:
        found = await list_let_in(session, account.id)
    return JSONResponse([_view(grant, client) for grant, client in found])


async def disconnect(request: Request) -> Response:
    """Disconnect one program: it gets no new token."""
    account = await account_of(request)
    async with writing(parts_of(request).sessions) as session:
        ended = await end_own_grant(session, request.path_params["id"], account.id)
    if not ended:
        raise NoSuchProgramError
    return Response(status_code=204)


def _view(grant: OAuthGrant, client: OAuthClient) -> dict[str, object]:
    return {
        "id": grant.id,
        "client": client.name,
        "from": origin(client.id),
        "back_to": place(grant.redirect_uri),
        "scopes": grant.scopes,
        "since": grant.created_at.isoformat(),
        "until": grant.expires_at.isoformat(),
    }


ROUTES = [
    Route("/programs", page),
    Route("/api/programs", list_programs),
    Route("/api/programs/{id}", disconnect, methods=["DELETE"]),
]
