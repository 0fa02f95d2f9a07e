"""The size limit of HTTP requests, and the response to those that do not arrive."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.process.bodies import BodyError
from storage.process.failed_requests import LIMITED
from storage.process.metrics import CallMetrics

LARGEST_BODY = 1024 * 1024
"""In bytes: the longest arguments of any tool are a hundredth of it."""
TOO_LARGE = 413
TOLD = f"The request is too large: at most {LARGEST_BODY // 1024} KiB.\n".encode()


class CountedBodies:
    """Counts the requests that the SDK rejects as too large, and replaces its response with one naming the limit."""

    def __init__(self, app: ASGIApp, server: str, metrics: CallMetrics) -> None:
        self.app = app
        self.server = server
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        refused = False

        async def told(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == TOO_LARGE:
                refused = True
                self.metrics.refuse(self.server, "body")
                length = (b"content-length", str(len(TOLD)).encode())
                message = {**message, "headers": [(b"content-type", b"text/plain; charset=utf-8"), length]}
            elif refused and message["type"] == "http.response.body":
                message = {"type": "http.response.body", "body": TOLD}
            await send(message)

        await self.app(scope, receive, told)


def refuse_body(server: str, metrics: CallMetrics) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return a handler that says in one line why a body was rejected, and counts it."""

    async def refuse(request: Request, error: Exception) -> Response:
        assert isinstance(error, BodyError)  # noqa: S101 - Starlette's handler type is wider than its registration
        metrics.refuse(server, error.limit)
        request.scope[LIMITED] = True
        headers = {"Retry-After": str(error.wait_s)}
        return PlainTextResponse(f"{error}\n", status_code=error.status, headers=headers)

    return refuse
