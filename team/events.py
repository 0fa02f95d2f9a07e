"""Steps of a conversation: stored under a number, then handed to whoever follows it."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Sessions, now, writing
from storage.events import Event, add_event, list_events

POLL_S = 1.0
"""How soon a follower sees what another process stored."""

QUEUE = 1_000
"""Steps kept for a slow follower; what does not fit is read from the database, except tokens, which are dropped."""


@dataclass(frozen=True)
class Step:
    """One step. `seq` is its number; None for what is only live, such as a token."""

    seq: int | None
    kind: str
    at: datetime
    data: dict[str, Any]


async def add_step(session: AsyncSession, conversation_id: str, kind: str, data: dict[str, Any]) -> Step:
    """Store a step in the caller's transaction; publish it when that is committed."""
    return _as_step(await add_event(session, conversation_id, kind, data))


def _as_step(event: Event) -> Step:
    return Step(event.seq, event.kind, event.at, event.data)


class Steps:
    """The steps of all conversations, and who follows which."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self._followers: defaultdict[str, set[asyncio.Queue[Step]]] = defaultdict(set)

    async def store(self, conversation_id: str, kind: str, data: dict[str, Any]) -> None:
        """Store one step and publish it."""
        async with writing(self.sessions) as session:
            step = await add_step(session, conversation_id, kind, data)
        self.publish(conversation_id, [step])

    def show(self, conversation_id: str, kind: str, data: dict[str, Any]) -> None:
        """Publish a step that is not worth keeping."""
        self.publish(conversation_id, [Step(None, kind, now(), data)])

    def publish(self, conversation_id: str, steps: Iterable[Step]) -> None:
        """Hand steps to the conversation's followers in this process."""
        for queue in self._followers.get(conversation_id, ()):
            for step in steps:
                if not queue.full():
                    queue.put_nowait(step)

    async def follow(self, conversation_id: str, after: int) -> AsyncIterator[Step]:
        """Yield the stored steps after the number `after`, then live ones, until the consumer leaves."""
        with self._listening(conversation_id) as queue:
            last = after
            missed = True
            while True:
                if missed:
                    for stored in await self.stored(conversation_id, last):
                        yield stored
                        last = stored.seq or last
                step = await _next(queue)
                missed = step is None or (step.seq is not None and step.seq > last + 1)
                if step is None or missed or (step.seq is not None and step.seq <= last):
                    continue
                yield step
                last = step.seq or last

    @contextmanager
    def _listening(self, conversation_id: str) -> Iterator[asyncio.Queue[Step]]:
        queue: asyncio.Queue[Step] = asyncio.Queue(QUEUE)
        self._followers[conversation_id].add(queue)
        try:
            yield queue
        finally:
            self._followers[conversation_id].discard(queue)
            if not self._followers[conversation_id]:
                del self._followers[conversation_id]

    async def stored(self, conversation_id: str, after: int) -> list[Step]:
        """Return the steps stored after the number `after`."""
        async with self.sessions() as session:
            return [_as_step(event) for event in await list_events(session, conversation_id, after=after)]


async def _next(queue: asyncio.Queue[Step]) -> Step | None:
    try:
        return await asyncio.wait_for(queue.get(), POLL_S)
    except TimeoutError:
        return None
