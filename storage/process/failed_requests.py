"""The log's line of each HTTP request that was not answered as its sender wished."""

import logging
from time import perf_counter

from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.process.logs import note

FAILED, BROKEN = 400, 500
CODE = "shopdesk.code"
"""Where in a request's scope its handler says which error it answered with."""
LIMITED = "shopdesk.limited"
"""Where it says that a limit refused it, which has a line of its own."""
NO_ROUTE = "none"

logger = logging.getLogger(__name__)


class FailedRequests:
    """Middleware that tells the log of requests that failed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        started = perf_counter()

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= FAILED and not scope.get(LIMITED):
                _tell(scope, message["status"], perf_counter() - started)
            await send(message)

        await self._app(scope, receive, told)


def _tell(scope: Scope, status: int, seconds: float) -> None:
    level = logging.ERROR if status >= BROKEN else logging.INFO
    named = scope.get("path_params", {}).get("conversation_id")
    about = {"method": scope["method"], "route": route_of(scope), "code": scope.get(CODE), "conversation": named}
    note(logger, "request", level, status=status, **about, ms=round(seconds * 1000, 1))


def route_of(scope: Scope) -> str:
    """Return the route a request was for, not its path: that may hold an order's id."""
    route = scope.get("route")
    if isinstance(route, Mount):
        return str(scope.get("root_path") or "/")
    return str(scope.get("root_path", "")) + str(getattr(route, "path_format", NO_ROUTE))
