"""What waits for somebody: questions for a customer, chats for a person, cut-off turns for a process."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.chats.conversations import Conversation
from storage.db import now
from storage.shop.tickets import EntryKind, Ticket, TicketEntry


@dataclass(frozen=True)
class Backlog:
    """How much waits at this moment, in the whole shop.

    `handovers` are chats that a person has, `waiting` those of them whose last word is the customer's, and
    `oldest_wait_s` how long the first of these has waited, in seconds; 0 where none does.
    """

    open_questions: int
    cut_off: int
    handovers: int
    waiting: int
    oldest_wait_s: float


async def count_backlog(session: AsyncSession, questions_expire: timedelta) -> Backlog:
    """Return how much waits; it reads only what indexes find, however old the shop is."""
    at = now()
    handovers, waiting, since = (await session.execute(_handovers())).one()
    return Backlog(
        open_questions=await _count_questions(session, at, questions_expire),
        cut_off=await _count(session, Conversation.lease_until < at),
        handovers=handovers,
        waiting=waiting,
        oldest_wait_s=0.0 if since is None else max(0.0, (at - since).total_seconds()),
    )


async def _count_questions(session: AsyncSession, at: datetime, expire: timedelta) -> int:
    # A question is as old as its conversation's last turn, or older; the time is compared as it is stored in the JSON.
    asked = Conversation.open_question["expires_at"].as_string() > at.strftime("%Y-%m-%dT%H:%M:%S")
    return await _count(session, Conversation.updated_at > at - expire, asked)


async def _count(session: AsyncSession, *which: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).select_from(Conversation).where(*which)) or 0


def _handovers() -> Select[int, int, datetime | None]:
    """Of all chats that a person has: how many, how many wait, and since when the first of them does."""
    said = aliased(TicketEntry)
    by_staff = (
        select(func.max(said.number))
        .where(said.ticket_id == Ticket.id, said.kind == EntryKind.COMMENT, said.by != Ticket.customer_id)
        .correlate(Ticket)
    )
    since = (
        select(func.min(TicketEntry.at))
        .where(TicketEntry.ticket_id == Ticket.id, TicketEntry.number > func.coalesce(by_staff.scalar_subquery(), 0))
        .correlate(Ticket)
    )
    # SQLite finds values by an index, but not all that are "not null".
    chats = select(since.scalar_subquery().label("since")).where(Ticket.conversation_id > "").subquery()
    return select(func.count(), func.count(chats.c.since), func.min(chats.c.since)).select_from(chats)
