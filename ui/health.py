"""Whether everything the page needs can be reached."""

import asyncio
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import httpx2
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.endpoints import Endpoints, EndpointsError
from storage.settings import Settings
from storage.shop.shop import has_room
from team.models.load import Load
from team.models.models import Models
from team.models.served import misfits
from ui.parts import parts_of

TIMEOUT_S = 1.0
UNAVAILABLE = 503


async def health(request: Request) -> Response:
    """Report what can be reached, within a second; with 503 while the disk is full."""
    parts = parts_of(request)
    models = parts.desk.answering.models
    endpoints, servers, room = await asyncio.gather(
        endpoints_of(models), servers_of(parts.settings), has_room(parts.sessions)
    )
    found = {
        "ok": room and servers["reachable"] and can_answer(endpoints),
        "version": version("shopdesk"),
        "database": "answers" if room else "has no room: the disk is full",
        "stand_in": any(one["stand_in"] and one["needed"] for one in endpoints),
        "endpoints": endpoints,
        "models_file": models.problem or None,
        "tool_servers": servers,
    }
    return JSONResponse(found, status_code=200 if room else UNAVAILABLE)


async def endpoints_of(models: Models) -> list[dict[str, Any]]:
    """Return each model endpoint: whether it can be reached, its load, and what is otherwise than configured.

    `needed` is whether a turn depends on it: a role uses it or, for the stand-in that bridges, no model answers.
    """
    try:
        configured = models.endpoints
    except EndpointsError:
        return []
    loads = await models.loads.read(configured.endpoints)
    needed = _needed(configured, loads)
    return [
        {
            "name": name,
            "model": endpoint.model,
            "slice": endpoint.slice,
            "roles": [role for role, wanted in configured.roles.items() if name in wanted.endpoints],
            "needed": name in needed,
            "left_alone": models.breaker(endpoint).is_open,
            **loads[name].as_json(),
            "problems": misfits(name, endpoint, loads[name].served, models.settings),
        }
        for name, endpoint in configured.endpoints.items()
    ]


def can_answer(endpoints: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether every endpoint that a turn may need can be reached, of those that `endpoints_of` found."""
    return bool(endpoints) and all(one["reachable"] for one in endpoints if one["needed"])


def _needed(configured: Endpoints, loads: Mapping[str, Load]) -> set[str]:
    """Return the endpoints that turns depend on: those of the roles, or the stand-in while it bridges for a role."""
    bridges = {key for key, one in configured.endpoints.items() if one.bridges}
    of_roles = [
        {key for key, _ in [*configured.of_role(role), *configured.in_place_of(role)]} - bridges
        for role in configured.roles
    ]
    if bridges and any(not any(loads[key].reachable for key in keys) for keys in of_roles):
        return bridges
    return set[str]().union(*of_roles)


async def servers_of(settings: Settings) -> dict[str, Any]:
    """Return whether the tool servers can be reached, and their names."""
    async with httpx2.AsyncClient(timeout=TIMEOUT_S) as client:
        listed = await _json(client, f"{settings.public_mcp_url}/servers", {})
    return {"reachable": listed is not None, "servers": [] if listed is None else listed.get("servers", [])}


async def _json(client: httpx2.AsyncClient, url: str, headers: dict[str, str]) -> dict[str, Any] | None:
    # A server that trickles data never triggers the client's own timeouts.
    try:
        async with asyncio.timeout(TIMEOUT_S):
            response = (await client.get(url, headers=headers)).raise_for_status()
            found: dict[str, Any] = response.json()
    except (httpx2.HTTPError, TimeoutError, ValueError):
        return None
    return found


ROUTES = [Route("/health", health)]
