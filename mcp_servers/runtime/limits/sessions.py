"""How many MCP sessions one caller may have open; the one unused for longest ends where another is opened."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.process.addresses import address_of
from storage.process.limits import ConcurrencyLimiter
from storage.process.metrics import CallMetrics

SESSION = "mcp-session-id"
PROTOCOL = "mcp-protocol-version"
FIRST_WITHOUT_SESSIONS = "2026"
COME_BACK_S = 30
TOO_MANY = 429
ERRORS = 400


@dataclass
class Open:
    """A session: whose it is, how to end it, and whether a request of it is being served."""

    caller: str
    address: str
    end: Callable[[], Awaitable[None]]
    used: float
    serving: int = 0


class OpenSessions:
    """The open sessions of every server of this process."""

    def __init__(self, at_once: int, idle_s: float) -> None:
        self.at_once = at_once
        self._idle_s = idle_s
        self._limiter = ConcurrencyLimiter(at_once)
        self._open: dict[str, Open] = {}

    def __len__(self) -> int:
        return len(self._open)

    async def acquire(self, caller: str, address: str) -> bool:
        """Return whether one more may be opened, after ending the caller's longest unused one where that is needed."""
        for session_id in [one for one, found in self._open.items() if self._is_over(found)]:
            self.forget(session_id)
        if self._limiter.acquire(caller, address):
            return True
        idle = [one for one, found in self._open.items() if found.caller == caller and not found.serving]
        if not idle:
            return False
        oldest = min(idle, key=lambda one: self._open[one].used)
        end = self._open[oldest].end
        self.forget(oldest)
        taken = self._limiter.acquire(caller, address)
        await end()
        return taken

    def release(self, caller: str, address: str) -> None:
        """Give back what was acquired for a session that did not come about."""
        self._limiter.release(caller, address)

    def keep(self, session_id: str, caller: str, address: str, end: Callable[[], Awaitable[None]]) -> None:
        """Remember a session that came about."""
        self._open[session_id] = Open(caller, address, end, time.monotonic())

    def find(self, session_id: str) -> Open | None:
        """Return an open session."""
        return self._open.get(session_id)

    def forget(self, session_id: str) -> None:
        """Give back what was acquired for a session that ended."""
        found = self._open.pop(session_id, None)
        if found is not None:
            self._limiter.release(found.caller, found.address)

    def _is_over(self, found: Open) -> bool:
        # The SDK ends it at the same time.
        return not found.serving and found.used + self._idle_s < time.monotonic()


class CountedSessions:
    """The middleware, behind the one that reads the token, which counts the sessions that one server opens."""

    def __init__(self, app: ASGIApp, server: str, sessions: OpenSessions, metrics: CallMetrics) -> None:
        self._app = app
        self._server = server
        self._sessions = sessions
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        user = scope.get("user")
        if scope["type"] != "http" or not isinstance(user, AuthenticatedUser):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        caller = user.access_token.subject or ""
        if SESSION in headers:
            await self._go_on(headers[SESSION], caller, scope, receive, send)
        elif scope["method"] == "POST" and headers.get(PROTOCOL, "") < FIRST_WITHOUT_SESSIONS:
            await self._open(caller, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _go_on(self, session_id: str, caller: str, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._sessions.find(session_id)
        if found is None or found.caller != caller:
            await self._app(scope, receive, send)
            return
        found.serving += 1
        statuses: list[int] = []
        try:
            await self._app(scope, receive, _noting(send, statuses))
        finally:
            found.serving -= 1
            found.used = time.monotonic()
        if scope["method"] == "DELETE" and statuses and statuses[0] < ERRORS:
            self._sessions.forget(session_id)

    async def _open(self, caller: str, scope: Scope, receive: Receive, send: Send) -> None:
        address = address_of(scope)
        if not await self._sessions.acquire(caller, address):
            self._metrics.refuse(self._server, "sessions")
            await _refusal(self._sessions.at_once)(scope, receive, send)
            return
        kept = False

        async def opened(message: Message) -> None:
            nonlocal kept
            if message["type"] == "http.response.start" and message["status"] < ERRORS:
                session_id = Headers(raw=message["headers"]).get(SESSION)
                if session_id is not None:
                    kept = True
                    self._sessions.keep(session_id, caller, address, lambda: self._end(session_id, scope))
            await send(message)

        try:
            await self._app(scope, receive, opened)
        finally:
            if not kept:
                self._sessions.release(caller, address)

    async def _end(self, session_id: str, opened_by: Scope) -> None:
        """End a session as its own caller would, with the request that DELETE is for."""
        kept = [(name, value) for name, value in opened_by["headers"] if name not in {b"content-length", b"accept"}]
        ending = {**opened_by, "method": "DELETE", "headers": [*kept, (SESSION.encode(), session_id.encode())]}

        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def unheard(_: Message) -> None:
            await asyncio.sleep(0)

        await self._app(ending, nothing, unheard)


def _noting(send: Send, statuses: list[int]) -> Send:
    async def noted(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
        await send(message)

    return noted


def _refusal(at_once: int) -> PlainTextResponse:
    return PlainTextResponse(
        f"Too many sessions: at most {at_once} at once, and all are in use. End one, or try again in "
        f"{COME_BACK_S} seconds.\n",
        status_code=TOO_MANY,
        headers={"Retry-After": str(COME_BACK_S)},
    )
