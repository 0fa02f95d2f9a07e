"""The demo shop's tickets, each with its history."""

import random
from datetime import datetime, timedelta
from typing import Any

from storage.moving.demo_data.files import read
from storage.moving.demo_data.purchases import LAST_DAY
from storage.shop.tickets import EntryKind, TicketStatus

TICKETS = 48
FIRST_ID = 10_000_001
STAFF = "staff"

Row = dict[str, Any]

STATUSES = {
    "resolution": TicketStatus.RESOLVED,
    "reply": TicketStatus.WAITING_FOR_STAFF,
    "comment": TicketStatus.WAITING_FOR_CUSTOMER,
}
"""Where a ticket stands, by the last thing that was said."""


def make_tickets(dice: random.Random, customers: list[Row], orders: list[Row]) -> tuple[list[Row], list[Row]]:
    """Return the rows of the tickets and of their histories, each in its customer's language."""
    tickets: list[Row] = []
    entries: list[Row] = []
    languages = {customer["id"]: customer["language"] for customer in customers}
    described = read("tickets.toml")["tickets"]
    for number in range(TICKETS):
        text = described[number % len(described)]
        order = dice.choice([order for order in orders if _fits(order, text, languages)])
        ticket = _ticket(dice, f"T{FIRST_ID + number}", text, order)
        tickets.append(ticket)
        entries += _history(dice, ticket, text)
    return tickets, entries


def _fits(order: Row, text: Row, languages: dict[str, str]) -> bool:
    in_language = languages[order["customer_id"]] == text["language"]
    return in_language and text.get("status") in {None, order["status"]}


def _ticket(dice: random.Random, ticket_id: str, text: Row, order: Row) -> Row:
    latest = min(order["ordered_at"] + timedelta(days=dice.randint(1, 6)), LAST_DAY - timedelta(days=1))
    return {
        "id": ticket_id,
        "customer_id": order["customer_id"],
        "order_id": order["id"] if "status" in text else None,
        "subject": text["subject"],
        "status": next((status for said, status in STATUSES.items() if said in text), TicketStatus.OPEN),
        "category": text["category"],
        "priority": text["priority"],
        "created_at": max(latest, order["ordered_at"]),
    }


def _history(dice: random.Random, ticket: Row, text: Row) -> list[Row]:
    said = [
        (EntryKind.OPENED, ticket["customer_id"], text["body"]),
        (EntryKind.COMMENT, STAFF, text.get("comment")),
        (EntryKind.COMMENT, ticket["customer_id"], text.get("reply")),
        (EntryKind.RESOLUTION, STAFF, text.get("resolution")),
    ]
    at: datetime = ticket["created_at"]
    entries: list[Row] = []
    for kind, by, words in said:
        if words is not None:
            number = len(entries) + 1
            entries.append(
                {"ticket_id": ticket["id"], "number": number, "at": at, "by": by, "kind": kind, "text": words}
            )
            at += timedelta(minutes=dice.randint(20, 600))
    return entries
