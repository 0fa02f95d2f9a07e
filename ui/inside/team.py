"""The team as a picture: who is in it, who is at work right now, and which endpoint speaks for whom."""

import json
import logging
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import anyio
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.endpoints import EndpointsError
from storage.process.logs import tell
from team.crew.router import INSTRUCTIONS, ROLE
from team.models.switching import use_endpoint
from team.roster import Specialist
from team.tools.client import ServerUnreachableError
from team.tools.servers import ShopTool
from team.turn.steps import Step, Steps
from ui.bodies import Body, read_body
from ui.inside.staff import staff_of
from ui.logins.person import caller_of
from ui.parts import Parts, parts_of
from ui.rest.tools import asks
from ui.stream import GRACE_S, PING_S, RECONNECT_MS, SEND_TIMEOUT_S, until_over

logger = logging.getLogger(__name__)

SEEN = {
    "turn_started": (),
    "router": ("choice", "endpoint"),
    "model": ("agent", "endpoint"),
    "token": ("agent",),
    "tool_call": ("agent", "server", "tool"),
    "tool_result": ("agent", "server", "tool", "is_error"),
    "handoff": ("from", "to"),
    "turn_ended": ("status",),
}
"""What the picture needs of a step: who did what, and nothing that anybody said."""


class Switch(Body):
    """The endpoint that a role is to use."""

    endpoint: str


async def show(request: Request) -> Response:
    """Return the team: the router, the specialists with their prompts and tools, the tool servers, roles, endpoints."""
    person, parts = await staff_of(request), parts_of(request)
    answering = parts.desk.answering
    try:
        tools = (await parts.tool_servers.connect(caller_of(person))).tools
    except ServerUnreachableError:
        tools = None
    return JSONResponse(
        {
            "router": {"role": ROLE, "prompt": INSTRUCTIONS + _roster(parts)},
            "specialists": [_specialist(one, tools or {}) for one in answering.roster.values()],
            "servers": None if tools is None else _servers(tools),
            "roles": _roles(parts),
        }
    )


def _roster(parts: Parts) -> str:
    return "\n".join(f"{name}: {one.description}" for name, one in parts.desk.answering.roster.items())


def _specialist(one: Specialist, tools: dict[str, ShopTool]) -> dict[str, Any]:
    own = [name for name, tool in tools.items() if one.may_use(tool.server, name)]
    servers = sorted({named.partition(".")[0] for named in one.tools})
    return {
        "name": one.name,
        "description": one.description,
        "role": one.role,
        "prompt": one.prompt,
        "reminders": dict(one.reminders),
        "place": one.place,
        "servers": servers,
        "tools": own,
    }


def _servers(tools: dict[str, ShopTool]) -> list[dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for name, tool in tools.items():
        told = {"name": name, "description": tool.tool.description, "reads": tool.reads, "asks": asks(tool)}
        found.setdefault(tool.server, []).append(told)
    return [{"name": name, "tools": offered} for name, offered in found.items()]


def _roles(parts: Parts) -> list[dict[str, Any]]:
    models = parts.desk.answering.models
    try:
        roles = models.endpoints.roles
    except EndpointsError:
        return []
    return [
        {"role": role, "endpoint": own.key, "in_place": [other.key for other in others]}
        for role in roles
        for own, *others in [models.candidates(role)]
    ]


async def slices(request: Request) -> Response:
    """Return every endpoint with its load now and over the last hour, and this machine's GPUs."""
    await staff_of(request)
    parts = parts_of(request)
    samples, models = parts.desk.samples, parts.desk.answering.models
    try:
        configured = models.endpoints.endpoints
    except EndpointsError as error:
        return JSONResponse({"endpoints": [], "gpus": [], "problem": str(error)})
    loads = await models.loads.read(configured)
    found = [
        {
            "key": key,
            "model": endpoint.model,
            "slice": endpoint.slice,
            "vision": endpoint.vision,
            "context_tokens": endpoint.context_tokens,
            "left_alone": models.breaker(endpoint).is_open,
            **loads[key].as_json(),
            "gpu_share": loads[key].room.gpu_share,
            "kv_tokens": loads[key].room.kv_tokens,
            "hour": samples.of(key),
        }
        for key, endpoint in configured.items()
    ]
    return JSONResponse({"endpoints": found, "gpus": [vars(gpu) for gpu in samples.gpus]})


async def switch(request: Request) -> Response:
    """Have a role use another endpoint; every process of the shop follows at its next turn."""
    person, parts = await staff_of(request), parts_of(request)
    role, wanted = request.path_params["role"], await read_body(request, Switch)
    before = use_endpoint(parts.settings, role, wanted.endpoint)
    tell(logger, "endpoint", role=role, endpoint=wanted.endpoint, before=before, by=person.id)
    return JSONResponse({"role": role, "endpoint": wanted.endpoint, "before": before})


async def live(request: Request) -> Response:
    """Stream who is at work: the steps of all turns of this process, without anything that was said in them."""
    await staff_of(request)
    ending = anyio.Event()
    return EventSourceResponse(
        until_over(_at_work(parts_of(request).desk.steps), partial(staff_of, request), ending),
        ping=PING_S,
        send_timeout=SEND_TIMEOUT_S,
        shutdown_event=ending,
        shutdown_grace_period=GRACE_S,
    )


async def _at_work(steps: Steps) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(comment="open", retry=RECONNECT_MS)
    with steps.overhearing() as queue:
        while True:
            chat, step = await queue.get()
            if step.kind in SEEN:
                yield ServerSentEvent(json.dumps(_seen(chat, step), ensure_ascii=False), event="step")


def _seen(chat: str, step: Step) -> dict[str, Any]:
    fields = {name: step.data[name] for name in SEEN[step.kind] if name in step.data}
    return {"chat": chat, "kind": step.kind, **fields}


ROUTES = [
    Route("/api/team", show),
    Route("/api/team/slices", slices),
    Route("/api/team/live", live),
    Route("/api/team/roles/{role}", switch, methods=["PUT"]),
]
