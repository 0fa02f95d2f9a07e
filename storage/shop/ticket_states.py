"""A ticket's states: who waits for whom, since when, how long they may, and who of the staff has it.

What is said and done at the desk changes them by the rules in `mcp_servers/tickets/rules.py`; a chat that a person has
follows the same ones.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from storage.db import now
from storage.errors import ShopError
from storage.shop.tickets import Ticket, TicketCategory, TicketPriority, TicketStatus

WITHIN: Mapping[TicketPriority, timedelta] = {
    TicketPriority.URGENT: timedelta(hours=1),
    TicketPriority.HIGH: timedelta(hours=4),
    TicketPriority.NORMAL: timedelta(hours=24),
    TicketPriority.LOW: timedelta(hours=72),
}
"""How long a customer may wait for staff, by priority."""

BEFORE_QUESTIONS = frozenset({TicketCategory.DAMAGE, TicketCategory.PAYMENT})
"""Somebody has lost something or money: these come before questions."""

WAITS_FOR_STAFF = frozenset({TicketStatus.OPEN, TicketStatus.WAITING_FOR_STAFF})


class TakenError(ShopError):
    """Somebody else has the ticket."""

    def __init__(self, ticket_id: str, holder: str) -> None:
        super().__init__(f"{holder} has ticket {ticket_id}. Take it over from them first, or choose another.")


def due_at(ticket: Ticket) -> datetime | None:
    """Return by when staff should answer; None while nobody waits for them."""
    if ticket.status not in WAITS_FOR_STAFF:
        return None
    return (ticket.waits_since or ticket.created_at) + WITHIN[ticket.priority]


def customer_said(ticket: Ticket) -> None:
    """The customer wrote: a resolved ticket is open again, and one that waited for them waits for staff."""
    if ticket.status in WAITS_FOR_STAFF:
        return
    was_resolved = ticket.status is TicketStatus.RESOLVED
    set_status(ticket, TicketStatus.OPEN if was_resolved else TicketStatus.WAITING_FOR_STAFF)


def staff_said(ticket: Ticket) -> None:
    """Staff wrote: unless it is resolved, the ticket waits for its customer."""
    if ticket.status in WAITS_FOR_STAFF:
        set_status(ticket, TicketStatus.WAITING_FOR_CUSTOMER)


def set_status(ticket: Ticket, status: TicketStatus) -> None:
    """Change the status; the time in which staff should answer begins when the customer begins to wait."""
    waited = ticket.status in WAITS_FOR_STAFF
    ticket.status, ticket.changed_at = status, now()
    if status not in WAITS_FOR_STAFF:
        ticket.waits_since = None
    elif not waited:
        ticket.waits_since = ticket.changed_at


def take(ticket: Ticket, by: str, *, instead_of: str | None = None) -> None:
    """Give a ticket, whose row must be locked, to a member of staff: a free one, or one that `instead_of` has.

    Raises:
        TakenError: somebody else has it.
    """
    if ticket.taken_by not in {None, by, instead_of}:
        raise TakenError(ticket.id, str(ticket.taken_by))
    ticket.taken_by, ticket.changed_at = by, now()


def release(ticket: Ticket, by: str) -> None:
    """Let anybody take a ticket, whose row must be locked.

    Raises:
        TakenError: it is somebody else who has it.
    """
    if ticket.taken_by not in {None, by}:
        raise TakenError(ticket.id, str(ticket.taken_by))
    ticket.taken_by, ticket.changed_at = None, now()
