"""Tasks: a question for several models, which process works on it, and what came of it."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, now, stored_by_value
from storage.errors import NotFoundError, ShopError

LEASE = timedelta(seconds=8)
"""How long a task waits for a process that died; a live one renews its leases every second."""

KEPT = timedelta(days=7)
"""How long a task that ended can be looked up."""

MOST_TRIES = 20
"""A task whose process died this often may be what kills it."""


class TaskStatus(StrEnum):
    """How far a task is."""

    WAITING = "waiting"
    RUNNING = "running"
    ASKED = "asked"
    """Answered, with changes that wait for a yes or no."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (TaskStatus.WAITING, TaskStatus.RUNNING)


class TaskNotFoundError(NotFoundError):
    """There is no such task, or somebody else began it."""

    def __init__(self, task_id: str) -> None:
        super().__init__(f"There is no task {task_id} of yours.")


class TaskLostError(ShopError):
    """Another process works on the task now."""

    def __init__(self, task_id: str) -> None:
        super().__init__(f"Another process works on task {task_id} now.")


class Task(Base):
    """One task. `asked` is the request, `caller` whom its tools act for, `result` what came of it."""

    __tablename__ = "cooperation_tasks"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    status: Mapped[TaskStatus] = mapped_column(stored_by_value(TaskStatus), index=True)
    asked: Mapped[dict[str, Any]]
    caller: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    lease_holder: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    stop_asked: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)


async def add_task(session: AsyncSession, owner: str, asked: dict[str, Any], caller: dict[str, Any]) -> Task:
    """Store a new task, which any process may take."""
    task = Task(
        id=f"task_{secrets.token_urlsafe(9)}",
        owner=owner,
        status=TaskStatus.WAITING,
        asked=asked,
        caller=caller,
        created_at=now(),
        stop_asked=False,
        tries=0,
    )
    session.add(task)
    await session.flush()
    return task


async def get_task(session: AsyncSession, task_id: str, owner: str, *, lock: bool = False) -> Task:
    """Return a task that this person began.

    Raises:
        TaskNotFoundError: there is none.
    """
    query = select(Task).where(Task.id == task_id, Task.owner == owner)
    task = (await session.scalars(query.with_for_update() if lock else query)).first()
    if task is None:
        raise TaskNotFoundError(task_id)
    return task


async def list_tasks(session: AsyncSession, owner: str, *, limit: int) -> Sequence[Task]:
    """Return the tasks that this person began, the newest first."""
    query = select(Task).where(Task.owner == owner).order_by(Task.created_at.desc(), Task.id.desc())
    return (await session.scalars(query.limit(limit))).all()


async def hold_tasks(session: AsyncSession, task_ids: Collection[str], holder: str) -> set[str]:
    """Lock tasks, and return those on which this holder still works: no lease expired, and nobody else took them."""
    theirs = select(Task).where(Task.id.in_(task_ids), Task.lease_holder == holder).order_by(Task.id)
    return {task.id for task in await session.scalars(theirs.with_for_update())}


async def any_to_take(session: AsyncSession) -> bool:
    """Whether a task waits, or its process died."""
    return (await session.scalars(_to_take().limit(1))).first() is not None


async def take_tasks(session: AsyncSession, holder: str, own: Collection[str], *, limit: int) -> Sequence[Task]:
    """Take tasks that wait, and those whose process died, the oldest first; `own` are those of this process."""
    query = select(Task).where(Task.id.in_(_to_take()), Task.id.not_in(own)).order_by(Task.created_at, Task.id)
    taken = (await session.scalars(query.limit(limit).with_for_update(skip_locked=True))).all()
    for task in taken:
        task.status, task.tries = TaskStatus.RUNNING, task.tries + 1
        task.lease_holder, task.lease_until = holder, now() + LEASE
    return taken


async def renew_tasks(session: AsyncSession, holder: str, task_ids: Collection[str]) -> dict[str, bool]:
    """Renew the leases of tasks, and return those that are still this holder's, with whether they are to stop."""
    renewed = await session.execute(
        update(Task)
        .where(Task.id.in_(task_ids), Task.lease_holder == holder)
        .values(lease_until=now() + LEASE)
        .returning(Task.id, Task.stop_asked)
    )
    return {row[0]: row[1] for row in renewed}


async def leave_tasks(session: AsyncSession, holder: str) -> None:
    """Let any process take the tasks of this one now."""
    own = update(Task).where(Task.lease_holder == holder, Task.status == TaskStatus.RUNNING)
    await session.execute(own.values(lease_holder=None, lease_until=None))


async def forget_tasks(session: AsyncSession) -> None:
    """Delete tasks that ended long ago, with their steps and changes."""
    await session.execute(delete(Task).where(Task.ended_at < now() - KEPT))


def _to_take() -> Any:  # noqa: ANN401 - SQLAlchemy's select of one column
    free = or_(Task.lease_until.is_(None), Task.lease_until < now())
    return select(Task.id).where(Task.status.in_(OPEN), free)
