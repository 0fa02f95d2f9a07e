"""Routes that need no token: which servers there are, how they are found, and where to log in."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from mcp.server.auth.routes import create_protected_resource_routes
from mcp.server.transport_security import TransportSecuritySettings
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mcp_servers.runtime.serving.build import ShopServer
from mcp_servers.runtime.serving.server_card import card_route
from storage.process.discovery import catalog_route
from storage.settings import Settings

HERE = ("127.0.0.1", "localhost")


def allowed_callers(settings: Settings) -> TransportSecuritySettings:
    """Return the Host and Origin headers allowed for tool calls, as a protection against DNS rebinding."""
    public = urlsplit(settings.public_mcp_url)
    return TransportSecuritySettings(
        allowed_hosts=[*(f"{host}:*" for host in HERE), public.netloc],
        allowed_origins=[*(f"http://{host}:*" for host in HERE), f"{public.scheme}://{public.netloc}"],
    )


def open_routes(names: list[str], servers: Sequence[ShopServer], settings: Settings) -> list[Route]:
    """Return the routes that require no token but check the Host, as tool calls do."""

    async def list_servers(_: Request) -> Response:
        return JSONResponse({"servers": names})

    hosts = [*HERE, urlsplit(settings.public_mcp_url).hostname or ""]
    told = [Route("/servers", list_servers), catalog_route(settings), card_route(settings)]
    routes = [*told, *(route for server in servers for route in _metadata(server))]
    for route in routes:
        route.app = TrustedHostMiddleware(route.app, allowed_hosts=hosts, www_redirect=False)
    return routes


def _metadata(server: ShopServer) -> list[Route]:
    # OAuth discovery requests the root of the host, which a mounted app never sees.
    auth = server.auth
    if auth is None or auth.resource_server_url is None:
        return []
    return create_protected_resource_routes(
        resource_url=auth.resource_server_url,
        authorization_servers=[auth.issuer_url],
        scopes_supported=server.scopes,
        resource_name=server.title,
    )
