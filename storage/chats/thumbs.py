"""Thumbs: what a customer thought of an answer, up or down."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.chats.events import Event
from storage.db import Base, now
from storage.errors import ShopError

UP, DOWN = "up", "down"


class AnswerNotFoundError(ShopError):
    """There is no such answer in the conversation."""

    def __init__(self, seq: int | str) -> None:
        super().__init__(f"There is no answer number {seq} in this conversation.")


class Thumb(Base):
    """One answer's thumb; the answer is the event with this number."""

    __tablename__ = "thumbs"
    __table_args__ = (
        ForeignKeyConstraint(["conversation_id", "seq"], ["events.conversation_id", "events.seq"], ondelete="CASCADE"),
    )

    conversation_id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    up: Mapped[bool]
    at: Mapped[datetime]


async def keep_thumb(session: AsyncSession, conversation_id: str, seq: int, *, up: bool | None) -> None:
    """Store a thumb in place of the one before; None takes it back.

    Raises:
        AnswerNotFoundError: the conversation has no answer with this number.
    """
    event = await session.get(Event, (conversation_id, seq))
    if event is None or event.kind != "message" or event.data.get("role") == "customer":
        raise AnswerNotFoundError(seq)
    if up is None:
        await session.execute(delete(Thumb).where(Thumb.conversation_id == conversation_id, Thumb.seq == seq))
    else:
        await session.merge(Thumb(conversation_id=conversation_id, seq=seq, up=up, at=now()))


async def list_thumbs(session: AsyncSession, conversation_id: str) -> dict[int, str]:
    """Return the thumbs of a conversation: "up" or "down" by the number of the answer."""
    found = await session.scalars(select(Thumb).where(Thumb.conversation_id == conversation_id))
    return {thumb.seq: UP if thumb.up else DOWN for thumb in found}
