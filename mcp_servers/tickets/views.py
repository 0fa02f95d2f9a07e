"""The tickets tools' results."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from mcp_servers.runtime.cursor import to_cursor
from mcp_servers.runtime.untrusted import Untrusted
from storage.shop.tickets import Ticket, TicketEntry

SHOWN_BYTES = 8_000
"""Size limit of a history, in bytes; a token is at least three bytes of English, or about three of Korean."""
ENTRY_BYTES = 120
"""An entry's overhead besides its text: when, by whom, and its kind."""


class EntryView(BaseModel):
    """One thing that happened to a ticket."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    by: str
    kind: str
    text: Untrusted


class TicketSummary(BaseModel):
    """One ticket in a list."""

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
    """One ticket, with the start of its history and as much of its end as fits a result."""

    history: list[EntryView] = []
    entries_left_out: int | None = None
    next_cursor: str | None = None
    customer_waits_in_chat: bool | None = None

    @classmethod
    def of(cls, row: Ticket, before: int | None = None) -> Self:
        """Return a ticket with its history, oldest entry first; `before`, counted from the first, pages backwards."""
        view = super().of(row)
        first, rest = row.history[:1], row.history[1:before]
        kept = _newest_fitting(rest, SHOWN_BYTES - _size(first[0]))
        shown = kept if before else [*first, *kept]
        view.history = [EntryView.model_validate(entry) for entry in shown]
        view.entries_left_out = len(rest) - len(kept) or None
        view.next_cursor = to_cursor(row.id, 1 + len(rest) - len(kept)) if len(rest) > len(kept) else None
        view.customer_waits_in_chat = row.conversation_id is not None or None
        return view


def _newest_fitting(entries: Sequence[TicketEntry], room: int) -> list[TicketEntry]:
    """Return the newest entries that fit this many bytes, and at least the newest one."""
    kept: list[TicketEntry] = []
    for entry in reversed(entries):
        room -= _size(entry)
        if room < 0 and kept:
            break
        kept.append(entry)
    return kept[::-1]


def _size(entry: TicketEntry) -> int:
    return len(entry.text.encode()) + ENTRY_BYTES


class TicketPage(BaseModel):
    """A page of tickets, newest first."""

    tickets: list[TicketSummary]
    next_cursor: str | None = None
