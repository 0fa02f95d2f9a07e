"""Turns that a program asked for, and how its client's messages are known again: by a hash of all it had sent by then.

A client of the OpenAI API sends the whole conversation each time. Each message is hashed together with the hash before
it, so that one indexed look-up finds the conversation whose messages are the beginning of what was sent.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, now

MOST_KNOWN = 500
"""Turns among which a conversation is looked for; many chats of one key may begin with the same words."""


class ApiTurn(Base):
    """One turn that a program asked for.

    `asker` is the person together with the key, `chat` the client's own id of the chat, if it told one. `before`,
    `asked` and `told` are the hashes of all messages before the customer's, with it, and with the answer as it was
    sent; `told` is empty until the client has read a whole one. Events numbered above `after` are the turn's.
    """

    __tablename__ = "api_turns"
    __table_args__ = (
        Index(None, "asker", "asked"),
        Index(None, "asker", "told"),
        Index(None, "asker", "chat"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    asker: Mapped[str]
    chat: Mapped[str]
    before: Mapped[str]
    asked: Mapped[str]
    told: Mapped[str]
    after: Mapped[int]
    at: Mapped[datetime]


def new_api_turn(conversation_id: str, asker: str, chat: str, before: str, asked: str, after: int) -> ApiTurn:
    """Return a turn that is about to begin."""
    return ApiTurn(
        id=f"resp_{secrets.token_hex(16)}",
        conversation_id=conversation_id,
        asker=asker,
        chat=chat,
        before=before,
        asked=asked,
        told="",
        after=after,
        at=now(),
    )


async def list_known(session: AsyncSession, asker: str, links: Collection[str], chat: str) -> Sequence[ApiTurn]:
    """Return an asker's turns that end with one of these hashes, the newest first; with `chat`, those of that chat."""
    known = or_(ApiTurn.asked.in_(links), ApiTurn.told.in_(links))
    query = select(ApiTurn).where(ApiTurn.asker == asker, known)
    if chat:
        query = query.where(ApiTurn.chat == chat)
    return (await session.scalars(query.order_by(ApiTurn.at.desc()).limit(MOST_KNOWN))).all()


async def find_last_of_chat(session: AsyncSession, asker: str, chat: str) -> ApiTurn | None:
    """Return the newest turn of a client's chat."""
    query = select(ApiTurn).where(ApiTurn.asker == asker, ApiTurn.chat == chat)
    return (await session.scalars(query.order_by(ApiTurn.at.desc()).limit(1))).first()


async def find_last(session: AsyncSession, asker: str, conversation_id: str) -> ApiTurn | None:
    """Return the newest turn of a conversation that this asker asked for."""
    query = select(ApiTurn).where(ApiTurn.conversation_id == conversation_id, ApiTurn.asker == asker)
    return (await session.scalars(query.order_by(ApiTurn.at.desc()).limit(1))).first()


async def find_api_turn(session: AsyncSession, asker: str, turn_id: str) -> ApiTurn | None:
    """Return this asker's turn with this id."""
    return (await session.scalars(select(ApiTurn).where(ApiTurn.id == turn_id, ApiTurn.asker == asker))).first()


async def keep_told(session: AsyncSession, turn_id: str, told: str) -> None:
    """Store that the client has the answer."""
    await session.execute(update(ApiTurn).where(ApiTurn.id == turn_id).values(told=told))


async def forget_api_turn(session: AsyncSession, turn_id: str) -> None:
    """Delete a turn that did not begin."""
    await session.execute(delete(ApiTurn).where(ApiTurn.id == turn_id))
