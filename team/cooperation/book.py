"""Writes tasks down: the steps that come at the same time, of whichever tasks, in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from storage.cooperation.steps import add_task_step
from storage.cooperation.tasks import TaskLostError, hold_tasks
from storage.cooperation.writes import TaskWrite, ask_write
from storage.db import Sessions, writing
from storage.outages import OUTAGES
from team.cooperation.following import Following

KEEPS_TRYING_S, PAUSE_S = 30, 0.5
"""How long a step waits for a database that is locked or away; then its task is given up, and taken up again later."""

Work = Callable[[AsyncSession], Awaitable[object]]


@dataclass(frozen=True)
class Entry:
    """What is to be written of one task, and who waits for it."""

    task_id: str
    work: Work
    written: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Book:
    """Where a process writes its running tasks down. Nothing is written of one that another process has taken."""

    def __init__(self, sessions: Sessions, holder: str, following: Following) -> None:
        self.sessions = sessions
        self.holder = holder
        self.following = following
        self._waiting: list[Entry] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, task_id: str, kind: str, data: dict[str, Any]) -> None:
        """Store a step and show it.

        Raises:
            TaskLostError: another process works on the task now.
            ShopError: the database does not answer.
        """
        await self._written(Entry(task_id, lambda session: add_task_step(session, task_id, kind, data)))

    async def ask(self, task_id: str, write: TaskWrite, view: Callable[[TaskWrite], dict[str, Any]]) -> None:
        """Store a change that waits for its yes, unless the same one does already.

        Raises:
            TaskLostError: another process works on the task now.
            ShopError: the database does not answer.
        """
        write.task_id = task_id

        async def asked(session: AsyncSession) -> None:
            if await ask_write(session, write) is write:
                await add_task_step(session, task_id, "question", view(write))

        await self._written(Entry(task_id, asked))

    async def end(self, task_id: str, work: Work) -> None:
        """Store the end of a task.

        Raises:
            TaskLostError: another process works on the task now.
            ShopError: the database does not answer.
        """
        await self._written(Entry(task_id, work))

    async def _written(self, entry: Entry) -> None:
        self._waiting.append(entry)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await asyncio.wait({entry.written})
        entry.written.result()

    async def _write(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            try:
                held = await self._stored(taken)
            except Exception as error:  # noqa: BLE001 - raised to whoever waits for a step
                for entry in taken:
                    entry.written.set_exception(error)
                continue
            for entry in taken:
                if entry.task_id in held:
                    entry.written.set_result(None)
                else:
                    entry.written.set_exception(TaskLostError(entry.task_id))
            for task_id in held:
                self.following.tell(task_id)

    @retry(
        retry=retry_if_exception_type(OUTAGES),
        stop=stop_after_delay(KEEPS_TRYING_S),
        wait=wait_fixed(PAUSE_S),
        reraise=True,
    )
    async def _stored(self, entries: list[Entry]) -> set[str]:
        """Write entries in one transaction; return the tasks that are still this process's."""
        async with writing(self.sessions) as session:
            held = await hold_tasks(session, {entry.task_id for entry in entries}, self.holder)
            for entry in entries:
                if entry.task_id in held:
                    await entry.work(session)
        return held
