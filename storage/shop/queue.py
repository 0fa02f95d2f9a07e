"""The desk's queue: whose turn it is, over all tickets of the shop. For staff alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import raiseload

from storage.db import now
from storage.owners import Staff
from storage.shop.customers import Customer
from storage.shop.ticket_states import BEFORE_QUESTIONS, WAITS_FOR_STAFF
from storage.shop.tickets import Ticket, TicketCategory, TicketEntry, TicketPriority, TicketStatus

Columns = TypeVarTuple("Columns")

BY_STATUS = (
    TicketStatus.WAITING_FOR_STAFF,
    TicketStatus.OPEN,
    TicketStatus.WAITING_FOR_CUSTOMER,
    TicketStatus.RESOLVED,
)
BY_PRIORITY = (TicketPriority.URGENT, TicketPriority.HIGH, TicketPriority.NORMAL, TicketPriority.LOW)
NOBODY = ""
"""As `taken_by` of what is wanted: the tickets that nobody has."""

JUST_NOW = timedelta(seconds=90)
"""Longer than a transaction may take, so that one that is committed late is still seen."""


@dataclass(frozen=True)
class Wanted:
    """Which tickets: None and empty words stand for all of them."""

    status: frozenset[TicketStatus] | None = None
    category: TicketCategory | None = None
    taken_by: str | None = None
    customer_id: str | None = None
    search: str = ""


@dataclass(frozen=True)
class Queued:
    """A ticket of the queue and its customer, if it has one."""

    ticket: Ticket
    customer: Customer | None


async def list_queue(session: AsyncSession, _whose: Staff, wanted: Wanted, *, limit: int) -> Sequence[Queued]:
    """Return tickets, most urgent first, without their histories.

    Customers who wait in a chat come first; then the status says who waits, the priority and what it is about how much
    it matters, and of equal ones the customer who has waited longest is due first.
    """
    query = _filtered(select(Ticket, Customer), wanted).order_by(*_order()).limit(limit)
    rows = await session.execute(query.options(raiseload(Ticket.history), raiseload(Customer.payment_methods)))
    return [Queued(ticket, customer) for ticket, customer in rows]


async def count_queue(session: AsyncSession, _whose: Staff, wanted: Wanted) -> int:
    """Return how many tickets are wanted."""
    return await session.scalar(_filtered(select(func.count(Ticket.id)), wanted)) or 0


async def list_just_changed(session: AsyncSession, _whose: Staff) -> frozenset[tuple[str, datetime | None]]:
    """Return which tickets changed a moment ago, and when: as long as it stays the same, nothing has happened."""
    query = select(Ticket.id, Ticket.changed_at).where(Ticket.changed_at > now() - JUST_NOW)
    return frozenset((ticket_id, at) for ticket_id, at in await session.execute(query))


def _filtered(query: Select[*Columns], wanted: Wanted) -> Select[*Columns]:
    query = query.select_from(Ticket).outerjoin(Customer, Customer.id == Ticket.customer_id)
    if wanted.status is not None:
        query = query.where(Ticket.status.in_(wanted.status))
    if wanted.category is not None:
        query = query.where(Ticket.category == wanted.category)
    if wanted.customer_id is not None:
        query = query.where(Ticket.customer_id == wanted.customer_id)
    if wanted.taken_by is not None:
        query = query.where(Ticket.taken_by == wanted.taken_by if wanted.taken_by else Ticket.taken_by.is_(None))
    return query.where(_mentions(wanted.search)) if wanted.search else query


def _mentions(words: str) -> ColumnElement[bool]:
    first, last = Customer.first_name, Customer.last_name
    columns = (
        Ticket.id,
        Ticket.subject,
        Ticket.order_id,
        Customer.email,
        Customer.id,
        first + " " + last,
        last + first,
    )
    said = exists().where(TicketEntry.ticket_id == Ticket.id, TicketEntry.text.icontains(words, autoescape=True))
    return or_(said, *(column.icontains(words, autoescape=True) for column in columns))


def _order() -> tuple[SQLColumnExpression[Any], ...]:
    in_chat = Ticket.conversation_id.is_not(None) & Ticket.status.in_(WAITS_FOR_STAFF)
    resolved_at = case((Ticket.status == TicketStatus.RESOLVED, func.coalesce(Ticket.changed_at, Ticket.created_at)))
    return (
        case((in_chat, 0), else_=1),
        case({status: rank for rank, status in enumerate(BY_STATUS)}, value=Ticket.status),
        resolved_at.desc(),
        case({priority: rank for rank, priority in enumerate(BY_PRIORITY)}, value=Ticket.priority),
        case((Ticket.category.in_(BEFORE_QUESTIONS), 0), else_=1),
        func.coalesce(Ticket.waits_since, Ticket.created_at),
        Ticket.id,
    )
