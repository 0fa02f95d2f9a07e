"""Serving tool servers: over stdio to one client, or over HTTP to many."""

import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Sequence
from functools import partial

import anyio
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from mcp_servers.registry import chosen, load_servers, server_names
from mcp_servers.runtime.callers.issuer_guard import IssuerGuard
from mcp_servers.runtime.callers.outside import OutsideIssuer
from mcp_servers.runtime.limits.limits import Limits
from mcp_servers.runtime.modes import NothingOfferedError, offered
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.serving.build import TOGETHER, ShopServer, make_server, scopes_of
from mcp_servers.runtime.serving.health import health_route
from mcp_servers.runtime.serving.open_routes import open_routes
from mcp_servers.runtime.serving.opening_words import say_how, say_what_is_set
from mcp_servers.runtime.serving.over_http import over_http
from mcp_servers.runtime.serving.stdio_lines import serve_bounded_stdio
from mcp_servers.runtime.tools.making import Toolbox
from storage.db import Sessions, open_sessions
from storage.migrate import require_shop
from storage.process.logs import log_lines
from storage.process.looked import Found
from storage.process.metrics import exposition, refusals
from storage.process.settle import settle
from storage.settings import CannotStartError, Settings
from storage.tokens import Caller, InvalidTokenError, audience_of, verify
from storage.traces.tracing import tracing

TRACED_AS = "shopdesk-tools"


class TokenSettingError(CannotStartError):
    """SHOPDESK_TOKEN holds something that is not a token of this shop."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"SHOPDESK_TOKEN cannot be used. {reason}")


class PortTakenError(CannotStartError):
    """Another program listens on the port."""

    def __init__(self, port: int, setting: str) -> None:
        super().__init__(f"Port {port} is taken by another program. Stop it, or choose another with {setting}=….")


def run_stdio(names: Sequence[str], settings: Settings) -> None:
    """Serve these servers to the client on stdin and stdout, until it disconnects."""
    log_lines(settings.log_level)
    with tracing(settings, TRACED_AS):
        anyio.run(_stdio, chosen(names), settings)


async def _stdio(names: Sequence[str], settings: Settings) -> None:
    local = stdio_caller(settings)
    await require_shop(settings.database)
    async with open_sessions(settings.database) as sessions:
        servers = offered_servers(names, settings, sessions)
        name = names[0] if len(names) == 1 else TOGETHER
        server = make_server(name, servers, settings, sessions, local=local)
        async with anyio.create_task_group() as besides:
            # A page that is slow to answer does not keep the client waiting.
            besides.start_soon(say_how, server.ways, settings)
            await serve_bounded_stdio(server)
            besides.cancel_scope.cancel()


def offered_servers(names: Sequence[str], settings: Settings, sessions: Sessions) -> list[ToolServer]:
    """Return those of these servers that have tools in the settings' mode.

    Raises:
        NothingOfferedError: none has.
    """
    servers = offered(load_servers(names, settings, sessions), settings)
    if not servers:
        raise NothingOfferedError(names, settings)
    return servers


def stdio_caller(settings: Settings) -> Caller:
    """Return who calls over stdio: whoever SHOPDESK_TOKEN identifies or, without it, the machine's owner as staff.

    Raises:
        TokenSettingError: the token is not valid.
    """
    if not settings.shopdesk_token:
        return Caller("owner", staff=True, scopes=scopes_of(server_names()))
    address = audience_of(settings.public_mcp_url, [])[0]
    try:
        return verify(settings.secret, settings.shopdesk_token, audience=address)
    except InvalidTokenError as error:
        raise TokenSettingError(str(error)) from error


def run_http(names: Sequence[str], settings: Settings, port: int) -> None:
    """Serve these servers over HTTP, each at /{name}/mcp and all at /mcp, until interrupted.

    Raises:
        PortTakenError: another program listens on the port.
    """
    log_lines(settings.log_level)
    with tracing(settings, TRACED_AS):
        anyio.run(_http, chosen(names), settings, port)


async def _http(names: Sequence[str], settings: Settings, port: int) -> None:
    # uvicorn is slow to import and stdio does not need it.
    from storage.process.serving import server_of

    say_what_is_set(settings, over_http=True)
    await require_shop(settings.database)
    listening = _listen(settings.host, port)
    async with open_sessions(settings.database) as sessions:
        limits = Limits(settings)
        app = app_of(offered_servers(names, settings, sessions), settings, sessions, limits)
        server = server_of(app, settings, port, partial(limits.metrics.refuse, TOGETHER))
        settle()
        # uvicorn raises the signal again after it has ended; that must not interrupt closing the database.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        await server.serve(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # asyncio sets this only on sockets it creates; without it, small responses wait 40 ms for the client's ACK.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise PortTakenError(port, "MCP_PORT") from error
    return listening


def build_app(names: Sequence[str], settings: Settings, sessions: Sessions) -> Starlette:
    """Return the app with those of these servers that offer anything."""
    return app_of(offered_servers(names, settings, sessions), settings, sessions)


def app_of(
    servers: Sequence[ToolServer], settings: Settings, sessions: Sessions, limits: Limits | None = None
) -> Starlette:
    """Return the app with each of these servers at /{name}/mcp and all of them at /mcp."""
    base, limits = settings.public_mcp_url, limits or Limits(settings)
    toolbox = Toolbox(settings, sessions, limits, over_http=True)
    outside = OutsideIssuer(settings, sessions) if settings.oidc_issuer else None

    def at(path: str, name: str, offered: Sequence[ToolServer]) -> ShopServer:
        address = f"{base}{path}/mcp"
        return make_server(name, offered, settings, sessions, address=address, outside=outside, toolbox=toolbox)

    alone = {one.name: at(f"/{one.name}", one.name, [one]) for one in servers}
    every = {**{f"/{name}": server for name, server in alone.items()}, "/": at("", TOGETHER, servers)}
    served = {path: over_http(server, settings, limits) for path, server in every.items()}

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            for one in served.values():
                await stack.enter_async_context(one.running())
            yield

    asked = [
        *open_routes(list(alone), list(every.values()), settings),
        health_route(sessions),
        _metrics_route(limits, sessions),
    ]
    routes = [*asked, *(Mount(path, app=one.app) for path, one in served.items())]
    guards = [Middleware(IssuerGuard, outside=outside)] if outside is not None else []
    return Starlette(routes=routes, middleware=guards, lifespan=lifespan)


def _metrics_route(limits: Limits, sessions: Sessions) -> Route:
    async def told(_: Request) -> Response:
        open_now = Found("shopdesk_mcp_sessions", len(limits.sessions))
        limits.metrics.looked.tell([open_now, *refusals(sessions.refusals)])
        return exposition(limits.metrics.registry)

    return Route("/metrics", told)
