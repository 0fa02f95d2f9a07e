"""A policy from the shop's handbook, as linked from answers."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Match, Route
from starlette.types import Scope

from storage.db import now
from storage.handbook.passages import get_document
from storage.words.languages import ENGLISH
from ui.logins.visits import person_of
from ui.parts import parts_of
from ui.screens.screen import screen

HTML = "text/html"


async def show(request: Request) -> Response:
    """Return a policy as plain text, in `?language=` if available, to anyone who may chat."""
    await person_of(request)
    wanted = request.query_params.get("language", ENGLISH)
    async with parts_of(request).sessions() as session:
        policy = await get_document(
            session, request.path_params["policy_id"], None, today=now().date(), preferred=wanted
        )
    return PlainTextResponse(f"{policy.title}\n\n{policy.text}")


async def page(_: Request) -> Response:
    """Return the page that shows a policy to read."""
    return screen("policy", Vary="Accept")


class ForReading(Route):
    """A page at an address that is also one of the REST API: it is for whoever asks for HTML, as browsers do."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Leave every other request to the routes that follow."""
        if HTML not in Headers(scope=scope).get("accept", ""):
            return Match.NONE, {}
        return super().matches(scope)


ROUTES = [ForReading("/policies/{policy_id}", page), Route("/api/policies/{policy_id}", show)]
