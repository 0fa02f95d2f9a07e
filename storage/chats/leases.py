"""Leases: which process runs a conversation's turn, for how long, and whether it was asked to stop."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.chats.conversations import Conversation, ConversationBusyError
from storage.chats.listening import notify_of_stop
from storage.db import now

LEASE = timedelta(seconds=8)
"""How long a conversation waits for a process that died; a live one renews its leases several times in this period."""


def take_lease(conversation: Conversation, own: Collection[str] = ()) -> str:
    """Take the turn of a conversation, whose row must be locked, and return the holder's name.

    `own` are the holders whose turns are running in this process: they keep running even if a lease has expired.

    Raises:
        ConversationBusyError: another turn holds it and has not expired.
    """
    holder, until = conversation.lease_holder, conversation.lease_until
    if holder is not None and until is not None and (until >= now() or holder in own):
        raise ConversationBusyError(conversation.id)
    conversation.lease_holder = taken = secrets.token_urlsafe(8)
    conversation.stop_asked = False
    stamp_lease(conversation)
    return taken


def stamp_lease(conversation: Conversation) -> None:
    """Restart the lease of a conversation now that its row is locked, however long that took."""
    conversation.lease_until = now() + LEASE


@dataclass(frozen=True)
class Renewal:
    """The holders whose leases were renewed, and those that still own their turn; locked rows are skipped."""

    renewed: frozenset[str]
    kept: frozenset[str]


async def renew_leases(session: AsyncSession, holders: Collection[str]) -> Renewal:
    """Renew these holders' leases, except those that somebody else has taken or ended."""
    theirs = select(Conversation).where(Conversation.lease_holder.in_(holders)).order_by(Conversation.id)
    # One row that stays locked must not cost the others their leases.
    free = theirs.with_for_update(key_share=True, skip_locked=True).execution_options(populate_existing=True)
    rows = (await session.scalars(free)).all()
    for row in rows:
        stamp_lease(row)
    kept = await session.scalars(theirs.with_only_columns(Conversation.lease_holder))
    return Renewal(frozenset(row.lease_holder or "" for row in rows), frozenset(holder or "" for holder in kept))


def release_lease(conversation: Conversation, holder: str) -> None:
    """Release the turn of a conversation, whose row must be locked, unless it expired and somebody else has it now."""
    if conversation.lease_holder == holder:
        conversation.lease_holder, conversation.lease_until, conversation.stop_asked = None, None, False


async def pass_on_lease(session: AsyncSession, holder: str) -> None:
    """Let any process take over this holder's turn now, as if its lease had expired."""
    await session.execute(update(Conversation).where(Conversation.lease_holder == holder).values(lease_until=now()))


async def ask_to_stop(session: AsyncSession, conversation_id: str) -> bool:
    """Ask whichever process runs the conversation's turn to stop it; return whether one does."""
    asked = await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.lease_until > now())
        .values(stop_asked=True)
        .returning(Conversation.id)
    )
    if asked.first() is None:
        return False
    await notify_of_stop(session, conversation_id)
    return True


async def list_to_stop(session: AsyncSession, holders: Collection[str]) -> Sequence[str]:
    """Return the conversations whose turn, held by one of these, was asked to stop."""
    query = select(Conversation.id).where(Conversation.lease_holder.in_(holders), Conversation.stop_asked)
    return (await session.scalars(query)).all()


async def list_cut_off(session: AsyncSession, *, limit: int) -> Sequence[str]:
    """Return the conversations whose process died during a turn."""
    query = select(Conversation.id).where(Conversation.lease_until < now()).order_by(Conversation.lease_until)
    return (await session.scalars(query.limit(limit))).all()
