"""One server over HTTP: with sessions and streams, or without either for a client that reads JSON alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_servers.runtime.limits.limits import Limits
from mcp_servers.runtime.limits.sessions import SESSION, CountedSessions
from mcp_servers.runtime.serving.body import LARGEST_BODY, CountedBodies, refuse_body
from mcp_servers.runtime.serving.build import ShopServer
from mcp_servers.runtime.serving.open_routes import allowed_callers
from storage.process.bodies import BodyError, PromptBodies
from storage.settings import Settings

PATH = "/mcp"
JSON, STREAM = "application/json", "text/event-stream"
ANYTHING = "*/*"


@dataclass(frozen=True)
class OverHttp:
    """A server's app, and what has to run while it serves."""

    app: ASGIApp
    managers: tuple[StreamableHTTPSessionManager, ...]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run its sessions until this is left."""
        first, second = self.managers
        async with first.run(), second.run():
            yield


class ByAccept:
    """Middleware that sends each request to the app whose answers its client can read, and takes `/mcp/` for `/mcp`."""

    def __init__(self, streams: ASGIApp, json_alone: ASGIApp) -> None:
        self._streams = streams
        self._json_alone = json_alone

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._streams(scope, receive, send)
            return
        if scope["path"].endswith(f"{PATH}/"):
            scope = {**scope, "path": scope["path"].removesuffix("/")}
        if not _reads_json_alone(scope):
            await self._streams(scope, receive, send)
            return
        scope = {**scope, "headers": list(scope["headers"])}
        MutableHeaders(scope=scope)["accept"] = JSON
        await self._json_alone(scope, receive, send)


def _reads_json_alone(scope: Scope) -> bool:
    """Return whether a request outside a session accepts JSON and no stream, or does not say what it accepts."""
    headers = Headers(scope=scope)
    if scope["method"] != "POST" or SESSION in headers:
        return False
    # A header with nothing in it says as little as none (RFC 9110, 12.5.1).
    told = headers.get("accept", "").strip(" \t,") or JSON
    accepted = {kind.partition(";")[0].strip().lower() for kind in told.split(",")}
    return not accepted.isdisjoint({JSON, "application/*"}) and accepted.isdisjoint({STREAM, "text/*", ANYTHING})


def over_http(server: ShopServer, settings: Settings, limits: Limits) -> OverHttp:
    """Return the app of one server, at `/mcp` below where it is mounted."""
    streams, sessions = _served(server, settings, json_alone=False)
    # Last, so that it is told whose token the request has.
    streams.user_middleware.append(
        Middleware(CountedSessions, server=server.name, sessions=limits.sessions, metrics=server.metrics)
    )
    alone, without_sessions = _served(server, settings, json_alone=True)
    app = PromptBodies(ByAccept(streams, alone), settings.request_wait_s)
    return OverHttp(CountedBodies(app, server.name, server.metrics), (sessions, without_sessions))


def _served(
    server: ShopServer, settings: Settings, *, json_alone: bool
) -> tuple[Starlette, StreamableHTTPSessionManager]:
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=json_alone,
        stateless_http=json_alone,
        max_request_body_size=LARGEST_BODY,
        session_idle_timeout=None if json_alone else settings.mcp_session_idle_s,
        transport_security=allowed_callers(settings),
        auth=server.auth,
        token_verifier=server.verifier,
    )
    app.add_exception_handler(BodyError, refuse_body(server.name, server.metrics))
    return app, server.session_manager
