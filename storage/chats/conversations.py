"""Conversations: whose they are, the team's state between turns, and the open question."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, now
from storage.errors import ShopError
from storage.owners import TheShop

OF_A_KEY = "k_"
"""Begins the ids of API keys; those of accounts and visitors begin with other letters."""


class ConversationNotFoundError(ShopError):
    """There is no such conversation, or it belongs to somebody else; the text is the same for both."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"No conversation {conversation_id} was found.")


class ConversationBusyError(ShopError):
    """Another turn of the same conversation is running."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"Conversation {conversation_id} is answering another message. Wait for it, or stop it.")


class AlreadyIdentifiedError(ShopError):
    """The conversation already has a customer, which cannot change."""

    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"Conversation {conversation_id} already belongs to a customer. Start a new one.")


class Conversation(Base):
    """One chat between a customer and the team. `open_question` is waiting for a yes or no; `state` is the team's own.

    It belongs to an account, to a visitor who is not logged in, or to the API key that began it; `key_id` names that
    key even where an account owns it. `identity` is what is known about a visitor so far.
    """

    __tablename__ = "conversations"
    __table_args__ = (CheckConstraint("account_id IS NULL OR visitor_id IS NULL", name="an_account_or_a_visitor"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    visitor_id: Mapped[str | None] = mapped_column(index=True)
    key_id: Mapped[str | None] = mapped_column(ForeignKey("api_keys.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    lease_holder: Mapped[str | None]
    lease_until: Mapped[datetime | None] = mapped_column(index=True)
    stop_asked: Mapped[bool] = mapped_column(default=False)
    state: Mapped[dict[str, Any] | None]
    open_question: Mapped[dict[str, Any] | None]
    identity: Mapped[dict[str, Any] | None]


def new_visitor_id() -> str:
    """Return an id for a visitor; it cannot be an account's, which start with another letter."""
    return f"v_{secrets.token_urlsafe(16)}"


def key_owner(key_id: str, customer_id: str | None) -> str:
    """Return the owner of what a key begins for a customer who has no account, or for staff.

    A front's key speaks for many customers, who must not read each other's conversations.
    """
    return key_id if customer_id is None else f"{key_id}:{customer_id}"


async def add_conversation(
    session: AsyncSession,
    customer_id: str | None,
    account_id: str | None,
    visitor_id: str | None = None,
    key_id: str | None = None,
) -> Conversation:
    """Start a conversation."""
    at = now()
    conversation = Conversation(
        id=f"c_{secrets.token_urlsafe(12)}",
        customer_id=customer_id,
        account_id=account_id,
        visitor_id=visitor_id,
        key_id=key_id,
        created_at=at,
        updated_at=at,
    )
    session.add(conversation)
    await session.flush()
    return conversation


async def get_conversation(
    session: AsyncSession, conversation_id: str, owner_id: str | TheShop, *, lock: bool = False
) -> Conversation:
    """Return a conversation; `owner_id` is the account, visitor or key it must belong to.

    With `lock`, its row is locked until the transaction ends, and freshly read.

    Raises:
        ConversationNotFoundError: there is none, or it is somebody else's.
    """
    query = select(Conversation).where(Conversation.id == conversation_id)
    if not isinstance(owner_id, TheShop):
        query = query.where(_owned_by(owner_id))
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    conversation = (await session.scalars(query)).first()
    if conversation is None:
        raise ConversationNotFoundError(conversation_id)
    return conversation


async def list_conversations(
    session: AsyncSession,
    owner_id: str,
    *,
    limit: int,
    search: str = "",
    after: tuple[datetime, str] | None = None,
) -> Sequence[Conversation]:
    """Return the conversations of an account, a visitor or a key, most recently used first.

    Args:
        session: the transaction.
        owner_id: whose they are.
        limit: how many at most.
        search: words that stand together in their title; empty for all.
        after: when the last one of the page before was used, and its id.
    """
    query = select(Conversation).where(_owned_by(owner_id))
    if search:
        query = query.where(Conversation.title.icontains(search, autoescape=True))
    if after is not None:
        at, last = after
        earlier = and_(Conversation.updated_at == at, Conversation.id < last)
        query = query.where(or_(Conversation.updated_at < at, earlier))
    newest_first = query.order_by(Conversation.updated_at.desc(), Conversation.id.desc())
    return (await session.scalars(newest_first.limit(limit))).all()


async def list_ids(session: AsyncSession) -> Sequence[str]:
    """Return the ids of all of the shop's conversations, oldest first, for what goes through every one of them."""
    return (await session.scalars(select(Conversation.id).order_by(Conversation.created_at, Conversation.id))).all()


async def delete_conversation(session: AsyncSession, conversation_id: str, owner_id: str) -> None:
    """Delete a conversation with its events.

    Raises:
        ConversationNotFoundError: there is none, or it is somebody else's.
        ConversationBusyError: a turn of it is running.
    """
    conversation = await get_conversation(session, conversation_id, owner_id, lock=True)
    if conversation.lease_holder is not None:
        raise ConversationBusyError(conversation_id)
    await session.delete(conversation)


def _owned_by(owner_id: str) -> ColumnElement[bool]:
    if owner_id.startswith(OF_A_KEY):
        key_id, _, customer_id = owner_id.partition(":")
        return and_(
            Conversation.key_id == key_id,
            Conversation.account_id.is_(None),
            Conversation.customer_id == (customer_id or None),
        )
    return or_(Conversation.account_id == owner_id, Conversation.visitor_id == owner_id)


async def keep_identity(session: AsyncSession, conversation_id: str, identity: dict[str, Any]) -> None:
    """Store what is known about a visitor so far."""
    await session.execute(update(Conversation).where(Conversation.id == conversation_id).values(identity=identity))


async def bind_customer(session: AsyncSession, conversation_id: str, customer_id: str) -> None:
    """Assign a customer to a visitor's conversation, permanently, and forget how they were recognized.

    Raises:
        AlreadyIdentifiedError: it already has one.
    """
    bound = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.customer_id.is_(None))
        .values(customer_id=customer_id, identity=None)
        .returning(Conversation.id)
    )
    if bound.first() is None:
        raise AlreadyIdentifiedError(conversation_id)


async def forget_conversation(session: AsyncSession, conversation_id: str) -> None:
    """Delete a conversation in which nothing was said."""
    await session.execute(delete(Conversation).where(Conversation.id == conversation_id))
