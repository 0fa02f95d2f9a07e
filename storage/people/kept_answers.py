"""Answers kept under an Idempotency-Key, so that a request that is sent again is not done again."""

from datetime import datetime, timedelta

from sqlalchemy import LargeBinary, delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, hold, now

KEPT_FOR = timedelta(hours=24)


class KeptAnswer(Base):
    """A person's request under a key of theirs, and its answer; without one while it is still being answered."""

    __tablename__ = "kept_answers"

    person: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


async def claim(session: AsyncSession, person: str, key: str, request: str) -> KeptAnswer | None:
    """Return what is kept under the key, or None if this request is the first with it; then it is now claimed.

    Args:
        session: the transaction.
        person: whose key it is.
        key: the key.
        request: a hash of the whole request.
    """
    await hold(session, f"kept answer {person} {key}")
    await session.execute(delete(KeptAnswer).where(KeptAnswer.at < now() - KEPT_FOR))
    found = await session.get(KeptAnswer, (person, key))
    if found is None:
        session.add(KeptAnswer(person=person, key=key, request=request, at=now()))
        await session.flush()
    return found


async def find_kept(session: AsyncSession, person: str, key: str) -> KeptAnswer | None:
    """Return what is kept under the key."""
    return await session.get(KeptAnswer, (person, key), populate_existing=True)


async def keep(session: AsyncSession, person: str, key: str, status: int, body: bytes) -> None:
    """Keep the answer of a claimed request."""
    row = await session.get_one(KeptAnswer, (person, key))
    row.status, row.body = status, body
    await session.flush()


async def give_up(session: AsyncSession, person: str, key: str) -> None:
    """Forget a claimed request that came to nothing, so that it can be sent again."""
    await session.execute(delete(KeptAnswer).where(KeptAnswer.person == person, KeptAnswer.key == key))
