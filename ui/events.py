"""The stream of a conversation's steps, which a browser resumes where it left off."""

import json
from collections.abc import AsyncIterator

from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage.errors import ShopError
from team.desk import Desk
from team.events import Step
from ui.conversations import ONE, own_conversation

PING_S = 15
# A reader that takes nothing for so long is gone.
SEND_TIMEOUT_S = 30
RECONNECT_MS = 1_000


class BadEventIdError(ShopError):
    """The stream is to go on after something that is no event's number."""

    def __init__(self) -> None:
        super().__init__("Last-Event-ID and after must be the number of an event, or be left out.")


async def events(request: Request) -> Response:
    """Stream the steps after `Last-Event-ID` (or `?after=`, in a new stream), then each new one as it happens."""
    after = _resume_point(request.headers.get("last-event-id") or request.query_params.get("after", "0"))
    parts, _, conversation = await own_conversation(request)
    stream = _stream(parts.desk, conversation.id, after)
    return EventSourceResponse(stream, ping=PING_S, send_timeout=SEND_TIMEOUT_S)


async def _stream(desk: Desk, conversation_id: str, after: int) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(comment="open", retry=RECONNECT_MS)
    async for step in desk.follow(conversation_id, after):
        yield _sent(step)


def _sent(step: Step) -> ServerSentEvent:
    # A step that is only live has no number: a browser that resumes must not skip stored ones because of it.
    number = None if step.seq is None else str(step.seq)
    data = {"seq": step.seq, "at": step.at.isoformat(), **step.data}
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=step.kind, id=number)


def _resume_point(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < len("1000000000000000000")):
        raise BadEventIdError
    return int(value)


ROUTES = [Route(f"{ONE}/events", events)]
