"""What the tickets tools hand back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from mcp_servers.runtime.untrusted import Untrusted
from storage.tickets import Ticket, TicketEntry

SHOWN_BYTES = 8_000
"""What a history may take; a token is three bytes or more of English, and of Korean about three."""
ENTRY_BYTES = 120
"""What an entry takes beside its text: when, by whom, and its kind."""


class EntryView(BaseModel):
    """One thing that happened to a ticket."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    by: str
    kind: str
    text: Untrusted


class TicketSummary(BaseModel):
    """One ticket of a list."""

    ticket_id: str
    customer_id: str | None = None
    subject: Untrusted
    status: str
    category: str
    priority: str
    order_id: str | None = None

    @classmethod
    def of(cls, row: Ticket) -> Self:
        """Return a ticket without its history."""
        return cls(
            ticket_id=row.id,
            customer_id=row.customer_id,
            subject=row.subject,
            status=row.status,
            category=row.category,
            priority=row.priority,
            order_id=row.order_id,
        )


class TicketView(TicketSummary):
    """One ticket, with the beginning of its history and as much of its end as a result may hold."""

    history: list[EntryView] = []
    entries_left_out: int | None = None
    customer_waits_in_chat: bool | None = None

    @classmethod
    def of(cls, row: Ticket) -> Self:
        """Return a ticket with its history, oldest entry first."""
        view = super().of(row)
        shown = _fitting(row.history)
        view.history = [EntryView.model_validate(entry) for entry in shown]
        view.entries_left_out = len(row.history) - len(shown) or None
        view.customer_waits_in_chat = row.conversation_id is not None or None
        return view


def _fitting(history: Sequence[TicketEntry]) -> list[TicketEntry]:
    """The first entry and the newest that fit beside it; the newest is always there."""
    first, *rest = history
    room = SHOWN_BYTES - _size(first)
    kept: list[TicketEntry] = []
    for entry in reversed(rest):
        room -= _size(entry)
        if room < 0 and kept:
            break
        kept.append(entry)
    return [first, *reversed(kept)]


def _size(entry: TicketEntry) -> int:
    return len(entry.text.encode()) + ENTRY_BYTES


class TicketPage(BaseModel):
    """A page of tickets, newest first."""

    tickets: list[TicketSummary]
    next_cursor: str | None = None
