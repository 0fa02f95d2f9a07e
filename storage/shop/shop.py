"""The shop itself: one row that says where its data came from."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, Sessions, stored_by_value, writing
from storage.outages import OUTAGES


class Origin(StrEnum):
    """Where the shop's data came from."""

    DEMO = "demo"
    IMPORTED = "imported"


class Shop(Base):
    """The single row of the shop. `fingerprint` is a demo's as it was loaded, to tell whether it has been used."""

    __tablename__ = "shop"
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    origin: Mapped[Origin] = mapped_column(stored_by_value(Origin))
    currency: Mapped[str]
    fingerprint: Mapped[str]
    loaded_at: Mapped[datetime]


async def find_shop(session: AsyncSession) -> Shop | None:
    """Return the shop's row, or None if nothing has been loaded yet."""
    return await session.get(Shop, 1)


async def has_room(sessions: Sessions) -> bool:
    """Return whether writing works again after the last attempt found the disk full."""
    if not sessions.out_of_room:
        return True
    try:
        async with writing(sessions) as session:
            shop = await session.get(Shop, 1)
            if shop is not None:
                # Change it and change it back: SQLite does not write a row whose values stay the same.
                loaded_at = shop.loaded_at
                for at in (loaded_at + timedelta(seconds=1), loaded_at):
                    shop.loaded_at = at
                    await session.flush()
    except OUTAGES:
        return False
    return True
