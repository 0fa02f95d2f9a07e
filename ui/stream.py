"""The stream of a conversation's steps, which a browser resumes where it left off."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import anyio
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage.chats.conversations import ConversationNotFoundError
from storage.errors import ShopError
from storage.outages import DatabaseBusyError, DatabaseGoneError
from team.turn.steps import Step
from ui.conversations import ONE, own_conversation
from ui.logins.bearers import NotLoggedInError
from ui.seen import Sight, sight_of

PING_S = 15
# A reader that reads nothing for this long is gone.
SEND_TIMEOUT_S = 30
RECONNECT_MS = 1_000
# After a logout elsewhere or a password change, a stream continues for at most this long.
LOGIN_CHECKED_EACH_S = 5
# When the page is asked to stop, its streams get this long to end cleanly.
GRACE_S = 1


class BadEventIdError(ShopError):
    """The stream should resume after something that is not an event number."""

    def __init__(self) -> None:
        super().__init__("Last-Event-ID and after must be an event number, or be left out.")


async def events(request: Request) -> Response:
    """Stream the steps after `Last-Event-ID` (or `?after=`, in a new stream), then each new one as it happens."""
    after = _resume_point(request.headers.get("last-event-id") or request.query_params.get("after", "0"))
    parts, person, conversation = await own_conversation(request)
    sight = await sight_of(parts, person)
    ending = anyio.Event()
    return EventSourceResponse(
        _stream(parts.desk.follow(conversation.id, after), sight, request, ending),
        ping=PING_S,
        send_timeout=SEND_TIMEOUT_S,
        shutdown_event=ending,
        shutdown_grace_period=GRACE_S,
    )


async def _over(request: Request, ending: anyio.Event) -> None:
    """Return when the page is stopping, or when the request would be rejected if it came now."""
    while True:
        with anyio.move_on_after(LOGIN_CHECKED_EACH_S):
            await ending.wait()
            return
        try:
            await own_conversation(request)
        except (NotLoggedInError, ConversationNotFoundError):
            return
        except (DatabaseBusyError, DatabaseGoneError):
            # The steps report this when they need the database.
            continue


async def _stream(
    steps: AsyncIterator[Step], sight: Sight, request: Request, ending: anyio.Event
) -> AsyncIterator[ServerSentEvent]:
    over = asyncio.ensure_future(_over(request, ending))
    try:
        yield ServerSentEvent(comment="open", retry=RECONNECT_MS)
        while (step := await _next(steps, over)) is not None:
            if (seen := sight.of(step.kind, step.data)) is not None:
                yield _sent(step, seen)
    finally:
        # It may be reading the database, which is closed after the streams.
        over.cancel()
        await asyncio.wait({over})


async def _next(steps: AsyncIterator[Step], over: asyncio.Future[None]) -> Step | None:
    """Return the next step, or None when the stream is over before there is one."""
    step = asyncio.ensure_future(anext(steps))
    try:
        either: set[asyncio.Future[Any]] = {step, over}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        return step.result() if step.done() else None
    finally:
        # The step may be reading it too.
        step.cancel()
        await asyncio.wait({step})


def _sent(step: Step, seen: dict[str, Any]) -> ServerSentEvent:
    # A live-only step has no number, so that a browser that resumes does not skip stored ones because of it.
    number = None if step.seq is None else str(step.seq)
    data = {"seq": step.seq, "at": step.at.isoformat(), **seen}
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=step.kind, id=number)


def _resume_point(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < len("1000000000000000000")):
        raise BadEventIdError
    return int(value)


ROUTES = [Route(f"{ONE}/events", events)]
