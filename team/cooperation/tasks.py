"""All tasks, as the page asks for them: begun, looked at, followed, cancelled, and their changes confirmed."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from storage.cooperation.steps import TaskStep, add_task_step
from storage.cooperation.tasks import Task, TaskStatus, add_task, get_task, list_tasks
from storage.cooperation.writes import TaskWrite, WriteStatus, get_write, list_writes
from storage.db import Sessions, now, reading, writing
from storage.tokens import Caller
from team.cooperation.asked import Asked, with_models
from team.cooperation.confirming import carry_out
from team.cooperation.following import Following
from team.cooperation.modes import Result
from team.cooperation.plans import planned
from team.cooperation.working import Worker, caller_of, end_task, write_view
from team.models.models import Models
from team.tools.servers import ToolServers
from team.turn.steps import Steps
from team.turn.trouble import Trouble
from team.words.language import language_of

LISTED, LONGEST_LISTED = 50, 200
"""How many tasks a list has, and how many characters of each question."""


class Tasks:
    """The tasks of all processes; `worker` works on some of them in this one."""

    def __init__(self, sessions: Sessions, models: Models, servers: ToolServers, steps: Steps) -> None:
        self.sessions = sessions
        self.models = models
        self.servers = servers
        self.metrics = steps.metrics
        self.following = Following(sessions)
        self.worker = Worker(sessions, models, servers, steps, self.following)

    async def begin(self, owner: str, caller: Caller, asked: Asked) -> str:
        """Store a task and return its id; from then on it is not lost.

        Raises:
            UnknownModelError, TooFewModelsError: its models cannot work together.
            BadGraphError: the steps of its pipeline cannot be run.
        """
        asked = with_models(asked, self.models.endpoints)
        asked = asked.model_copy(update={"language": asked.language or language_of(asked.query, caller.language)})
        planned(asked)
        told = {**asdict(caller), "scopes": sorted(caller.scopes), "language": asked.language}
        async with writing(self.sessions) as session:
            task = await add_task(session, owner, asked.model_dump(mode="json"), told)
        self.worker.wake()
        return task.id

    async def state(self, task_id: str, owner: str) -> dict[str, Any]:
        """Return a task: how far it is, its result, and the changes it asks about.

        Raises:
            TaskNotFoundError: this person began no such task.
        """
        async with reading(self.sessions) as session:
            task = await get_task(session, task_id, owner)
            writes = await list_writes(session, task_id)
        return _view(task, writes)

    async def listed(self, owner: str) -> list[dict[str, Any]]:
        """Return the tasks that this person began, the newest first, each in a line: without what came of it."""
        async with reading(self.sessions) as session:
            found = await list_tasks(session, owner, limit=LISTED)
        return [{**_line(task), "query": task.asked["query"][:LONGEST_LISTED]} for task in found]

    async def cancel(self, task_id: str, owner: str) -> None:
        """Stop a task, in whichever process; one that has ended stays as it is.

        Raises:
            TaskNotFoundError: this person began no such task.
        """
        async with writing(self.sessions) as session:
            task = await get_task(session, task_id, owner, lock=True)
            if task.status is TaskStatus.WAITING:
                await end_task(session, task, TaskStatus.CANCELLED, Result("", []))
                self.metrics.tasks.labels(task.asked["mode"], TaskStatus.CANCELLED.value).inc()
            task.stop_asked = task.status is TaskStatus.RUNNING
        self.following.tell(task_id)
        self.worker.stop(task_id, Trouble.STOPPED)

    async def wait(self, task_id: str, owner: str, seconds: float) -> dict[str, Any]:
        """Return a task once it has ended, or as it is after this many seconds.

        Raises:
            TaskNotFoundError: this person began no such task.
        """
        try:
            async with asyncio.timeout(seconds):
                async for _ in self.follow(task_id, 0):
                    continue
        except TimeoutError:
            return await self.state(task_id, owner)
        return await self.state(task_id, owner)

    def follow(self, task_id: str, after: int) -> AsyncIterator[TaskStep]:
        """Yield the steps after number `after` as they come, to the end of the task."""
        return self.following.follow(task_id, after)

    async def confirm(self, task_id: str, owner: str, write_id: str, *, yes: bool) -> dict[str, Any]:
        """Answer the question about a change, make it after a yes, and return the task.

        Raises:
            TaskNotFoundError: this person began no such task.
            WriteNotFoundError: it does not ask this, or it was answered before.
            ServerUnreachableError: the tool servers do not answer; the question stays open.
        """
        async with writing(self.sessions) as session:
            task = await get_task(session, task_id, owner, lock=True)
            found = await get_write(session, task_id, write_id, WriteStatus.ASKED)
        client = (await self.servers.connect(caller_of(task))).client
        async with writing(self.sessions) as session:
            # Committed before the call: whoever comes while it is made, or after this process died in it, sees that.
            await get_task(session, task_id, owner, lock=True)
            write = await get_write(session, task_id, found.id, WriteStatus.ASKED)
            write.status, write.at = WriteStatus.DOING, now()
        await carry_out(client, write, yes=yes)
        async with writing(self.sessions) as session:
            task = await get_task(session, task_id, owner, lock=True)
            await session.merge(write)
            await add_task_step(session, task_id, "answered", {**write_view(write), "yes": yes})
            writes = await list_writes(session, task_id)
            if task.status is TaskStatus.ASKED and all(one.status is not WriteStatus.ASKED for one in writes):
                task.status = TaskStatus.DONE
        self.following.tell(task_id)
        return await self.state(task_id, owner)


def _view(task: Task, writes: Sequence[TaskWrite]) -> dict[str, Any]:
    changes = [write_view(one) for one in writes]
    return {**_line(task), "result": task.result, "changes": changes}


def _line(task: Task) -> dict[str, Any]:
    asked: Mapping[str, Any] = task.asked
    return {
        "task_id": task.id,
        "status": task.status.value,
        "query": asked["query"],
        "mode": asked["mode"],
        "models": asked["models"],
        "created_at": task.created_at.isoformat(),
        "ended_at": None if task.ended_at is None else task.ended_at.isoformat(),
    }
