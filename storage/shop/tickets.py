"""Tickets: what a customer needs a person for, with everything that has happened to it since."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.characters import cleaned
from storage.db import Base, hold, now, stored_by_value
from storage.errors import NotFoundError
from storage.owners import Whose, theirs
from storage.shop.spelling import folded_id, key_of, meant


class TicketStatus(StrEnum):
    """Where a ticket stands: not answered yet, who waits for whom since then, or done."""

    OPEN = "open"
    WAITING_FOR_CUSTOMER = "waiting for customer"
    WAITING_FOR_STAFF = "waiting for staff"
    RESOLVED = "resolved"


UNRESOLVED = frozenset(TicketStatus) - {TicketStatus.RESOLVED}


class TicketCategory(StrEnum):
    """What a ticket is about."""

    DELIVERY = "delivery"
    DAMAGE = "damage"
    RETURN = "return"
    PAYMENT = "payment"
    PRODUCT = "product"
    ACCOUNT = "account"
    OTHER = "other"


class TicketPriority(StrEnum):
    """How soon a person should look at a ticket."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class EntryKind(StrEnum):
    """The kind of an entry in a ticket's history."""

    OPENED = "opened"
    COMMENT = "comment"
    RESOLUTION = "resolution"


class TicketNotFoundError(NotFoundError):
    """There is no such ticket, or it belongs to somebody else; the text is the same for both."""

    def __init__(self, ticket_id: str) -> None:
        super().__init__(f"No ticket {ticket_id} was found. Check the ticket id, or list the tickets.")


class TicketEntry(Base):
    """One thing that happened to a ticket, and who did it."""

    __tablename__ = "ticket_entries"

    ticket_id: Mapped[str] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    kind: Mapped[EntryKind] = mapped_column(stored_by_value(EntryKind))
    text: Mapped[str]


class Ticket(Base):
    """A request for a person's help, from a customer or an unidentified visitor.

    `conversation_id` is the chat that is muted until this ticket is resolved: a person answers there with comments.
    `waits_since` is since when the customer has waited for staff; None while they do not, and for imported tickets.
    `taken_by` is the member of staff who has it, and `changed_at` when anything of it last changed.
    """

    __tablename__ = "tickets"

    id: Mapped[str] = mapped_column(primary_key=True)
    folded_id: Mapped[str] = mapped_column(default=key_of(folded_id, "id"), index=True)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id", ondelete="SET NULL"))
    subject: Mapped[str]
    status: Mapped[TicketStatus] = mapped_column(stored_by_value(TicketStatus))
    category: Mapped[TicketCategory] = mapped_column(stored_by_value(TicketCategory))
    priority: Mapped[TicketPriority] = mapped_column(stored_by_value(TicketPriority))
    created_at: Mapped[datetime] = mapped_column(index=True)
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True, unique=True
    )
    waits_since: Mapped[datetime | None]
    taken_by: Mapped[str | None]
    changed_at: Mapped[datetime | None] = mapped_column(index=True)
    history: Mapped[list[TicketEntry]] = relationship(
        order_by=TicketEntry.number, lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )


def new_ticket_id() -> str:
    """Return an id for a new ticket that is short enough to read out."""
    return f"T{secrets.randbelow(10**8):08d}"


def open_ticket(
    session: AsyncSession,
    subject: str,
    body: str,
    category: TicketCategory,
    *,
    by: str,
    customer_id: str | None,
    order_id: str | None = None,
    priority: TicketPriority = TicketPriority.NORMAL,
    conversation_id: str | None = None,
) -> Ticket:
    """Open a ticket. `by` is who asks for it, and `body` the first entry of its history."""
    at = now()
    ticket = Ticket(
        id=new_ticket_id(),
        customer_id=customer_id,
        order_id=order_id,
        subject=cleaned(subject),
        status=TicketStatus.OPEN,
        category=category,
        priority=priority,
        created_at=at,
        waits_since=at,
        conversation_id=conversation_id,
    )
    add_entry(ticket, EntryKind.OPENED, body, by=by)
    session.add(ticket)
    return ticket


def add_entry(ticket: Ticket, kind: EntryKind, text: str, by: str) -> None:
    """Add an entry to a ticket's history."""
    ticket.changed_at = at = now()
    ticket.history.append(TicketEntry(number=len(ticket.history) + 1, at=at, by=by, kind=kind, text=cleaned(text)))


def is_last(ticket: Ticket, kind: EntryKind, text: str, by: str) -> bool:
    """Return whether the ticket's last entry is exactly this, that is, it was sent twice."""
    last = ticket.history[-1]
    return (last.kind, last.text, last.by) == (kind, cleaned(text), by)


async def get_ticket(session: AsyncSession, ticket_id: str, whose: Whose, *, lock: bool = False) -> Ticket:
    """Return a ticket.

    Args:
        session: the transaction.
        ticket_id: which, as somebody typed it.
        whose: who it must belong to.
        lock: lock the row until the transaction ends, so that its history is numbered without gaps or duplicates.

    Raises:
        TicketNotFoundError: there is none, or it is another customer's.
    """
    named = select(Ticket.id).where(Ticket.folded_id == folded_id(ticket_id), theirs(whose, Ticket.customer_id))
    query = select(Ticket).where(Ticket.id == meant(ticket_id, await session.scalars(named)))
    ticket = (await session.scalars(query.with_for_update() if lock else query)).first()
    if ticket is None:
        raise TicketNotFoundError(ticket_id)
    return ticket


async def list_tickets(
    session: AsyncSession,
    whose: Whose,
    *,
    status: Collection[TicketStatus] | None,
    before: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Ticket]:
    """Return the newest tickets of these statuses first: at most `limit`, older than `before`'s (created_at, id)."""
    query = select(Ticket).where(theirs(whose, Ticket.customer_id))
    query = query.order_by(Ticket.created_at.desc(), Ticket.id.desc()).limit(limit)
    if status is not None:
        query = query.where(Ticket.status.in_(status))
    if before is not None:
        at, ticket_id = before
        query = query.where((Ticket.created_at < at) | ((Ticket.created_at == at) & (Ticket.id < ticket_id)))
    return (await session.scalars(query)).all()


async def find_recent(session: AsyncSession, customer_id: str, order_id: str, since: datetime) -> Ticket | None:
    """Return the newest ticket that the customer opened about this order since then, its row locked.

    Until the transaction ends nobody else looks for it: of two complaints at once, the second finds the first's.
    """
    await hold(session, f"tickets about {order_id}")
    about = select(Ticket).where(Ticket.customer_id == customer_id, Ticket.order_id == order_id)
    newest = about.where(Ticket.created_at >= since).order_by(Ticket.created_at.desc(), Ticket.id.desc())
    return (await session.scalars(newest.limit(1).with_for_update())).first()
