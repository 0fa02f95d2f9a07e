"""503 while an external issuer's keys are unavailable, when its tokens can be neither accepted nor rejected."""

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_servers.runtime.callers.issuer_keys import RETRY_S, IssuerAwayError
from mcp_servers.runtime.callers.outside import OutsideIssuer

BODY = {
    "error": "temporarily_unavailable",
    "error_description": "The issuer of this token cannot be reached to check it. Try again.",
}


class IssuerGuard:
    """Middleware that stops requests whose token cannot be checked right now; the shop's own tokens pass."""

    def __init__(self, app: ASGIApp, outside: OutsideIssuer) -> None:
        self._app = app
        self._outside = outside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless it carries a token that cannot be checked."""
        if scope["type"] == "http":
            kind, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
            try:
                if kind.lower() == "bearer" and self._outside.issued(token):
                    await self._outside.require(token)
            except IssuerAwayError:
                answer = JSONResponse(BODY, status_code=503, headers={"Retry-After": str(RETRY_S)})
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)
