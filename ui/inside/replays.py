"""Replay: a stored turn run again with another endpoint or prompt, beside how it went then. Nothing is written."""

import asyncio
from typing import Annotated

from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.chats.events import list_events
from storage.db import reading
from storage.turns.records import get_record
from storage.turns.traces import get_trace
from team.replay.replay import Change, Stored, replay
from ui.bodies import Body, read_body
from ui.inside.staff import staff_of
from ui.parts import parts_of

LONGEST_PROMPT = 20_000
# Whoever tries many models must not take them from the customers.
AT_ONCE = asyncio.Semaphore(2)


class Wanted(Body):
    """What is to be different; left empty, the turn is run again as it was."""

    endpoint: str = ""
    specialist: str = ""
    prompt: Annotated[str, StringConstraints(max_length=LONGEST_PROMPT)] = Field("")


async def run(request: Request) -> Response:
    """Run a turn again, and return its answer, steps and cost; the request takes as long as the turn."""
    await staff_of(request)
    parts, wanted = parts_of(request), await read_body(request, Wanted)
    async with reading(parts.sessions) as session:
        trace = await get_trace(session, request.path_params["turn"])
        record = await get_record(session, trace.id, trace.conversation_id)
        events = await list_events(session, trace.conversation_id, after=trace.first_seq - 1)
    own = [event for event in events if event.seq <= trace.last_seq]
    messages = [event.seq for event in own if event.kind == "message" and event.data["role"] == "customer"]
    steps = [{"kind": event.kind, "data": event.data} for event in own]
    stored = Stored(record, steps, trace.at.timestamp(), max(messages, default=trace.first_seq))
    change = Change(wanted.endpoint, wanted.specialist, wanted.prompt)
    async with AT_ONCE:
        return JSONResponse(await replay(parts.desk, trace.id, trace.conversation_id, stored, change))


ROUTES = [Route("/api/traces/{turn}/replay", run, methods=["POST"])]
