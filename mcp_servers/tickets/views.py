"""What the tickets tools hand back."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from storage.tickets import Ticket


class EntryView(BaseModel):
    """One thing that happened to a ticket."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    by: str
    kind: str
    text: str


class TicketSummary(BaseModel):
    """One ticket of a list."""

    ticket_id: str
    customer_id: str | None = None
    subject: str
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
    """One ticket, whole."""

    history: list[EntryView] = []

    @classmethod
    def of(cls, row: Ticket) -> Self:
        """Return a ticket with its history, oldest entry first."""
        view = super().of(row)
        view.history = [EntryView.model_validate(entry) for entry in row.history]
        return view


class TicketPage(BaseModel):
    """A page of tickets, newest first."""

    tickets: list[TicketSummary]
    next_cursor: str | None = None
