"""Conversations: whose they are, the team's state between turns, the open question, and whose turn it is."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, now
from storage.errors import ShopError

LEASE = timedelta(seconds=120)


class ConversationNotFoundError(ShopError):
    """No such conversation, or it belongs to somebody else: the same words for both."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"No conversation {conversation_id} was found.")


class ConversationBusyError(ShopError):
    """Another turn of the same conversation is running."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"Conversation {conversation_id} is answering another message. Wait for it, or stop it.")


class Conversation(Base):
    """One chat between a customer and the team. `open_question` waits for a yes or no; `state` is the team's own."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    lease_holder: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    state: Mapped[dict[str, Any] | None]
    open_question: Mapped[dict[str, Any] | None]


async def add_conversation(session: AsyncSession, customer_id: str | None, account_id: str | None) -> Conversation:
    """Start a conversation."""
    at = now()
    conversation = Conversation(
        id=f"c_{secrets.token_urlsafe(12)}",
        customer_id=customer_id,
        account_id=account_id,
        created_at=at,
        updated_at=at,
    )
    session.add(conversation)
    await session.flush()
    return conversation


async def get_conversation(session: AsyncSession, conversation_id: str, account_id: str | None) -> Conversation:
    """Return a conversation; `account_id` is whose it must be, None for staff and for code that already asked.

    Raises:
        ConversationNotFoundError: there is none, or it is another account's.
    """
    query = select(Conversation).where(Conversation.id == conversation_id)
    if account_id is not None:
        query = query.where(Conversation.account_id == account_id)
    conversation = (await session.scalars(query)).first()
    if conversation is None:
        raise ConversationNotFoundError(conversation_id)
    return conversation


async def list_conversations(session: AsyncSession, account_id: str, *, limit: int) -> Sequence[Conversation]:
    """Return an account's conversations, the one used last first."""
    query = select(Conversation).where(Conversation.account_id == account_id)
    return (await session.scalars(query.order_by(Conversation.updated_at.desc()).limit(limit))).all()


async def take_lease(session: AsyncSession, conversation_id: str) -> str:
    """Take the conversation's turn for this process and return the holder's name.

    Raises:
        ConversationBusyError: another turn holds it and has not expired.
    """
    holder = secrets.token_urlsafe(8)
    free = or_(Conversation.lease_holder.is_(None), Conversation.lease_until < now())
    taken = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, free)
        .values(lease_holder=holder, lease_until=now() + LEASE)
        .returning(Conversation.id)
    )
    if taken.first() is None:
        raise ConversationBusyError(conversation_id)
    return holder


async def release_lease(session: AsyncSession, conversation_id: str, holder: str) -> None:
    """Give the turn back, unless it expired and somebody else has it by now."""
    await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.lease_holder == holder)
        .values(lease_holder=None, lease_until=None)
    )
