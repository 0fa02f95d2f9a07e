"""The stream of one conversation's steps, or of several, which a browser resumes where it left off."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from functools import partial
from typing import Any, TypeVar

import anyio
from anyio.streams.memory import MemoryObjectSendStream
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage.chats.conversations import ConversationNotFoundError, get_conversation
from storage.errors import ShopError
from storage.outages import DatabaseBusyError, DatabaseGoneError
from storage.owners import Staff, TheShop
from team.turn.steps import Step
from ui.conversations import ONE, own_conversation
from ui.desk.news import QUEUE, queue_news
from ui.logins.bearers import NotLoggedInError
from ui.logins.person import Person
from ui.logins.visits import person_of
from ui.parts import Parts, parts_of
from ui.seen import Sight, sight_of

PING_S = 15
# A reader that reads nothing for this long is gone.
SEND_TIMEOUT_S = 30
RECONNECT_MS = 1_000
# After a logout elsewhere or a password change, a stream continues for at most this long.
LOGIN_CHECKED_EACH_S = 5
# When the page is asked to stop, its streams get this long to end cleanly.
GRACE_S = 1
MOST_FOLLOWED = 50

T = TypeVar("T")

Told = tuple[str, list[Step]]
"""Steps that are there at one time, and their conversation's id where several are told of."""


class BadEventIdError(ShopError):
    """The stream should resume after something that is not an event number."""

    def __init__(self) -> None:
        super().__init__("Last-Event-ID and after must be an event number, or be left out.")


async def events(request: Request) -> Response:
    """Stream the steps after `Last-Event-ID` (or `?after=`, in a new stream), then each new one as it happens."""
    after = resume_point(request.headers.get("last-event-id") or request.query_params.get("after", "0"))
    parts, person, conversation = await own_conversation(request)
    sight = await sight_of(parts, person)
    ending = anyio.Event()
    return EventSourceResponse(
        _stream(
            _of_one(parts.desk.steps.follow_together(conversation.id, after)),
            sight,
            partial(own_conversation, request),
            ending,
        ),
        ping=PING_S,
        send_timeout=SEND_TIMEOUT_S,
        shutdown_event=ending,
        shutdown_grace_period=GRACE_S,
    )


async def events_of_several(request: Request) -> Response:
    """Stream the steps of each `?follow=<conversation>.<after>`: a browser needs one connection for all of its tabs.

    A conversation that is not the person's own, or is gone, is left out: the tab that shows it finds out by itself.
    Staff follow anybody's, and the queue of their desk.
    """
    parts, person = parts_of(request), await person_of(request)
    sight = await sight_of(parts, person)
    followed: dict[str, AsyncIterator[list[Step]]] = {}
    for one in request.query_params.getlist("follow")[:MOST_FOLLOWED]:
        conversation_id, _, after = one.rpartition(".")
        if conversation_id == QUEUE and isinstance(person.whose, Staff):
            followed[QUEUE] = _each(queue_news(parts.sessions))
        elif await _may_follow(parts, person, conversation_id):
            followed[conversation_id] = parts.desk.steps.follow_together(conversation_id, resume_point(after))
    ending = anyio.Event()
    return EventSourceResponse(
        _stream(_merged(followed), sight, partial(person_of, request), ending),
        ping=PING_S,
        send_timeout=SEND_TIMEOUT_S,
        shutdown_event=ending,
        shutdown_grace_period=GRACE_S,
    )


async def _may_follow(parts: Parts, person: Person, conversation_id: str) -> bool:
    owner = TheShop() if isinstance(person.whose, Staff) else person.id
    try:
        async with parts.sessions() as session:
            await get_conversation(session, conversation_id, owner)
    except ConversationNotFoundError:
        return False
    return True


async def _of_one(found: AsyncIterator[list[Step]]) -> AsyncIterator[Told]:
    async for steps in found:
        yield "", steps


async def _each(steps: AsyncIterator[Step]) -> AsyncIterator[list[Step]]:
    async for step in steps:
        yield [step]


async def _merged(followed: Mapping[str, AsyncIterator[list[Step]]]) -> AsyncIterator[Told]:
    """Yield the steps of several conversations as they come; none is taken before the one before it was sent."""
    queue: asyncio.Queue[Told] = asyncio.Queue(1)

    async def hand_on(conversation_id: str, found: AsyncIterator[list[Step]]) -> None:
        async for steps in found:
            await queue.put((conversation_id, steps))

    readers = [asyncio.create_task(hand_on(*one)) for one in followed.items()]
    try:
        while True:
            yield await queue.get()
    finally:
        for reader in readers:
            reader.cancel()
        if readers:
            await asyncio.wait(readers)


async def _over(is_allowed: Callable[[], Awaitable[object]], ending: anyio.Event) -> None:
    """Return when the page is stopping, or when the request would be rejected if it came now."""
    while True:
        with anyio.move_on_after(LOGIN_CHECKED_EACH_S):
            await ending.wait()
            return
        try:
            await is_allowed()
        except (NotLoggedInError, ConversationNotFoundError):
            return
        except (DatabaseBusyError, DatabaseGoneError):
            # The steps report this when they need the database.
            continue


async def _stream(
    steps: AsyncIterator[Told], sight: Sight, is_allowed: Callable[[], Awaitable[object]], ending: anyio.Event
) -> AsyncIterator[ServerSentEvent | bytes]:
    yield ServerSentEvent(comment="open", retry=RECONNECT_MS)
    async with aclosing(until_over(steps, is_allowed, ending)) as told:
        async for where, found in told:
            if sent := b"".join([_sent(where, step, sight) for step in found]):
                yield sent


async def until_over(
    items: AsyncIterator[T], is_allowed: Callable[[], Awaitable[object]], ending: anyio.Event
) -> AsyncGenerator[T, None]:
    """Yield what there is until the page stops, or the request would be rejected if it came now."""
    # One task reads all items: a task for each would cost a turn with many viewers more than the turn itself.
    sends, receives = anyio.create_memory_object_stream[T]()
    reading = asyncio.ensure_future(_hand_on(items, sends))
    over = asyncio.ensure_future(_over(is_allowed, ending))
    over.add_done_callback(lambda _: reading.cancel())
    try:
        async with receives:
            async for item in receives:
                yield item
        await asyncio.wait({reading})
        if not reading.cancelled():
            reading.result()
    finally:
        # Either may be reading the database, which is closed after the streams.
        over.cancel()
        reading.cancel()
        await asyncio.wait({over, reading})


async def _hand_on(items: AsyncIterator[T], sends: MemoryObjectSendStream[T]) -> None:
    async with sends:
        async for item in items:
            await sends.send(item)


def _sent(where: str, step: Step, sight: Sight) -> bytes:
    """Return a step as its reader is sent it, empty if they do not see it; all who see as much are sent the same."""
    if (where, sight) not in step.written:
        seen = sight.of(step.kind, step.data)
        step.written[where, sight] = b"" if seen is None else _written(where, step, seen)
    return bytes(step.written[where, sight])


def _written(where: str, step: Step, seen: dict[str, Any]) -> bytes:
    # A live-only step has no number, so that a browser that resumes does not skip stored ones because of it.
    number = None if step.seq is None else str(step.seq)
    named = {"conversation_id": where} if where else {}
    data = {**named, "seq": step.seq, "at": step.at.isoformat(), **seen}
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=step.kind, id=number).encode()


def resume_point(value: str) -> int:
    """Return the number of the last event that a reader has.

    Raises:
        BadEventIdError: it is no such number.
    """
    if not (value.isascii() and value.isdigit() and len(value) < len("1000000000000000000")):
        raise BadEventIdError
    return int(value)


ROUTES = [Route(f"{ONE}/events", events), Route("/api/events", events_of_several)]
