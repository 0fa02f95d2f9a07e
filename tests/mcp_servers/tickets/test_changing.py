"""Adding to a ticket and closing it: who may, what follows, and what a request sent twice does."""

import asyncio
from typing import Any

import pytest
from mcp.types import CallToolResult
from sqlalchemy import func, select

from storage.db import Sessions, open_sessions
from storage.owners import Staff
from storage.settings import Settings
from storage.shop.audit import Answer, Audit
from storage.shop.tickets import Ticket, TicketStatus, get_ticket
from storage.tokens import Caller
from tests.clients import caller, client_of, server_for, text_of
from tests.factories import add_customer, add_ticket

TICKET = "T00000001"


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    """Olivia with an open ticket, and Mallory."""
    await add_customer(sessions, id="olivia")
    await add_customer(sessions, id="mallory")
    await add_ticket(sessions, id=TICKET, customer_id="olivia", body="It is late.")
    return sessions


async def call(settings: Settings, sessions: Sessions, who: Caller, tool: str, **arguments: object) -> CallToolResult:
    async with client_of(server_for(settings, sessions, who, ["tickets"])) as client:
        return await client.call_tool(tool, arguments)


async def ticket_of(sessions: Sessions, ticket_id: str = TICKET) -> Ticket:
    async with sessions() as session:
        return await get_ticket(session, ticket_id, Staff())


def said(ticket: Ticket) -> list[tuple[str, str, str]]:
    return [(entry.by, entry.kind.value, entry.text) for entry in ticket.history]


async def test_a_comment_is_the_next_entry_and_is_audited(settings: Settings, shop: Sessions) -> None:
    done = await call(settings, shop, caller("olivia"), "add_ticket_comment", ticket_id=TICKET, body="Still late.")

    assert done.structured_content == {
        "status": "done",
        "summary": f"The comment is in ticket {TICKET}, which is open.",
        "id": TICKET,
    }
    assert said(await ticket_of(shop)) == [
        ("olivia", "opened", "It is late."),
        ("olivia", "comment", "Still late."),
    ]
    async with shop() as session:
        [audit] = (await session.scalars(select(Audit))).all()
    assert (audit.answer, audit.caller, audit.tool) == (Answer.NOT_ASKED, "olivia", "add_ticket_comment")
    assert "ticket_entries" in {change["table"] for change in audit.changes}


async def test_a_resolved_ticket_is_opened_again_by_its_customers_comment_and_not_by_staffs(
    settings: Settings, shop: Sessions
) -> None:
    resolved = await call(settings, shop, caller(None), "resolve_ticket", ticket_id=TICKET, resolution="It arrived.")
    await call(settings, shop, caller(None), "add_ticket_comment", ticket_id=TICKET, body="Signed for by a neighbour.")
    still = (await ticket_of(shop)).status
    await call(settings, shop, caller("olivia"), "add_ticket_comment", ticket_id=TICKET, body="It did not.")

    assert text_of(resolved) == f'{{"status":"done","summary":"Ticket {TICKET} is resolved.","id":"{TICKET}"}}'
    ticket = await ticket_of(shop)
    assert (still, ticket.status) == (TicketStatus.RESOLVED, TicketStatus.OPEN)
    assert said(ticket)[1:] == [
        ("staff", "resolution", "It arrived."),
        ("staff", "comment", "Signed for by a neighbour."),
        ("olivia", "comment", "It did not."),
    ]


async def test_a_customer_closes_their_own_ticket(settings: Settings, shop: Sessions) -> None:
    await call(settings, shop, caller("olivia"), "resolve_ticket", ticket_id=TICKET, resolution="Found it.")

    ticket = await ticket_of(shop)
    assert (ticket.status, said(ticket)[-1]) == (TicketStatus.RESOLVED, ("olivia", "resolution", "Found it."))


@pytest.mark.parametrize("tool", ["add_ticket_comment", "resolve_ticket"])
async def test_another_customers_ticket_reads_as_missing(settings: Settings, shop: Sessions, tool: str) -> None:
    words = {"body": "Mine."} if tool == "add_ticket_comment" else {"resolution": "Mine."}

    foreign = await call(settings, shop, caller("mallory"), tool, ticket_id=TICKET, **words)
    missing = await call(settings, shop, caller("mallory"), tool, ticket_id="T99999999", **words)

    assert text_of(foreign) == f"No ticket {TICKET} was found. Check the ticket id, or list the tickets."
    assert text_of(missing).replace("T99999999", TICKET) == text_of(foreign)
    assert len((await ticket_of(shop)).history) == 1


async def test_what_is_sent_twice_is_written_once(settings: Settings, shop: Sessions) -> None:
    for _ in range(2):
        await call(settings, shop, caller("olivia"), "add_ticket_comment", ticket_id=TICKET, body="Still late.")
    for _ in range(2):
        again = await call(settings, shop, caller(None), "resolve_ticket", ticket_id=TICKET, resolution="Arrived.")
    other = await call(settings, shop, caller(None), "resolve_ticket", ticket_id=TICKET, resolution="Lost.")

    assert again.is_error is not True
    assert text_of(other) == (
        f"Ticket {TICKET} is already resolved. Use add_ticket_comment; a customer's comment reopens it."
    )
    assert [kind for _, kind, _ in said(await ticket_of(shop))] == ["opened", "comment", "resolution"]


async def test_many_at_once_each_get_a_place_in_the_history(settings: Settings, shop: Sessions) -> None:
    async with open_sessions(settings.database) as replica:
        calls = [
            call(settings, at, caller("olivia"), "add_ticket_comment", ticket_id=TICKET, body=f"Comment {number}")
            for number in range(16)
            for at in [shop if number % 2 else replica]
        ]
        results = await asyncio.gather(*calls)

    assert [result.is_error for result in results if result.is_error] == []
    history = (await ticket_of(shop)).history
    assert [entry.number for entry in history] == list(range(1, 18))
    assert {entry.text for entry in history[1:]} == {f"Comment {number}" for number in range(16)}


async def test_of_many_who_resolve_a_ticket_one_does(settings: Settings, shop: Sessions) -> None:
    async with open_sessions(settings.database) as replica:
        calls = [
            call(settings, at, caller(None), "resolve_ticket", ticket_id=TICKET, resolution=f"Answer {number}")
            for number in range(8)
            for at in [shop if number % 2 else replica]
        ]
        results = await asyncio.gather(*calls)

    assert sorted(result.is_error is True for result in results) == [False] + [True] * 7
    assert [kind for _, kind, _ in said(await ticket_of(shop))] == ["opened", "resolution"]


async def test_a_long_history_is_shown_from_its_beginning_and_its_end(settings: Settings, shop: Sessions) -> None:
    for number in range(12):
        text = f"{number} " + "가" * 900
        await call(settings, shop, caller("olivia"), "add_ticket_comment", ticket_id=TICKET, body=text)

    shown = (await call(settings, shop, caller("olivia"), "get_ticket", ticket_id=TICKET)).structured_content or {}

    assert [entry["text"].split()[0] for entry in shown["history"]] == ["⟦It", "⟦10", "⟦11"]
    assert shown["entries_left_out"] == 10


async def test_a_long_history_is_read_to_its_beginning(settings: Settings, shop: Sessions) -> None:
    for number in range(12):
        text = f"{number} " + "가" * 900
        await call(settings, shop, caller("olivia"), "add_ticket_comment", ticket_id=TICKET, body=text)
    shown: dict[str, Any] = {"next_cursor": None}
    read: list[str] = []

    while "next_cursor" in shown:
        again = {"ticket_id": TICKET, "cursor": shown["next_cursor"]}
        shown = (await call(settings, shop, caller("olivia"), "get_ticket", **again)).structured_content or {}
        read = [entry["text"].split()[0] for entry in shown["history"]] + read

    assert sorted(read) == sorted(["⟦It", *(f"⟦{number}" for number in range(12))])
    assert read[:2] == ["⟦0", "⟦1"]


TEXTS = ["", " \x00", "x" * 2001, 7, ["a"], None]


@pytest.mark.parametrize("bad", TEXTS)
@pytest.mark.parametrize(
    ("tool", "argument"),
    [
        ("add_ticket_comment", "body"),
        ("resolve_ticket", "resolution"),
        ("hand_to_human", "summary"),
        ("hand_to_human", "reason"),
    ],
)
async def test_words_that_do_not_fit_are_refused_in_one_line(
    settings: Settings, shop: Sessions, tool: str, argument: str, bad: object
) -> None:
    good = {"hand_to_human": {"summary": "Late", "reason": "asked"}}.get(tool, {"ticket_id": TICKET})

    refused = await call(settings, shop, caller("olivia"), tool, **good | {argument: bad})

    assert refused.is_error is True
    assert argument in text_of(refused)
    assert "\n" not in text_of(refused)
    assert len(text_of(refused)) < 300
    async with shop() as session:
        assert await session.scalar(select(func.count()).select_from(Audit)) == 0


UNSEEN = " \n\t", "\u200b\u2060\ufeff", "\xad\xad", "\u3164", "\ufe0f", "\U000e0041\U000e0042"


@pytest.mark.parametrize("text", UNSEEN, ids=ascii)
@pytest.mark.parametrize(
    ("tool", "given", "blank"),
    [
        ("create_ticket", {"subject": "Late", "category": "delivery"}, "body"),
        ("create_ticket", {"body": "It is late.", "category": "delivery"}, "subject"),
        ("add_ticket_comment", {"ticket_id": TICKET}, "body"),
        ("resolve_ticket", {"ticket_id": TICKET}, "resolution"),
        ("hand_to_human", {"reason": "They ask for it."}, "summary"),
        ("hand_to_human", {"summary": "It is late."}, "reason"),
    ],
)
async def test_what_nobody_can_see_is_no_ticket_comment_resolution_or_handover(
    settings: Settings, shop: Sessions, tool: str, given: dict[str, str], blank: str, text: str
) -> None:
    refused = await call(settings, shop, caller("olivia"), tool, **given, **{blank: text})

    assert refused.is_error
    assert text_of(refused).startswith(f"Invalid arguments: {blank} must not ")
    async with shop() as session:
        assert await session.scalar(select(func.count()).select_from(Ticket)) == 1
    assert said(await ticket_of(shop)) == [("olivia", "opened", "It is late.")]


async def test_what_turns_or_hides_writing_is_not_kept_in_a_ticket(settings: Settings, shop: Sessions) -> None:
    await call(
        settings,
        shop,
        caller("olivia"),
        "add_ticket_comment",
        ticket_id=TICKET,
        body="It is \u202eetal\u202c\U000e0041\u2028👨‍👩‍👧 still",
    )

    assert said(await ticket_of(shop))[-1] == ("olivia", "comment", "It is etal\n👨‍👩‍👧 still")


async def test_a_card_number_in_a_ticket_is_kept_nowhere(settings: Settings, shop: Sessions) -> None:
    card = "4111 1111 1111 1111"
    words = {
        "subject": f"Refund to {card}",
        "body": f"My card is {card}.\nMy password is hunter2!x",
        "category": "payment",
    }

    opened = await call(settings, shop, caller("olivia"), "create_ticket", **words)

    assert opened.structured_content is not None
    ticket = await ticket_of(shop, opened.structured_content["id"])
    async with shop() as session:
        [audit] = (await session.scalars(select(Audit))).all()
    assert ticket.subject == "Refund to ●●●● ●●●● ●●●● 1111"
    assert said(ticket)[0][2] == "My card is ●●●● ●●●● ●●●● 1111.\nMy password is ●●●●●●●●"
    assert card not in f"{audit.arguments} {audit.summary} {audit.changes} {text_of(opened)}"
