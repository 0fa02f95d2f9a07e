"""Leases: which process has a conversation's turn, for how long, and whether it was asked to stop."""

import secrets
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.conversations import Conversation, ConversationBusyError
from storage.db import now

LEASE = timedelta(seconds=8)
"""How long a conversation waits for a process that died; one that lives renews its leases several times in this."""


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
        .values(lease_holder=holder, lease_until=now() + LEASE, stop_asked=False)
        .returning(Conversation.id)
    )
    if taken.first() is None:
        raise ConversationBusyError(conversation_id)
    return holder


async def renew_leases(session: AsyncSession, holders: Collection[str]) -> set[str]:
    """Keep the turns of these holders; return those of them whose turn nobody else has taken or ended."""
    kept = await session.execute(
        update(Conversation)
        .where(Conversation.lease_holder.in_(holders))
        .values(lease_until=now() + LEASE)
        .returning(Conversation.lease_holder)
    )
    return {holder for holder in kept.scalars() if holder is not None}


async def release_lease(session: AsyncSession, conversation_id: str, holder: str) -> None:
    """Give the turn back, unless it expired and somebody else has it by now."""
    await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.lease_holder == holder)
        .values(lease_holder=None, lease_until=None, stop_asked=False)
    )


async def ask_to_stop(session: AsyncSession, conversation_id: str) -> bool:
    """Ask whichever process has the conversation's turn to stop it; return whether one has."""
    asked = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.lease_until > now())
        .values(stop_asked=True)
        .returning(Conversation.id)
    )
    return asked.first() is not None


async def list_to_stop(session: AsyncSession, holders: Collection[str]) -> Sequence[str]:
    """Return the conversations whose turn, held by one of these, was asked to stop."""
    query = select(Conversation.id).where(Conversation.lease_holder.in_(holders), Conversation.stop_asked)
    return (await session.scalars(query)).all()


async def list_cut_off(session: AsyncSession, *, limit: int) -> Sequence[str]:
    """Return conversations whose turn ended with its process."""
    query = select(Conversation.id).where(Conversation.lease_until < now()).order_by(Conversation.lease_until)
    return (await session.scalars(query.limit(limit))).all()
