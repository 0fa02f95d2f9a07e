"""A conversation's steps: stored with a number, then published to its followers."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.characters import cleaned_json
from storage.chats.events import Event, add_event, find_last_numbers, list_events
from storage.db import Sessions, now, reading
from storage.process.metrics import PageMetrics
from storage.turns.keeping import NOTHING, Keeping
from team.turn.counts import Counts
from team.turn.journal import Journal
from team.turn.records import Records

HEARD_AFTER_S = 0.02
"""Delay before acting on a notification. By then this process has published its own steps and need not reread them."""

LOOKED_FOR = 500
"""Conversations per query."""

QUEUE = 1_000
"""Steps buffered for a slow follower; overflow is read back from the database, except tokens, which are dropped."""


@dataclass(frozen=True)
class Step:
    """One step. `seq` is its number; None for a live-only step, such as a token."""

    seq: int | None
    kind: str
    at: datetime
    data: dict[str, Any]


async def add_step(session: AsyncSession, conversation_id: str, kind: str, data: dict[str, Any]) -> Step:
    """Store a step in the caller's transaction; publish it once that commits."""
    return as_step(await add_event(session, conversation_id, kind, data))


def as_step(event: Event) -> Step:
    """Convert a stored event to a step."""
    return Step(event.seq, event.kind, event.at, event.data)


class Steps:
    """The steps of all conversations, and their followers."""

    def __init__(self, sessions: Sessions, keeping: Keeping = NOTHING) -> None:
        self.sessions = sessions
        self.metrics = PageMetrics()
        self.records = Records(sessions, keeping)
        self._counts = Counts(self.metrics)
        self.journal = Journal(sessions, self._publish_stored)
        self._followers: defaultdict[str, set[asyncio.Queue[Step | int]]] = defaultdict(set)
        self._told: dict[str, int] = {}
        self._heard: dict[str, int] = {}
        self._overhearing: set[asyncio.Queue[tuple[str, Step]]] = set()

    async def store(self, conversation_id: str, kind: str, data: dict[str, Any]) -> None:
        """Store one step and publish it."""
        await self.journal.keep(self.journal.add(conversation_id, kind, data))

    def show(self, conversation_id: str, kind: str, data: dict[str, Any]) -> None:
        """Publish a step that need not be stored."""
        self.publish(conversation_id, [Step(None, kind, now(), cleaned_json(data))])

    def publish(self, conversation_id: str, steps: Iterable[Step]) -> None:
        """Send steps to the conversation's followers in this process."""
        for step in steps:
            self._counts.count(conversation_id, step.kind, step.data)
            self._tell(conversation_id, step)
            self._let_overhear(conversation_id, step)

    @contextmanager
    def overhearing(self) -> Iterator[asyncio.Queue[tuple[str, Step]]]:
        """Yield a queue of the steps of all conversations, as they happen; whoever reads too slowly misses some."""
        queue: asyncio.Queue[tuple[str, Step]] = asyncio.Queue(QUEUE)
        self._overhearing.add(queue)
        try:
            yield queue
        finally:
            self._overhearing.discard(queue)

    def _let_overhear(self, conversation_id: str, step: Step) -> None:
        for queue in self._overhearing:
            if not queue.full():
                queue.put_nowait((conversation_id, step))

    def _publish_stored(self, events: Sequence[Event]) -> None:
        self.publish(events[0].conversation_id, map(as_step, events))

    async def look(self) -> None:
        """Tell followers what other processes stored, with one query for up to `LOOKED_FOR` conversations."""
        followed = list(self._followers)
        for start in range(0, len(followed), LOOKED_FOR):
            async with reading(self.sessions) as session:
                found = await find_last_numbers(session, followed[start : start + LOOKED_FOR])
            for conversation_id, last in found.items():
                if last > self._told.get(conversation_id, 0):
                    self._tell(conversation_id, last)

    def hear(self, conversation_id: str, last: int) -> None:
        """Note that some process stored a conversation's steps up to number `last`."""
        if conversation_id not in self._followers:
            return
        if not self._heard:
            asyncio.get_running_loop().call_later(HEARD_AFTER_S, self._tell_heard)
        self._heard[conversation_id] = last

    def _tell_heard(self) -> None:
        heard, self._heard = self._heard, {}
        for conversation_id, last in heard.items():
            if last > self._told.get(conversation_id, 0):
                self._tell(conversation_id, last)

    def _tell(self, conversation_id: str, news: Step | int) -> None:
        """Send followers a step, or the number up to which the database holds steps for them."""
        if conversation_id not in self._followers:
            return
        number = news if isinstance(news, int) else news.seq or 0
        self._told[conversation_id] = max(number, self._told.get(conversation_id, 0))
        for queue in self._followers[conversation_id]:
            if not queue.full():
                queue.put_nowait(news)
            elif number:
                # Keep the newest number in the queue, so that a slow follower knows how far to read.
                queue.get_nowait()
                queue.put_nowait(number)

    async def follow(self, conversation_id: str, after: int) -> AsyncIterator[Step]:
        """Yield the stored steps after number `after`, then live ones, until the consumer stops."""
        with self._listening(conversation_id) as queue:
            last = after
            missed = True
            while True:
                if missed:
                    for stored in await self.stored(conversation_id, last):
                        yield stored
                        last = stored.seq or last
                step = await queue.get()
                if isinstance(step, int):
                    missed = step > last
                    continue
                missed = step.seq is not None and step.seq > last + 1
                if missed or (step.seq is not None and step.seq <= last):
                    continue
                yield step
                last = step.seq or last

    @contextmanager
    def _listening(self, conversation_id: str) -> Iterator[asyncio.Queue[Step | int]]:
        queue: asyncio.Queue[Step | int] = asyncio.Queue(QUEUE)
        self._followers[conversation_id].add(queue)
        try:
            yield queue
        finally:
            self._followers[conversation_id].discard(queue)
            if not self._followers[conversation_id]:
                del self._followers[conversation_id]
                self._told.pop(conversation_id, None)

    @property
    def viewers(self) -> int:
        """How many followers of conversations this process has."""
        return sum(map(len, self._followers.values()))

    async def stored(self, conversation_id: str, after: int) -> list[Step]:
        """Return the steps stored after number `after`."""
        async with reading(self.sessions) as session:
            return [as_step(event) for event in await list_events(session, conversation_id, after=after)]
