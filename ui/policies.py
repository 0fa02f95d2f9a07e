"""A policy from the shop's handbook, as linked from answers."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from storage.db import now
from storage.handbook.passages import get_document
from storage.words.languages import ENGLISH
from ui.logins.visits import person_of
from ui.parts import parts_of


async def show(request: Request) -> Response:
    """Return a policy as plain text, in `?language=` if available, to anyone who may chat."""
    await person_of(request)
    wanted = request.query_params.get("language", ENGLISH)
    async with parts_of(request).sessions() as session:
        policy = await get_document(
            session, request.path_params["policy_id"], None, today=now().date(), preferred=wanted
        )
    return PlainTextResponse(f"{policy.title}\n\n{policy.text}")


ROUTES = [Route("/api/policies/{policy_id}", show)]
