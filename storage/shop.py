"""The shop itself: one row that says where its data came from."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, stored_by_value


class Origin(StrEnum):
    """Where the shop's data came from."""

    DEMO = "demo"
    IMPORTED = "imported"


class Shop(Base):
    """The one row of the shop. `fingerprint` is that of a demo as it was loaded, to tell one that was used."""

    __tablename__ = "shop"
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    origin: Mapped[Origin] = mapped_column(stored_by_value(Origin))
    currency: Mapped[str]
    fingerprint: Mapped[str]
    loaded_at: Mapped[datetime]


async def find_shop(session: AsyncSession) -> Shop | None:
    """Return the shop's row, or None when nothing was loaded yet."""
    return await session.get(Shop, 1)
