"""The desk's JSON: a ticket in the queue, and one with everything that happened to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.people.chats import Chat
from storage.people.logins import full_name
from storage.shop.customers import Customer
from storage.shop.queue import Queued
from storage.shop.ticket_notes import TicketNote
from storage.shop.ticket_states import due_at
from storage.shop.tickets import Ticket
from storage.words.languages import ENGLISH

View = dict[str, Any]
Names = Mapping[str, str]
"""What each member of staff is called."""

MEMBERS = "staff"
"""Whoever used the tools with a token of staff that names nobody."""


def of_queue(queued: Queued, names: Names, now: datetime) -> View:
    """Return a ticket without its history: what it is about, whose it is, who has it, and how urgent it is."""
    ticket, due = queued.ticket, due_at(queued.ticket)
    return {
        "ticket_id": ticket.id,
        "subject": ticket.subject,
        "status": ticket.status,
        "category": ticket.category,
        "priority": ticket.priority,
        "order_id": ticket.order_id,
        "created_at": ticket.created_at.isoformat(),
        "due_at": None if due is None else due.isoformat(),
        "overdue": due is not None and due < now,
        "conversation_id": ticket.conversation_id,
        "taken_by": ticket.taken_by,
        "holder": None if ticket.taken_by is None else names.get(ticket.taken_by, ticket.taken_by),
        "customer": of_customer(queued.customer),
    }


def of_ticket(queued: Queued, notes: Sequence[TicketNote], names: Names, now: datetime) -> View:
    """Return a ticket with its history and the notes of staff."""
    return {
        **of_queue(queued, names, now),
        "history": [
            {
                "at": entry.at.isoformat(),
                "kind": entry.kind,
                "text": entry.text,
                "by": names.get(entry.by, entry.by),
                "role": _role(queued.ticket, entry.by, names),
            }
            for entry in queued.ticket.history
        ],
        "notes": [
            {"at": note.at.isoformat(), "text": note.text, "by": names.get(note.by, note.by), "role": "note"}
            for note in notes
        ],
    }


def _role(ticket: Ticket, by: str, names: Names) -> str:
    if by == ticket.customer_id:
        return "customer"
    return "person" if by in names or by == MEMBERS else "other"


def of_customer(customer: Customer | None) -> View | None:
    """Return who a customer is, in the few words of a list; None for a visitor."""
    if customer is None:
        return None
    name = full_name(customer.first_name, customer.last_name, customer.language)
    return {"customer_id": customer.id, "name": name, "email": customer.email, "language": customer.language}


def of_chat(chat: Chat, running: bool = False) -> View:
    """Return a chat in a list."""
    conversation = chat.conversation
    return {
        "conversation_id": conversation.id,
        "title": conversation.title,
        "language": conversation.language or ENGLISH,
        "updated_at": conversation.updated_at.isoformat(),
        "customer": of_customer(chat.customer),
        "staff": chat.staff,
        "ticket_id": chat.ticket_id,
        "running": running or conversation.lease_holder is not None,
    }
