"""Handing a customer over to a person: an urgent ticket that mutes their conversation until it is resolved."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.chats.conversations import Conversation
from storage.chats.events import Event, add_event, list_events, list_latest_events
from storage.db import hold, now
from storage.shop.ticket_states import customer_said
from storage.shop.tickets import (
    UNRESOLVED,
    EntryKind,
    Ticket,
    TicketCategory,
    TicketEntry,
    TicketPriority,
    add_entry,
    is_last,
    open_ticket,
)

MUTED, GIVEN_BACK = "muted", "given_back"
PERSON = "person"
LONGEST_SUBJECT = 120
LONGEST_ENTRY = 2_000
"""Longest entry, in characters; a longer chat message becomes several, so that a history can be paged."""


async def find_handover(session: AsyncSession, conversation_id: str, *, lock: bool = False) -> Ticket | None:
    """Return the ticket with which a person has taken over this conversation, if there is one."""
    query = select(Ticket).where(Ticket.conversation_id == conversation_id)
    return (await session.scalars(query.with_for_update() if lock else query)).first()


async def take_over(session: AsyncSession, conversation: Conversation, body: str, *, by: str) -> Ticket:
    """Mute a conversation, whose row must be locked, for a person who takes it; return its ticket.

    Unlike `hand_over`, this takes a visitor's conversation too, whose ticket has no customer.
    """
    ticket = await find_handover(session, conversation.id, lock=True)
    return await _mute(session, conversation.customer_id, body, by, conversation.id) if ticket is None else ticket


async def hand_over(
    session: AsyncSession, customer_id: str, body: str, *, by: str, conversation_id: str | None
) -> Ticket:
    """Open an urgent ticket and mute the customer's conversation, or return the ticket already open for this.

    Args:
        session: the transaction.
        customer_id: who needs a person.
        body: why; its first line is the ticket's subject.
        by: who asks for it.
        conversation_id: the chat it was asked in; ignored unless it is the customer's.
    """
    # In the order in which a turn locks them: the conversation, its ticket, its events.
    chat = await _own(session, conversation_id, customer_id)
    await hold(session, f"handover of {customer_id}")
    if chat is None:
        return await _find_waiting(session, customer_id, body) or _open(session, customer_id, body, by, None)
    ticket = await find_handover(session, chat, lock=True)
    if ticket is not None:
        if all(entry.text != body for entry in ticket.history):
            add_entry(ticket, EntryKind.COMMENT, body, by=by)
        return ticket
    return await _mute(session, customer_id, body, by, chat)


def hear(ticket: Ticket, text: str, by: str) -> None:
    """Record a customer's message in a muted conversation on the ticket, for the person who answers."""
    for part in _parts(text):
        if not is_last(ticket, EntryKind.COMMENT, part, by):
            add_entry(ticket, EntryKind.COMMENT, part, by=by)
            customer_said(ticket)


async def answer(session: AsyncSession, ticket: Ticket, text: str) -> None:
    """Show the customer a person's reply in the muted conversation, if there is one."""
    if ticket.conversation_id is not None:
        await _tell(session, ticket.conversation_id, "message", role=PERSON, text=text, image_ids=[])


async def give_back(session: AsyncSession, ticket: Ticket) -> None:
    """Let the team answer again in the conversation that this ticket muted, if any."""
    if ticket.conversation_id is not None:
        await _tell(session, ticket.conversation_id, GIVEN_BACK, ticket_id=ticket.id)
        ticket.conversation_id, ticket.changed_at = None, now()


async def list_said_meanwhile(
    session: AsyncSession, conversation_id: str, given_back: int, *, limit: int
) -> list[Event]:
    """Return the last messages from the time a person had the conversation until the event numbered `given_back`.

    The team's own "a person answers here" is left out.
    """
    muted = await list_latest_events(session, conversation_id, MUTED, limit=1, last=given_back)
    if not muted:
        return []
    events = await list_events(session, conversation_id, after=muted[0].seq)
    said = [event for event in events if event.kind == "message" and event.seq < given_back]
    return [event for event in said if event.data["role"] != "assistant"][-limit:]


async def _tell(session: AsyncSession, conversation_id: str, kind: str, **data: Any) -> None:  # noqa: ANN401 - JSON of any shape
    await add_event(session, conversation_id, kind, data)


async def _own(session: AsyncSession, conversation_id: str | None, customer_id: str) -> str | None:
    query = select(Conversation.id).where(Conversation.id == conversation_id, Conversation.customer_id == customer_id)
    return None if conversation_id is None else await session.scalar(query.with_for_update(key_share=True))


async def _find_waiting(session: AsyncSession, customer_id: str, body: str) -> Ticket | None:
    """Return the open ticket for the same request made outside a chat, that is, sent twice."""
    query = (
        select(Ticket)
        .join(TicketEntry)
        .where(
            Ticket.customer_id == customer_id,
            Ticket.conversation_id.is_(None),
            Ticket.status.in_(UNRESOLVED),
            Ticket.priority == TicketPriority.URGENT,
            TicketEntry.kind == EntryKind.OPENED,
            TicketEntry.text == body,
        )
    )
    return (await session.scalars(query)).first()


async def _mute(session: AsyncSession, customer_id: str | None, body: str, by: str, chat: str) -> Ticket:
    ticket = _open(session, customer_id, body, by, chat)
    await add_event(session, chat, MUTED, {"ticket_id": ticket.id})
    # Its specialist no longer speaks, and a yes to the person must not be taken as a yes to the question.
    await session.execute(update(Conversation).where(Conversation.id == chat).values(open_question=None))
    return ticket


def _open(session: AsyncSession, customer_id: str | None, body: str, by: str, conversation_id: str | None) -> Ticket:
    return open_ticket(
        session,
        body.strip().partition("\n")[0][:LONGEST_SUBJECT],
        body,
        TicketCategory.OTHER,
        by=by,
        customer_id=customer_id,
        priority=TicketPriority.URGENT,
        conversation_id=conversation_id,
    )


def _parts(text: str) -> Iterator[str]:
    for start in range(0, len(text), LONGEST_ENTRY):
        yield text[start : start + LONGEST_ENTRY]
