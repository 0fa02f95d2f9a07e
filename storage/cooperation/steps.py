"""The steps of tasks, numbered, so that a reader resumes where it stopped, and a process where another died."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.characters import cleaned_json
from storage.db import Base, now


class TaskStep(Base):
    """One step: a model began or answered, called a tool, a vote was counted, the task ended."""

    __tablename__ = "cooperation_steps"

    task_id: Mapped[str] = mapped_column(ForeignKey("cooperation_tasks.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]]


async def add_task_step(session: AsyncSession, task_id: str, kind: str, data: dict[str, Any]) -> TaskStep:
    """Append a step under the next number of its task, whose row must be locked."""
    last = select(func.coalesce(func.max(TaskStep.seq), 0)).where(TaskStep.task_id == task_id)
    seq = (await session.execute(last)).scalar_one() + 1
    step = TaskStep(task_id=task_id, seq=seq, at=now(), kind=kind, data=cleaned_json(data))
    session.add(step)
    await session.flush()
    return step


async def list_task_steps(session: AsyncSession, task_id: str, *, after: int) -> Sequence[TaskStep]:
    """Return a task's steps numbered above `after`, in order."""
    query = select(TaskStep).where(TaskStep.task_id == task_id, TaskStep.seq > after).order_by(TaskStep.seq)
    return (await session.scalars(query)).all()


async def find_last_task_steps(session: AsyncSession, task_ids: Collection[str]) -> dict[str, int]:
    """Return the number of each task's last step; tasks without steps are left out."""
    query = select(TaskStep.task_id, func.max(TaskStep.seq)).where(TaskStep.task_id.in_(task_ids))
    return {row[0]: row[1] for row in await session.execute(query.group_by(TaskStep.task_id))}
