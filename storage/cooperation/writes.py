"""Changes that the models of a task want to make: each is asked about once, and made once."""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, now, stored_by_value
from storage.errors import NotFoundError

STALE = timedelta(seconds=40)
"""A change that was begun longer ago than a tool may take was cut off with its process."""


class WriteStatus(StrEnum):
    """How far a change is."""

    ASKED = "asked"
    DECLINED = "declined"
    DOING = "doing"
    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """It was begun, and its process died: nobody knows whether it was made, and it is not made again."""


class WriteNotFoundError(NotFoundError):
    """There is no such question, or it was answered before."""

    def __init__(self, write_id: str) -> None:
        super().__init__(f"Question {write_id} of this task is not open.")


class TaskWrite(Base):
    """One change. `key` is the same for the same call, whichever model wants it; `sealed` is the server's own state."""

    __tablename__ = "cooperation_writes"
    __table_args__ = (UniqueConstraint("task_id", "key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("cooperation_tasks.id", ondelete="CASCADE"), index=True)
    key: Mapped[str]
    step: Mapped[str]
    server: Mapped[str]
    tool: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    question: Mapped[str]
    sealed: Mapped[str | None]
    names: Mapped[list[str]]
    status: Mapped[WriteStatus] = mapped_column(stored_by_value(WriteStatus))
    result: Mapped[str]
    at: Mapped[datetime]


def write_key(tool: str, arguments: Mapping[str, Any]) -> str:
    """Return what is the same for two calls that are the same."""
    return f"{tool} {json.dumps(arguments, sort_keys=True, ensure_ascii=False)}"


async def ask_write(session: AsyncSession, write: TaskWrite) -> TaskWrite:
    """Store a change that waits for its yes, or return the same one, asked before; the task's row must be locked."""
    same = select(TaskWrite).where(TaskWrite.task_id == write.task_id, TaskWrite.key == write.key)
    found = (await session.scalars(same)).first()
    if found is not None:
        return found
    write.id, write.status, write.result, write.at = f"q_{secrets.token_urlsafe(9)}", WriteStatus.ASKED, "", now()
    session.add(write)
    await session.flush()
    return write


async def get_write(session: AsyncSession, task_id: str, write_id: str, status: WriteStatus) -> TaskWrite:
    """Return a change of a task that is this far; the task's row must be locked.

    Raises:
        WriteNotFoundError: there is none.
    """
    write = await session.get(TaskWrite, write_id, populate_existing=True)
    if write is None or write.task_id != task_id or write.status is not status:
        raise WriteNotFoundError(write_id)
    return write


async def list_writes(session: AsyncSession, task_id: str) -> Sequence[TaskWrite]:
    """Return a task's changes by the step that wants them."""
    query = select(TaskWrite).where(TaskWrite.task_id == task_id).order_by(TaskWrite.step, TaskWrite.key)
    return (await session.scalars(query)).all()


async def recover_writes(session: AsyncSession) -> None:
    """Give up on changes whose process died while it made them.

    One with its server's question is asked about again: the server makes it once, however often the yes comes. Of any
    other nobody knows whether it was made, and it is not made again.
    """
    cut_off = update(TaskWrite).where(TaskWrite.status == WriteStatus.DOING, TaskWrite.at < now() - STALE)
    await session.execute(cut_off.where(TaskWrite.sealed.is_not(None)).values(status=WriteStatus.ASKED))
    await session.execute(cut_off.where(TaskWrite.sealed.is_(None)).values(status=WriteStatus.UNKNOWN))
