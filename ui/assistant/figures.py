"""`GET /routing/stats`: what was routed where, what came of it, and how fast each endpoint is."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import now, reading
from storage.errors import ShopError
from storage.models.decisions import stats_of
from team.models.models import Models
from ui import health
from ui.inside.staff import staff_of
from ui.parts import Parts, parts_of

HOURS, MOST_HOURS = 24, 24 * 90


class BadHoursError(ShopError):
    """The number of hours is none, or too large."""

    def __init__(self, given: str) -> None:
        super().__init__(f"hours: {given[:20]} is no number from 1 to {MOST_HOURS}.")


async def stats(request: Request) -> Response:
    """Return the figures of the last hours."""
    await staff_of(request)
    parts = parts_of(request)
    given = request.query_params.get("hours", str(HOURS))
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= MOST_HOURS):
        raise BadHoursError(given)
    async with reading(parts.sessions) as session:
        found = await stats_of(session, now() - timedelta(hours=int(given)))
    return JSONResponse({"hours": int(given), **found, "speeds": speeds_in(parts.desk.answering.models)})


async def status_of(parts: Parts) -> dict[str, Any]:
    """Return what staff are told of the system besides: its models in short, and the last day's routing."""
    endpoints = await health.endpoints_of(parts.desk.answering.models)
    async with reading(parts.sessions) as session:
        routed = await stats_of(session, now() - timedelta(hours=HOURS))
    return {
        "models": {one["name"]: one["reachable"] and not one["left_alone"] for one in endpoints},
        "routing": {name: routed[name] for name in ("decisions", "answered", "failed", "fell_back", "remembered")},
    }


async def models_of(models: Models) -> list[dict[str, Any]]:
    """Return every endpoint: what it is good at, what it costs, its load now, and its speed as measured lately."""
    told = await health.endpoints_of(models)
    speeds = speeds_in(models) if told else {}
    return [{"kind": "endpoint", **one, **_described(models, one["name"]), **speeds[one["name"]]} for one in told]


def _described(models: Models, key: str) -> dict[str, Any]:
    endpoint = models.endpoints.endpoints[key]
    named = ("vision", "context_tokens", "good_at", "quality", "price_in", "price_out")
    return {**endpoint.model_dump(mode="json", include=set(named)), "local": endpoint.is_local}


def speeds_in(models: Models) -> dict[str, Any]:
    """Return how fast each endpoint was lately, in all and by what it was asked for, as this process measured it."""
    return {
        key: {
            **asdict(models.speeds.of(endpoint)),
            "purposes": {name: asdict(speed) for name, speed in models.speeds.by_purpose(endpoint).items()},
        }
        for key, endpoint in models.endpoints.endpoints.items()
    }


ROUTES = [Route("/routing/stats", stats)]
