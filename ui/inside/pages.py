"""The pages for those who look inside. Everybody gets the same empty page: what it shows, it asks for as its reader."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

FOLDER = Path(__file__).parent.parent / "static" / "inside"
ASK_AGAIN = {"Cache-Control": "no-cache"}


async def traces(_: Request) -> Response:
    """Return the page that lists turns, and opens one."""
    return FileResponse(FOLDER / "traces.html", headers=ASK_AGAIN)


async def team(_: Request) -> Response:
    """Return the page that shows the team and its models."""
    return FileResponse(FOLDER / "team.html", headers=ASK_AGAIN)


ROUTES = [Route("/traces", traces), Route("/team", team)]
