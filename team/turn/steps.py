"""A conversation's steps: stored with a number, then published to its followers."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Hashable, Iterable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
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
    """One step. `seq` is its number; None for a live-only step, such as a token.

    `written` is for whoever sends it to many followers: what was made of it for some is there for the others.
    """

    seq: int | None
    kind: str
    at: datetime
    data: dict[str, Any]
    written: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)


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
        """Publish a step that need not be stored, after those before it that are still being stored."""
        step = Step(None, kind, now(), cleaned_json(data))
        self.journal.after(conversation_id, lambda: self.publish(conversation_id, [step]))

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
                await self._catch_up(conversation_id, last)

    async def hear(self, conversation_id: str, last: int) -> None:
        """Tell followers, after `HEARD_AFTER_S`, what some process stored of a conversation up to number `last`."""
        if conversation_id not in self._followers:
            return
        others_wait = conversation_id in self._heard
        self._heard[conversation_id] = last
        if others_wait:
            return
        try:
            await asyncio.sleep(HEARD_AFTER_S)
        finally:
            last = self._heard.pop(conversation_id)
        await self._catch_up(conversation_id, last)

    async def _catch_up(self, conversation_id: str, last: int) -> None:
        """Tell followers the steps up to number `last` that this process did not publish, read once for all of them."""
        told = self._told.get(conversation_id)
        if told is None:
            # Nobody knows yet how far they have read: each reads what it lacks.
            self._tell(conversation_id, last)
        elif last > told:
            for step in await self.stored(conversation_id, told):
                self._tell(conversation_id, step)

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
        async with aclosing(self.follow_together(conversation_id, after)) as found:
            async for steps in found:
                for step in steps:
                    yield step

    async def follow_together(self, conversation_id: str, after: int) -> AsyncGenerator[list[Step], None]:
        """Yield what `follow` does, all that is there at a time: sent in one piece, it costs its sender once."""
        with self._listening(conversation_id) as queue:
            last = after
            missed = True
            while True:
                if missed and (stored := await self.stored(conversation_id, last)):
                    yield stored
                    last = stored[-1].seq or last
                news = await queue.get()
                fresh, last, missed = _fresh(news, queue, last)
                if fresh:
                    yield fresh

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


def _fresh(news: Step | int, queue: asyncio.Queue[Step | int], last: int) -> tuple[list[Step], int, bool]:
    """Return the steps after number `last` that are in a queue, the last number then, and whether some are missing."""
    fresh: list[Step] = []
    while True:
        if isinstance(news, int) or (news.seq is not None and news.seq > last + 1):
            if (news if isinstance(news, int) else news.seq or 0) > last:
                return fresh, last, True
        elif news.seq is None or news.seq > last:
            fresh.append(news)
            last = news.seq or last
        if queue.empty():
            return fresh, last, False
        news = queue.get_nowait()
