"""The tickets tool server: what a customer needs a person for."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from mcp_servers.runtime.arguments import Cursor, CustomerId, SeveralLines, Title, TypedId
from mcp_servers.runtime.caller import CurrentCaller, one_customer, whose_for
from mcp_servers.runtime.cursor import BadCursorError, from_cursor, place_in, to_cursor
from mcp_servers.runtime.results import Outcome
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.signature import Session
from mcp_servers.tickets import rules
from mcp_servers.tickets.views import TicketPage, TicketSummary, TicketView
from mcp_servers.tickets.words import WORDS
from storage.chats import handovers
from storage.db import Sessions, now
from storage.owners import CustomerOnly
from storage.settings import Settings
from storage.shop import customers, orders, tickets
from storage.shop.tickets import UNRESOLVED, TicketCategory, TicketPriority, TicketStatus
from storage.tokens import Caller

Subject = Annotated[str, Field(description="One line", min_length=1, max_length=120), Title]
Body = Annotated[
    str, Field(description="What happened, in the customer's words", min_length=1, max_length=2000), SeveralLines
]
Comment = Annotated[str, Field(min_length=1, max_length=2000), SeveralLines]
Reason = Annotated[str, Field(description="Why the tools cannot help", min_length=1, max_length=500), SeveralLines]
Category = Literal["delivery", "damage", "return", "payment", "product", "account", "other"]
Priority = Literal["low", "normal", "high", "urgent"]
Status = Annotated[
    Literal["open", "waiting for customer", "waiting for staff", "resolved", "unresolved"],
    Field(description="unresolved: all but resolved ones"),
]
OrderId = Annotated[str, Field(description="Order it is about", max_length=40), TypedId] | None
TicketId = Annotated[str, Field(description="Ticket id, such as 'T00001234'", min_length=1, max_length=40), TypedId]


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
    customer = await customers.get_customer(session, await one_customer(session, caller, customer_id, "create_ticket"))
    order = await orders.get_order(session, order_id, CustomerOnly(customer.id)) if order_id else None
    matters = rules.priority_of(TicketCategory(category), TicketPriority(priority), staff=caller.staff)
    recent = await tickets.find_recent(session, customer.id, order.id, now() - rules.JOINS_WITHIN) if order else None
    if recent is not None:
        rules.join(recent, subject, body, caller.subject, matters, staff=caller.staff)
        return _done("joined", caller, recent, subject=recent.subject)
    ticket = tickets.open_ticket(
        session,
        subject,
        body,
        TicketCategory(category),
        by=caller.subject,
        customer_id=customer.id,
        order_id=order.id if order else None,
        priority=matters,
    )
    return _done("opened", caller, ticket, subject=subject)


async def get_ticket(session: Session, caller: CurrentCaller, ticket_id: TicketId, cursor: Cursor = None) -> TicketView:
    """Look up one ticket: its status, and everything that happened to it."""
    ticket = await tickets.get_ticket(session, ticket_id, caller.whose)
    return TicketView.of(ticket, place_in(ticket.id, cursor) or None)


async def list_tickets(
    session: Session,
    caller: CurrentCaller,
    status: Status | None = None,
    customer_id: CustomerId = None,
    cursor: Cursor = None,
    limit: Annotated[int, Field(ge=1, le=20)] = 20,
) -> TicketPage:
    """List the customer's tickets, newest first; staff see everybody's unless they name a customer."""
    found = await tickets.list_tickets(
        session,
        await whose_for(session, caller, customer_id),
        status=_statuses(status) if status else None,
        before=_before(cursor) if cursor else None,
        limit=limit + 1,
    )
    page = found[:limit]
    next_cursor = to_cursor(page[-1].created_at.isoformat(), page[-1].id) if len(found) > limit else None
    return TicketPage(tickets=[TicketSummary.of(ticket) for ticket in page], next_cursor=next_cursor)


async def add_ticket_comment(session: Session, caller: CurrentCaller, ticket_id: TicketId, body: Comment) -> Outcome:
    """Add to a ticket. A customer's comment opens a resolved ticket again; staff's reaches a customer who waits."""
    ticket = await tickets.get_ticket(session, ticket_id, caller.whose, lock=True)
    if rules.comment(ticket, body, caller.subject, staff=caller.staff) and caller.staff:
        await handovers.answer(session, ticket, body)
    return _done("commented", caller, ticket, status=ticket.status.name.lower())


async def resolve_ticket(session: Session, caller: CurrentCaller, ticket_id: TicketId, resolution: Comment) -> Outcome:
    """Close a ticket, saying how it was solved. A chat that a person had goes back to the assistants."""
    ticket = await tickets.get_ticket(session, ticket_id, caller.whose, lock=True)
    if rules.resolve(ticket, resolution, caller.subject):
        if caller.staff:
            await handovers.answer(session, ticket, resolution)
        await handovers.give_back(session, ticket)
    return _done("resolved", caller, ticket)


async def hand_to_human(
    session: Session, caller: CurrentCaller, summary: Comment, reason: Reason, customer_id: CustomerId = None
) -> Outcome:
    """Hand the customer over to a person, who alone answers in this chat from then on. Opens an urgent ticket."""
    customer = await customers.get_customer(session, await one_customer(session, caller, customer_id, "hand_to_human"))
    body = "\n\n".join(dict.fromkeys((summary, reason)))
    ticket = await handovers.hand_over(
        session, customer.id, body, by=caller.subject, conversation_id=caller.conversation
    )
    return _done("handed_over", caller, ticket)


def _done(what: str, caller: Caller, ticket: tickets.Ticket, **facts: str) -> Outcome:
    return Outcome(status="done", summary=WORDS.say(what, caller.language, ticket=ticket.id, **facts), id=ticket.id)


def _statuses(named: str) -> frozenset[TicketStatus]:
    return UNRESOLVED if named == "unresolved" else frozenset({TicketStatus(named)})


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
        instructions="Tickets: look up what became of them.",
        write_instructions="Open one where a person has to look into something.",
        reads=[get_ticket, list_tickets],
        writes=[create_ticket, add_ticket_comment, resolve_ticket, hand_to_human],
        toolsets={"support": "*"},
        icon="🎫",
    )
