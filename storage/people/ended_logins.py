"""Logins and visits that were ended early: their cookies are no longer accepted."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, hold, now


class EndedLogin(Base):
    """A login or a visit that has ended, kept until its cookie would have expired by itself."""

    __tablename__ = "ended_logins"

    id: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)


async def end_login(session: AsyncSession, login_id: str, *, until: datetime) -> None:
    """End a login or a visit, and forget those whose cookies have expired. Ending one twice is not an error."""
    await session.execute(delete(EndedLogin).where(EndedLogin.until < now()))
    # With two simultaneous clicks, the second finds the first one's row.
    await hold(session, f"login {login_id}")
    await session.merge(EndedLogin(id=login_id, until=until))
    await session.flush()


async def has_ended(session: AsyncSession, login_id: str) -> bool:
    """Return whether this login or visit was ended."""
    return await session.get(EndedLogin, login_id) is not None
