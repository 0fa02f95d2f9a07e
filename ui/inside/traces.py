"""The turns of all conversations: a list to search, figures above it, one turn with all its steps, for staff."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.chats.events import Event, list_events
from storage.chats.thumbs import list_thumbs
from storage.db import reading
from storage.turns.figures import figures_of
from storage.turns.records import get_record, list_kept
from storage.turns.traces import (
    Trace,
    TracePart,
    get_trace,
    list_parts,
    list_thumbs_of,
    list_traces,
)
from ui.inside.context import context_of
from ui.inside.filters import names_in, wanted_of
from ui.inside.staff import staff_of
from ui.parts import parts_of

LISTED = 50


async def listing(request: Request) -> Response:
    """List the turns that meet the filters in the address, newest first, and what can be filtered by."""
    wanted = await wanted_of(request, await staff_of(request))
    after = request.query_params.get("after", "")
    async with reading(parts_of(request).sessions) as session:
        place = await get_trace(session, after) if after else None
        found = await list_traces(
            session, wanted, limit=LISTED + 1, after=None if place is None else (place.at, place.id)
        )
        shown: dict[str, Any] = {"traces": await _rows(session, found[:LISTED])}
        if not after:
            shown["names"] = await names_in(session)
    if len(found) > LISTED:
        shown["next_cursor"] = found[LISTED - 1].id
    return JSONResponse(shown)


async def figures(request: Request) -> Response:
    """Return the figures of the turns that meet the filters in the address."""
    wanted = await wanted_of(request, await staff_of(request))
    async with reading(parts_of(request).sessions) as session:
        return JSONResponse(await figures_of(session, wanted))


async def show(request: Request) -> Response:
    """Return one turn with its steps, and for each model call whether its prompt and reply are kept."""
    await staff_of(request)
    async with reading(parts_of(request).sessions) as session:
        whole = await _whole(session, await get_trace(session, request.path_params["turn"]))
    return JSONResponse(_as_kept(request, whole))


async def record(request: Request) -> Response:
    """Return what one model call of a turn was sent and replied, and what its context was made of."""
    await staff_of(request)
    async with reading(parts_of(request).sessions) as session:
        trace = await get_trace(session, request.path_params["turn"])
        kept = await get_record(session, request.path_params["record"], trace.conversation_id)
    return JSONResponse(_opened(kept))


async def export(request: Request) -> Response:
    """Return one turn with everything that is kept of it, as a file."""
    await staff_of(request)
    async with reading(parts_of(request).sessions) as session:
        trace = await get_trace(session, request.path_params["turn"])
        whole = await _whole(session, trace)
        kept = {name: await get_record(session, name, trace.conversation_id) for name in whole["kept"]}
    whole = _as_kept(request, whole)
    whole["records"] = {name: _opened(one) for name, one in kept.items()}
    name = f"turn-{trace.id}.json"
    return JSONResponse(whole, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _as_kept(request: Request, whole: dict[str, Any]) -> dict[str, Any]:
    """Return a turn with personal details masked where the shop says so: its steps are the conversation's own."""
    masked: dict[str, Any] = parts_of(request).desk.steps.records.keeping.of(whole)
    return masked


def _opened(kept: dict[str, Any]) -> dict[str, Any]:
    return {**kept, "context": context_of(kept.get("request") or {})}


async def _rows(session: AsyncSession, traces: Sequence[Trace]) -> list[dict[str, Any]]:
    parts = await list_parts(session, [trace.id for trace in traces])
    thumbs = await list_thumbs_of(session, traces)
    return [{**_row(trace, parts[trace.id]), "thumb": thumbs.get(trace.id, "")} for trace in traces]


def _row(trace: Trace, parts: Sequence[TracePart]) -> dict[str, Any]:
    columns = {column.name: getattr(trace, column.name) for column in Trace.__table__.columns}
    used = [{"kind": one.kind, "name": one.name, "calls": one.calls, "errors": one.errors} for one in parts]
    return {**columns, "at": trace.at.isoformat(), "parts": used}


async def _whole(session: AsyncSession, trace: Trace) -> dict[str, Any]:
    events = [
        event
        for event in await list_events(session, trace.conversation_id, after=trace.first_seq - 1)
        if event.seq <= trace.last_seq
    ]
    thumbs = await list_thumbs(session, trace.conversation_id)
    named = [str(event.data["record"]) for event in events if "record" in event.data]
    kept = await list_kept(session, [*named, trace.id])
    return {
        "trace": (await _rows(session, [trace]))[0],
        "steps": [_step(event, thumbs) for event in events],
        "kept": [name for name in named if name in kept],
        "can_be_replayed": trace.id in kept,
    }


def _step(event: Event, thumbs: dict[int, str]) -> dict[str, Any]:
    thumb = {"thumb": thumbs[event.seq]} if event.seq in thumbs else {}
    return {"seq": event.seq, "at": event.at.isoformat(), "kind": event.kind, "data": event.data, **thumb}


ONE = "/api/traces/{turn}"
ROUTES = [
    Route("/api/traces", listing),
    Route("/api/traces/figures", figures),
    Route(ONE, show),
    Route(f"{ONE}/records/{{record}}", record),
    Route(f"{ONE}/export", export),
]
