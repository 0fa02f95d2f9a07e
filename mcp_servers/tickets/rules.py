"""What may be done to a ticket, and what follows from it."""

from storage.errors import ShopError
from storage.shop.tickets import EntryKind, Ticket, TicketStatus, add_entry, is_last


class AlreadyResolvedError(ShopError):
    """The ticket was already resolved, with a different text."""

    def __init__(self, ticket_id: str) -> None:
        super().__init__(
            f"Ticket {ticket_id} is already resolved. Use add_ticket_comment; a customer's comment reopens it."
        )


def comment(ticket: Ticket, body: str, by: str, *, staff: bool) -> bool:
    """Add a comment, reopening the ticket if it is the customer's; False if the same comment was just sent."""
    if is_last(ticket, EntryKind.COMMENT, body, by):
        return False
    add_entry(ticket, EntryKind.COMMENT, body, by=by)
    if not staff:
        ticket.status = TicketStatus.OPEN
    return True


def resolve(ticket: Ticket, resolution: str, by: str) -> bool:
    """Resolve a ticket; False if it was resolved with the same text, such as by a request sent twice.

    Raises:
        AlreadyResolvedError: it is resolved.
    """
    if ticket.status is TicketStatus.OPEN:
        add_entry(ticket, EntryKind.RESOLUTION, resolution, by=by)
        ticket.status = TicketStatus.RESOLVED
        return True
    last = ticket.history[-1]
    if (last.kind, last.text) != (EntryKind.RESOLUTION, resolution):
        raise AlreadyResolvedError(ticket.id)
    return False
