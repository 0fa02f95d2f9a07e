"""The tickets tool server: what a customer needs a person for."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from mcp_servers.runtime.arguments import Cursor, CustomerId, OneLine, SeveralLines
from mcp_servers.runtime.caller import CurrentCaller, customer_for, one_customer
from mcp_servers.runtime.cursor import BadCursorError, from_cursor, to_cursor
from mcp_servers.runtime.results import Outcome
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.signature import Session
from mcp_servers.tickets.views import TicketPage, TicketSummary, TicketView
from storage import customers, orders, tickets
from storage.db import Sessions
from storage.settings import Settings
from storage.tickets import TicketCategory, TicketPriority, TicketStatus

Subject = Annotated[str, Field(description="One line", min_length=1, max_length=120), OneLine]
Body = Annotated[
    str, Field(description="What happened, in the customer's words", min_length=1, max_length=2000), SeveralLines
]
Category = Literal["delivery", "damage", "return", "payment", "product", "account", "other"]
Priority = Literal["low", "normal", "high", "urgent"]
OrderId = Annotated[str, Field(description="Order it is about", max_length=40), OneLine] | None
TicketId = Annotated[str, Field(description="Ticket id, such as 'T00001234'", min_length=1, max_length=40), OneLine]


async def create_ticket(
    session: Session,
    caller: CurrentCaller,
    subject: Subject,
    body: Body,
    category: Category,
    priority: Priority = "normal",
    order_id: OrderId = None,
    customer_id: CustomerId = None,
) -> Outcome:
    """Open a ticket, so that a person looks into what the tools cannot solve."""
    customer = await customers.get_customer(session, one_customer(caller, customer_id, "create_ticket"))
    order = await orders.get_order(session, order_id, customer.id) if order_id else None
    ticket = tickets.open_ticket(
        session,
        subject,
        body,
        TicketCategory(category),
        by=caller.subject,
        customer_id=customer.id,
        order_id=order.id if order else None,
        priority=TicketPriority(priority),
    )
    return Outcome(status="done", summary=f"Ticket {ticket.id} is open: {subject}", id=ticket.id)


async def get_ticket(session: Session, caller: CurrentCaller, ticket_id: TicketId) -> TicketView:
    """Look up one ticket: its status, and everything that happened to it."""
    return TicketView.of(await tickets.get_ticket(session, ticket_id, caller.customer_id))


async def list_tickets(
    session: Session,
    caller: CurrentCaller,
    status: Literal["open", "resolved"] | None = None,
    customer_id: CustomerId = None,
    cursor: Cursor = None,
    limit: Annotated[int, Field(ge=1, le=20)] = 20,
) -> TicketPage:
    """List the customer's tickets, newest first."""
    found = await tickets.list_tickets(
        session,
        customer_for(caller, customer_id),
        status=TicketStatus(status) if status else None,
        before=_before(cursor) if cursor else None,
        limit=limit + 1,
    )
    page = found[:limit]
    next_cursor = to_cursor(page[-1].created_at.isoformat(), page[-1].id) if len(found) > limit else None
    return TicketPage(tickets=[TicketSummary.of(ticket) for ticket in page], next_cursor=next_cursor)


def _before(cursor: str) -> tuple[datetime, str]:
    at, ticket_id = from_cursor(cursor, str, str)
    try:
        moment = datetime.fromisoformat(str(at))
    except ValueError as error:
        raise BadCursorError from error
    if moment.tzinfo is None:
        raise BadCursorError
    return moment, str(ticket_id)


def build_server(_settings: Settings, _sessions: Sessions) -> ToolServer:
    """Return the tickets tool server."""
    return ToolServer(
        "tickets",
        title="Tickets",
        instructions="Tickets: open one where a person has to look into something, and look up what became of it.",
        reads=[get_ticket, list_tickets],
        writes=[create_ticket],
    )
