"""What the handbook does not answer, by how often the team asked it in vain."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import reading
from storage.handbook.in_vain import list_gaps
from storage.owners import Staff
from ui.inside.staff import staff_of
from ui.parts import parts_of

SHOWN = 100


async def gaps(request: Request) -> Response:
    """Return the questions without an answer, the most frequent first."""
    await staff_of(request)
    async with reading(parts_of(request).sessions) as session:
        found = await list_gaps(session, Staff(), limit=SHOWN)
    return JSONResponse({"gaps": [{**vars(gap), "last_at": gap.last_at.isoformat()} for gap in found]})


ROUTES = [Route("/api/desk/gaps", gaps)]
