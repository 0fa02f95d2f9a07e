"""What may be done to a ticket, and what follows from it."""

from storage.errors import ShopError
from storage.shop.tickets import EntryKind, Ticket, TicketStatus, add_entry, is_last


class AlreadyResolvedError(ShopError):
    """The ticket was resolved before, in other words."""

    def __init__(self, ticket_id: str) -> None:
        super().__init__(
            f"Ticket {ticket_id} is resolved already. Use add_ticket_comment; a customer's comment opens it again."
        )


def comment(ticket: Ticket, body: str, by: str, *, staff: bool) -> bool:
    """Write a comment, and open the ticket again where it is the customer's; False where it was just sent twice."""
    if is_last(ticket, EntryKind.COMMENT, body, by):
        return False
    add_entry(ticket, EntryKind.COMMENT, body, by=by)
    if not staff:
        ticket.status = TicketStatus.OPEN
    return True


def resolve(ticket: Ticket, resolution: str, by: str) -> bool:
    """Resolve a ticket; False where it was resolved in the same words, as by a request that was sent twice.

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
