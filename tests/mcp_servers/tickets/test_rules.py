"""The rules of the desk: who waits for whom, what comes first, by when, and which complaints are one ticket."""

import asyncio
from datetime import timedelta

import pytest

from storage.db import Sessions, now
from storage.settings import Settings
from storage.shop.ticket_states import due_at
from storage.shop.tickets import Ticket, TicketPriority, TicketStatus
from tests.clients import caller
from tests.factories import add_customer, add_order, add_ticket
from tests.mcp_servers.tickets.test_changing import call, said, ticket_of

LATE = {"subject": "Late", "body": "It is late.", "category": "delivery", "order_id": "#W1042"}
CRACK = {"subject": "A crack", "body": "It came with a crack.", "category": "damage", "order_id": "#W1042"}


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_customer(sessions, id="olivia")
    await add_order(sessions, id="#W1042", customer_id="olivia")
    return sessions


async def opened(settings: Settings, shop: Sessions, who: str | None = "olivia", **about: str) -> Ticket:
    named = {} if who else {"customer_id": "olivia"}
    done = await call(settings, shop, caller(who), "create_ticket", **about, **named)
    assert done.structured_content is not None
    return await ticket_of(shop, done.structured_content["id"])


async def test_each_comment_says_who_waits_for_whom_and_time_runs_while_the_customer_waits(
    settings: Settings, shop: Sessions
) -> None:
    ticket_id = (await opened(settings, shop, **LATE)).id
    stations = [await ticket_of(shop, ticket_id)]
    for who, text in ((None, "When was it due?"), ("olivia", "On Monday."), ("olivia", "At noon.")):
        await call(settings, shop, caller(who), "add_ticket_comment", ticket_id=ticket_id, body=text)
        stations.append(await ticket_of(shop, ticket_id))
    await call(settings, shop, caller(None), "resolve_ticket", ticket_id=ticket_id, resolution="It came.")
    stations.append(await ticket_of(shop, ticket_id))

    assert [one.status for one in stations] == [
        TicketStatus.OPEN,
        TicketStatus.WAITING_FOR_CUSTOMER,
        TicketStatus.WAITING_FOR_STAFF,
        TicketStatus.WAITING_FOR_STAFF,
        TicketStatus.RESOLVED,
    ]
    assert due_at(stations[0]) == stations[0].created_at + timedelta(hours=24)
    assert [due_at(one) is None for one in stations] == [False, True, False, False, True]
    assert stations[3].waits_since == stations[2].waits_since


@pytest.mark.parametrize(
    ("who", "about", "asked", "priority"),
    [
        ("olivia", CRACK, "normal", TicketPriority.HIGH),
        ("olivia", CRACK | {"category": "payment"}, "low", TicketPriority.HIGH),
        ("olivia", CRACK, "urgent", TicketPriority.URGENT),
        ("olivia", LATE, "normal", TicketPriority.NORMAL),
        (None, CRACK, "low", TicketPriority.LOW),
    ],
)
async def test_damage_and_payment_matter_by_themselves_unless_staff_say_otherwise(
    settings: Settings, shop: Sessions, who: str | None, about: dict[str, str], asked: str, priority: TicketPriority
) -> None:
    assert (await opened(settings, shop, who, **about, priority=asked)).priority is priority


async def test_a_repeated_complaint_on_an_order_joins_its_ticket_within_a_day(
    settings: Settings, shop: Sessions
) -> None:
    first = await opened(settings, shop, **LATE)
    await call(settings, shop, caller(None), "resolve_ticket", ticket_id=first.id, resolution="It came.")
    again, same = await opened(settings, shop, **CRACK), await opened(settings, shop, **CRACK)
    other = await opened(settings, shop, **LATE | {"order_id": (await add_order(shop, customer_id="olivia")).id})

    assert (again.id, same.id) == (first.id, first.id)
    assert other.id != first.id
    assert (same.status, same.priority) == (TicketStatus.OPEN, TicketPriority.HIGH)
    assert said(same)[2:] == [("olivia", "comment", "A crack\n\nIt came with a crack.")]


async def test_a_complaint_a_day_later_is_a_ticket_of_its_own(settings: Settings, shop: Sessions) -> None:
    long_ago = now() - timedelta(hours=25)
    old = await add_ticket(shop, customer_id="olivia", order_id="#W1042", created_at=long_ago)

    assert (await opened(settings, shop, **LATE)).id != old.id


async def test_complaints_that_come_at_once_are_one_ticket(settings: Settings, shop: Sessions) -> None:
    about = [LATE | {"body": f"It is late, for the time {number}."} for number in range(6)]

    tickets = await asyncio.gather(*(opened(settings, shop, **one) for one in about))

    [ticket_id] = {ticket.id for ticket in tickets}
    history = (await ticket_of(shop, ticket_id)).history
    assert [entry.number for entry in history] == list(range(1, 7))
    assert {entry.text for entry in history} == {one["body"] for one in about}


async def test_the_list_is_filtered_by_status_and_by_what_is_left_to_do(settings: Settings, shop: Sessions) -> None:
    for status in TicketStatus:
        await add_ticket(shop, id=f"T-{status.name}", customer_id="olivia", status=status)

    async def listed(status: str) -> set[str]:
        found = await call(settings, shop, caller(None), "list_tickets", status=status)
        return {ticket["status"] for ticket in (found.structured_content or {})["tickets"]}

    assert [await listed(status) for status in TicketStatus] == [{status} for status in TicketStatus]
    assert await listed("unresolved") == set(TicketStatus) - {"resolved"}
