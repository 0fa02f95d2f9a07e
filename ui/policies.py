"""A policy from the shop's handbook, as linked from answers."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from storage.db import now
from storage.handbook.passages import get_document
from storage.words.languages import ENGLISH
from ui.logins.visits import person_of
from ui.parts import parts_of

STATIC = Path(__file__).parent / "static"


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
    return FileResponse(STATIC / "policy.html", headers={"Cache-Control": "no-cache"})


ROUTES = [Route("/policies/{policy_id}", page), Route("/api/policies/{policy_id}", show)]
