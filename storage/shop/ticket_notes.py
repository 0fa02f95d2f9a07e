"""Notes of staff on a ticket: a table of their own, which nothing that a customer reads ever asks."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.characters import cleaned
from storage.db import Base, now
from storage.owners import Staff
from storage.shop.tickets import Ticket


class TicketNote(Base):
    """What one member of staff noted for the others."""

    __tablename__ = "ticket_notes"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    text: Mapped[str]


async def add_note(session: AsyncSession, ticket: Ticket, text: str, by: str) -> TicketNote:
    """Add a note to a ticket, whose row must be locked so that its notes are numbered without gaps."""
    ticket.changed_at = at = now()
    number = len(await list_notes(session, ticket.id, Staff())) + 1
    note = TicketNote(ticket_id=ticket.id, number=number, at=at, by=by, text=cleaned(text))
    session.add(note)
    return note


async def list_notes(session: AsyncSession, ticket_id: str, _whose: Staff) -> Sequence[TicketNote]:
    """Return a ticket's notes in order; they are for staff alone, which every caller says."""
    query = select(TicketNote).where(TicketNote.ticket_id == ticket_id).order_by(TicketNote.number)
    return (await session.scalars(query)).all()
