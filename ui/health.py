"""Whether everything the page needs can be reached."""

import asyncio
from importlib.metadata import version
from typing import Any

import httpx2
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.endpoints import Endpoint, EndpointsError, load_endpoints
from storage.settings import Settings
from team.standin.completion import FINGERPRINT
from ui.parts import parts_of

TIMEOUT_S = 1.0


async def health(request: Request) -> Response:
    """Tell what can be reached, within a second."""
    settings = parts_of(request).settings
    async with httpx2.AsyncClient(timeout=TIMEOUT_S) as client:
        endpoints, servers = await asyncio.gather(_endpoints(client, settings), _servers(client, settings))
    found = {
        "ok": servers["reachable"] and bool(endpoints) and all(one["reachable"] for one in endpoints),
        "version": version("shopdesk"),
        "stand_in": any(one["stand_in"] for one in endpoints),
        "endpoints": endpoints,
        "tool_servers": servers,
    }
    return JSONResponse(found)


async def _endpoints(client: httpx2.AsyncClient, settings: Settings) -> list[dict[str, Any]]:
    try:
        configured = load_endpoints(settings).endpoints
    except EndpointsError:
        return []
    return await asyncio.gather(*(_endpoint(client, name, endpoint) for name, endpoint in configured.items()))


async def _endpoint(client: httpx2.AsyncClient, name: str, endpoint: Endpoint) -> dict[str, Any]:
    key = {"Authorization": f"Bearer {endpoint.api_key}"}
    models = await _json(client, f"{endpoint.base_url}/models", key)
    stand_in = models is not None and any(one.get("owned_by") == FINGERPRINT for one in models.get("data", []))
    about = {"name": name, "model": endpoint.model, "slice": endpoint.slice}
    return {**about, "reachable": models is not None, "stand_in": stand_in}


async def _servers(client: httpx2.AsyncClient, settings: Settings) -> dict[str, Any]:
    listed = await _json(client, f"{settings.public_mcp_url}/servers", {})
    return {"reachable": listed is not None, "servers": [] if listed is None else listed.get("servers", [])}


async def _json(client: httpx2.AsyncClient, url: str, headers: dict[str, str]) -> dict[str, Any] | None:
    # A server that sends a byte now and then would outlast the client's own time-outs.
    try:
        async with asyncio.timeout(TIMEOUT_S):
            response = (await client.get(url, headers=headers)).raise_for_status()
            found: dict[str, Any] = response.json()
    except (httpx2.HTTPError, TimeoutError, ValueError):
        return None
    return found


ROUTES = [Route("/health", health)]
