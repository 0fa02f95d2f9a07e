"""Works on tasks: takes them from the database, answers them, and takes up those whose process died."""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.cooperation.steps import TaskStep, add_task_step, list_task_steps
from storage.cooperation.tasks import (
    MOST_TRIES,
    Task,
    TaskLostError,
    TaskStatus,
    any_to_take,
    forget_tasks,
    leave_tasks,
    renew_tasks,
    take_tasks,
)
from storage.cooperation.writes import TaskWrite, WriteStatus, list_writes, recover_writes
from storage.db import Sessions, now, reading, writing
from storage.process.logs import tell
from storage.reasons import Code, told
from storage.tokens import Caller
from team.cooperation.asked import Asked
from team.cooperation.book import Book
from team.cooperation.following import Following, woken
from team.cooperation.modes import Result, answer
from team.cooperation.run import Run, Said
from team.models.models import Models
from team.tools.client import ServerUnreachableError
from team.tools.servers import Tools, ToolServers
from team.turn.request import Request
from team.turn.steps import Steps
from team.turn.trouble import Trouble
from team.turn.turn import Turn

logger = logging.getLogger(__name__)

AT_ONCE = 16
"""Tasks that a process works on at once; the others wait in the database."""

EACH_S = 1.0
"""How often to look for tasks, and for steps that other processes stored; those of this one are told of at once."""

GRACE_S = 5.0
TIDIES_EVERY_S = 60.0


class Worker:
    """The tasks that this process works on."""

    def __init__(
        self, sessions: Sessions, models: Models, servers: ToolServers, steps: Steps, following: Following
    ) -> None:
        self.sessions = sessions
        self.models = models
        self.servers = servers
        self.steps = steps
        self.following = following
        self.holder = secrets.token_urlsafe(8)
        self.book = Book(sessions, self.holder, following)
        self._running: dict[str, tuple[Turn, asyncio.Task[None]]] = {}
        self._wake = asyncio.Event()

    @property
    def running(self) -> list[str]:
        """The tasks that this process works on now."""
        return list(self._running)

    def wake(self) -> None:
        """Look for tasks now."""
        self._wake.set()

    def stop(self, task_id: str, trouble: Trouble) -> None:
        """Stop a task, if it runs here."""
        if task_id in self._running:
            self._running[task_id][0].stop(trouble)

    async def run(self) -> None:
        """Work on tasks until cancelled."""
        loop, tidies = asyncio.get_running_loop(), 0.0
        while True:
            self._wake.clear()
            try:
                await self._renew()
                await self._take()
                await self.following.look()
                if loop.time() > tidies:
                    tidies = loop.time() + TIDIES_EVERY_S
                    await self._tidy()
            except Exception:
                logger.exception("Looking for tasks failed")
            await woken(self._wake, EACH_S)

    async def close(self) -> None:
        """Leave every task to other processes, or to this one when it next starts."""
        for turn, _ in self._running.values():
            turn.leave()
        tasks = [task for _, task in self._running.values()]
        if not tasks:
            return
        await asyncio.wait(tasks, timeout=GRACE_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with writing(self.sessions) as session:
            await leave_tasks(session, self.holder)

    async def _renew(self) -> None:
        """Renew the leases of this process's tasks, and stop those that were cancelled or are another's now."""
        own = self.running
        if not own:
            return
        async with writing(self.sessions) as session:
            kept = await renew_tasks(session, self.holder, own)
        for task_id in own:
            if task_id not in kept and task_id in self._running:
                self._running[task_id][0].leave()
            elif kept.get(task_id):
                self.stop(task_id, Trouble.STOPPED)

    async def _take(self) -> None:
        room = AT_ONCE - len(self._running)
        if not room:
            return
        async with reading(self.sessions) as session:
            if not await any_to_take(session):
                return
        async with writing(self.sessions) as session:
            taken = await take_tasks(session, self.holder, self.running, limit=room)
            steps = {task.id: await list_task_steps(session, task.id, after=0) for task in taken}
        for task in taken:
            asked = Asked.model_validate(task.asked)
            request = Request("", self.holder, caller_of(task), asked.language, text=asked.query)
            turn = Turn(request, self.steps, asked.deadline_s)
            work = asyncio.create_task(self._work(task, turn, asked, _said_in(steps[task.id])))
            self._running[task.id] = turn, work

    async def _tidy(self) -> None:
        async with writing(self.sessions) as session:
            await recover_writes(session)
            await forget_tasks(session)

    async def _work(self, task: Task, turn: Turn, asked: Asked, said: dict[str, Said]) -> None:
        expiry = asyncio.get_running_loop().call_later(turn.left_s, turn.stop, Trouble.TOO_SLOW)
        try:
            result = await self._answered(task, turn, asked, said)
            if not turn.left:
                await self._end(task.id, turn, result)
        except TaskLostError:
            logger.warning("Another process works on task %s now", task.id)
        except Exception:
            # The database failed, or code of ours: the lease expires, and the task is taken up again.
            logger.exception("Task %s broke off", task.id)
        finally:
            expiry.cancel()
            del self._running[task.id]
            self.wake()

    async def _answered(self, task: Task, turn: Turn, asked: Asked, said: dict[str, Said]) -> Result:
        if task.tries > MOST_TRIES:
            return Result("", [], notes=[told(Code.FAILED, {}, asked.language)])
        tools = Tools(self.servers)
        if asked.tools != () and turn.caller is not None:
            try:
                await tools.connect(turn.caller)
            except ServerUnreachableError:
                return Result("", [], notes=[told(Code.TOOLS_DOWN, {}, asked.language)])

        async def record(kind: str, data: dict[str, Any]) -> None:
            await self.book.record(task.id, kind, data)

        async def ask(write: TaskWrite) -> None:
            await self.book.ask(task.id, write, write_view)

        spent = sum(one.prompt_tokens + one.completion_tokens for one in said.values())
        run = Run(asked, self.models, tools, turn, record, ask, said, spent)
        await record("task_started", {"mode": asked.mode, "models": list(asked.models), "again": task.tries > 1})
        return await answer(run)

    async def _end(self, task_id: str, turn: Turn, result: Result) -> None:
        async def ended(session: AsyncSession) -> None:
            task = await session.get_one(Task, task_id)
            writes = await list_writes(session, task_id)
            status = _status(turn, result, asks=any(one.status is WriteStatus.ASKED for one in writes))
            await end_task(session, task, status, result)

        await self.book.end(task_id, ended)
        async with reading(self.sessions) as session:
            told_of = await session.get_one(Task, task_id)
        mode, status = told_of.asked["mode"], told_of.status.value
        self.steps.metrics.tasks.labels(mode, status).inc()
        tell(logger, "task", task=task_id, mode=mode, status=status, ms=turn.ms)


async def end_task(session: AsyncSession, task: Task, status: TaskStatus, result: Result) -> None:
    """Store the end of a task, whose row must be locked."""
    task.status, task.result, task.ended_at = status, result.as_json(), now()
    task.lease_holder = task.lease_until = None
    await add_task_step(session, task.id, "task_ended", {"status": status.value, **result.as_json()})


def caller_of(task: Task) -> Caller:
    """Return whom a task's tools act for."""
    return Caller(**{**task.caller, "scopes": frozenset(task.caller["scopes"])})


def write_view(write: TaskWrite) -> dict[str, Any]:
    """Return a change as it is told."""
    return {
        "question_id": write.id,
        "step": write.step,
        "tool": write.tool,
        "arguments": write.arguments,
        "text": write.question,
        "status": write.status.value,
        "result": write.result,
    }


def _said_in(steps: Sequence[TaskStep]) -> dict[str, Said]:
    """Return what each step that ended came to, from what is stored of it."""
    return {step.data["step"]: Said(**step.data) for step in steps if step.kind == "step_ended"}


def _status(turn: Turn, result: Result, *, asks: bool) -> TaskStatus:
    if turn.log.trouble is Trouble.STOPPED:
        return TaskStatus.CANCELLED
    if result.failed:
        return TaskStatus.FAILED
    return TaskStatus.ASKED if asks else TaskStatus.DONE
