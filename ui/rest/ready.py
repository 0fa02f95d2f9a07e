"""`/healthz`, `/ready`, `/status` and `/models`: whether the shop lives, can answer, and with what."""

import time
from importlib.metadata import version
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.db import Sessions, now, reading
from storage.handbook.passages import list_policy_ids
from storage.outages import OUTAGES
from storage.owners import Staff
from storage.shop.shop import find_shop, has_room
from ui import health
from ui.assistant import figures
from ui.logins.visits import person_of
from ui.parts import Parts, parts_of

UNAVAILABLE = 503
TEAM = "shopdesk"
STARTED = time.monotonic()


async def healthz(_: Request) -> Response:
    """Return that this process answers; nothing else is looked at."""
    return JSONResponse({"ok": True})


async def ready(request: Request) -> Response:
    """Return whether each thing that an answer needs is there; with 503 while one is not."""
    found = await _needed(parts_of(request))
    return JSONResponse(found, status_code=200 if found["ready"] else UNAVAILABLE)


async def _needed(parts: Parts) -> dict[str, Any]:
    checks = {
        **await _database(parts.sessions),
        "tool_servers": await health.servers_of(parts.settings),
        "models": await _models(parts),
    }
    checks["tool_servers"]["ok"] = checks["tool_servers"].pop("reachable")
    return {"ready": all(one["ok"] for one in checks.values()), **checks}


async def _database(sessions: Sessions) -> dict[str, dict[str, Any]]:
    """Return whether the database answers and has room, and whether a handbook is in it."""
    try:
        async with reading(sessions) as session:
            shop = await find_shop(session)
            policies = await list_policy_ids(session, "", today=now().date(), limit=1)
    except OUTAGES as error:
        problem = {"ok": False, "problem": str(error)}
        return {"database": problem, "handbook": problem}
    room = await has_room(sessions)
    problem_of_it = None if room else "the disk is full"
    if shop is None:
        problem_of_it = "there is no shop in it yet: run `shopdesk seed` or `shopdesk import`"
    return {
        "database": _line(problem_of_it),
        "handbook": _line(None if policies else "it has no policy in force: run `shopdesk ingest`"),
    }


def _line(problem: str | None) -> dict[str, Any]:
    return {"ok": True} if problem is None else {"ok": False, "problem": problem}


async def _models(parts: Parts) -> dict[str, Any]:
    endpoints = await health.endpoints_of(parts.desk.answering.models)
    shown = [{name: one[name] for name in ("name", "model", "reachable", "stand_in")} for one in endpoints]
    return {"ok": health.can_answer(endpoints), "endpoints": shown}


async def status(request: Request) -> Response:
    """Return what runs here, and who the caller is to it."""
    parts, person = parts_of(request), await person_of(request)
    is_staff = isinstance(person.whose, Staff)
    return JSONResponse(
        {
            "version": version("shopdesk"),
            "up_s": round(time.monotonic() - STARTED),
            "answering_now": len(parts.desk.running()),
            "you": {"customer_id": person.customer_id, "staff": is_staff},
            "ready": (await _needed(parts))["ready"],
            **(await figures.status_of(parts) if is_staff else {}),
        }
    )


async def models(request: Request) -> Response:
    """Return the team; to staff the models behind it too, with what they are good at and how fast they were lately."""
    person = await person_of(request)
    found: list[dict[str, Any]] = [{"name": TEAM, "kind": "team"}]
    if isinstance(person.whose, Staff):
        found += await figures.models_of(parts_of(request).desk.answering.models)
    return JSONResponse({"models": found})


ROUTES = [
    Route("/healthz", healthz),
    Route("/ready", ready),
    Route("/status", status),
    Route("/models", models),
]
