"""The pages for those who look inside. Everybody gets the same empty page: what it shows, it asks for as its reader."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ui.screens.screen import screen


async def traces(_: Request) -> Response:
    """Return the page that lists turns, and opens one."""
    return screen("traces")


async def team(_: Request) -> Response:
    """Return the page that shows the team and its models."""
    return screen("team")


async def tasks(_: Request) -> Response:
    """Return the page on which several models are asked one question."""
    return screen("tasks")


ROUTES = [Route("/traces", traces), Route("/team", team), Route("/tasks", tasks)]
