"""Follows tasks: their steps as they come, whichever process takes them."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from storage.cooperation.steps import TaskStep, find_last_task_steps, list_task_steps
from storage.cooperation.tasks import OPEN, Task
from storage.db import Sessions, reading

ANYWAY_S = 15.0
"""A follower who heard nothing for so long looks by itself."""


class Following:
    """Who follows which task in this process."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self._followers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._last: dict[str, int] = {}

    async def look(self) -> None:
        """Tell followers what other processes stored, with one query for all of them."""
        if not self._followers:
            return
        async with reading(self.sessions) as session:
            found = await find_last_task_steps(session, list(self._followers))
        news = [task_id for task_id, last in found.items() if last != self._last.get(task_id)]
        self._last = found
        for task_id in news:
            self.tell(task_id)

    def tell(self, task_id: str) -> None:
        """Tell whoever follows a task that it went on."""
        for news in self._followers.get(task_id, ()):
            news.set()

    async def follow(self, task_id: str, after: int) -> AsyncIterator[TaskStep]:
        """Yield the steps after number `after` as they come, to the end of the task."""
        with self._listening(task_id) as news:
            while True:
                news.clear()
                async with reading(self.sessions) as session:
                    # The status first: a task that has ended has all of its steps.
                    task = await session.get(Task, task_id)
                    steps = await list_task_steps(session, task_id, after=after)
                for step in steps:
                    yield step
                    after = step.seq
                if task is None or task.status not in OPEN:
                    return
                await woken(news, ANYWAY_S)

    @contextmanager
    def _listening(self, task_id: str) -> Iterator[asyncio.Event]:
        news = asyncio.Event()
        self._followers[task_id].add(news)
        try:
            yield news
        finally:
            self._followers[task_id].discard(news)
            if not self._followers[task_id]:
                del self._followers[task_id]


async def woken(event: asyncio.Event, within_s: float) -> None:
    """Wait for an event, but not for longer than this many seconds."""
    try:
        async with asyncio.timeout(within_s):
            await event.wait()
    except TimeoutError:
        return
