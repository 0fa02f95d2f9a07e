"""The rules of the service desk: what may be done to a ticket, and what follows from it.

Status
    A ticket is `open` until staff answer it. After their comment it is `waiting for customer`, after the customer's
    `waiting for staff`, and at last `resolved`. A customer's comment opens a resolved ticket again; a comment of staff
    leaves it resolved.
Priority
    As it was asked for, except that damage and payment come before questions: where a customer reports one, it is at
    least `high`. Whoever asks for a person has an `urgent` ticket.
Due
    Staff should answer within 1 hour if it is urgent, 4 if it is high, 24 if it is normal and 72 if it is low, from
    when the customer began to wait for them (`storage/shop/ticket_states.py`). While the customer is asked something,
    no time runs.
Queue
    Customers who wait in a chat come first, then tickets by status (`waiting for staff`, `open`, `waiting for
    customer`), priority, damage and payment before the rest, and due time (`storage/shop/queue.py`).
Repeated complaints
    A complaint about an order on which the customer opened a ticket within a day joins that ticket.
Who has it
    One member of staff at a time; a ticket that somebody has is taken over from them by name, never unnoticed.
"""

from datetime import timedelta

from storage.errors import ShopError
from storage.shop.ticket_states import BEFORE_QUESTIONS, customer_said, set_status, staff_said
from storage.shop.tickets import (
    UNRESOLVED,
    EntryKind,
    Ticket,
    TicketCategory,
    TicketPriority,
    TicketStatus,
    add_entry,
    is_last,
)

JOINS_WITHIN = timedelta(days=1)
"""How long a ticket takes up further complaints about its order."""

NOT_BELOW_HIGH = frozenset({TicketPriority.HIGH, TicketPriority.URGENT})


class AlreadyResolvedError(ShopError):
    """The ticket was already resolved, with a different text."""

    def __init__(self, ticket_id: str) -> None:
        super().__init__(
            f"Ticket {ticket_id} is already resolved. Use add_ticket_comment; a customer's comment reopens it."
        )


def priority_of(category: TicketCategory, asked: TicketPriority, *, staff: bool) -> TicketPriority:
    """Return a new ticket's priority; staff say what they mean, a customer's damage or payment matters by itself."""
    if staff or category not in BEFORE_QUESTIONS or asked in NOT_BELOW_HIGH:
        return asked
    return TicketPriority.HIGH


def join(ticket: Ticket, subject: str, body: str, by: str, priority: TicketPriority, *, staff: bool) -> None:
    """Add a repeated complaint to the ticket about the same order, which matters as much as the gravest of them."""
    text = body if subject == ticket.subject else f"{subject}\n\n{body}"
    if all(entry.text not in {body, text} for entry in ticket.history):
        comment(ticket, text, by, staff=staff)
    if priority in NOT_BELOW_HIGH and ticket.priority not in NOT_BELOW_HIGH:
        ticket.priority = priority


def comment(ticket: Ticket, body: str, by: str, *, staff: bool) -> bool:
    """Add a comment, which says who waits for whom now; False if the same comment was just sent."""
    if is_last(ticket, EntryKind.COMMENT, body, by):
        return False
    add_entry(ticket, EntryKind.COMMENT, body, by=by)
    if staff:
        staff_said(ticket)
    else:
        customer_said(ticket)
    return True


def resolve(ticket: Ticket, resolution: str, by: str) -> bool:
    """Resolve a ticket; False if it was resolved with the same text, such as by a request sent twice.

    Raises:
        AlreadyResolvedError: it is resolved.
    """
    if ticket.status in UNRESOLVED:
        add_entry(ticket, EntryKind.RESOLUTION, resolution, by=by)
        set_status(ticket, TicketStatus.RESOLVED)
        return True
    last = ticket.history[-1]
    if (last.kind, last.text) != (EntryKind.RESOLUTION, resolution):
        raise AlreadyResolvedError(ticket.id)
    return False
