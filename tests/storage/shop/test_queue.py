"""The desk's queue: who comes first, what is found in it, and who has it."""

from datetime import timedelta

import pytest

from storage.chats.conversations import get_conversation
from storage.chats.handovers import take_over
from storage.db import Sessions, now, writing
from storage.owners import Staff, TheShop
from storage.shop.queue import Wanted, count_queue, list_just_changed, list_queue
from storage.shop.ticket_notes import add_note, list_notes
from storage.shop.ticket_states import TakenError, release, take
from storage.shop.tickets import UNRESOLVED, Ticket, TicketCategory, TicketPriority, TicketStatus, get_ticket
from tests.factories import add_conversation, add_customer, add_ticket


async def queued(sessions: Sessions, wanted: Wanted = Wanted()) -> list[str]:  # noqa: B008 - it is frozen
    async with sessions() as session:
        found = await list_queue(session, Staff(), wanted, limit=50)
        assert await count_queue(session, Staff(), wanted) == len(found)
    return [one.ticket.id for one in found]


async def test_who_waits_in_a_chat_comes_first_then_status_priority_damage_and_due_time(sessions: Sessions) -> None:
    at = now()
    await add_ticket(sessions, id="resolved", status=TicketStatus.RESOLVED, priority=TicketPriority.URGENT)
    await add_ticket(sessions, id="asked", status=TicketStatus.WAITING_FOR_CUSTOMER, priority=TicketPriority.URGENT)
    await add_ticket(sessions, id="question", priority=TicketPriority.HIGH, category=TicketCategory.PRODUCT)
    await add_ticket(sessions, id="damage", priority=TicketPriority.HIGH, category=TicketCategory.DAMAGE)
    await add_ticket(sessions, id="newer", created_at=at)
    await add_ticket(sessions, id="older", created_at=at - timedelta(hours=1))
    await add_ticket(sessions, id="answered", status=TicketStatus.WAITING_FOR_STAFF, priority=TicketPriority.LOW)
    chat = await add_conversation(sessions)
    async with writing(sessions) as session:
        conversation = await get_conversation(session, chat.id, TheShop(), lock=True)
        in_chat = (await take_over(session, conversation, "Help", by="u_1")).id

    assert await queued(sessions) == [
        *(in_chat, "answered", "damage", "question", "older", "newer", "asked", "resolved"),
    ]


async def test_tickets_are_found_by_what_stands_in_them_and_by_their_customer(sessions: Sessions) -> None:
    await add_customer(sessions, id="mina", first_name="민아", last_name="김", email="mina@example.com")
    await add_ticket(sessions, id="T1", customer_id="mina", subject="늦어요", body="100% 늦었어요")
    await add_ticket(sessions, id="T2", subject="Late", body="100 percent late", status=TicketStatus.RESOLVED)

    for words in ("t1", "늦었", "100%", "김민아", "민아 김", "MINA@"):
        assert await queued(sessions, Wanted(search=words)) == ["T1"], words
    assert await queued(sessions, Wanted(status=UNRESOLVED)) == ["T1"]
    assert await queued(sessions, Wanted(category=TicketCategory.DAMAGE)) == []
    assert await queued(sessions, Wanted(customer_id="mina")) == ["T1"]


async def test_one_person_has_a_ticket_and_it_is_taken_over_by_name_alone(sessions: Sessions) -> None:
    await add_ticket(sessions, id="T1")
    async with writing(sessions) as session:
        ticket = await get_ticket(session, "T1", Staff(), lock=True)
        take(ticket, "ana")
        take(ticket, "ana")
        for instead_of in (None, "cai"):
            with pytest.raises(TakenError, match=r"^ana has ticket T1"):
                take(ticket, "ben", instead_of=instead_of)
        with pytest.raises(TakenError, match=r"^ana has ticket T1"):
            release(ticket, "ben")
        take(ticket, "ben", instead_of="ana")

    assert await queued(sessions, Wanted(taken_by="ben")) == ["T1"]
    assert await queued(sessions, Wanted(taken_by="")) == []


async def test_notes_stand_beside_the_history_and_tell_that_the_ticket_changed(sessions: Sessions) -> None:
    await add_ticket(sessions, id="T1")
    async with sessions() as session:
        before = await list_just_changed(session, Staff())
    async with writing(sessions) as session:
        ticket = await get_ticket(session, "T1", Staff(), lock=True)
        for text in ("He called.", "She called."):
            await add_note(session, ticket, text, "ana")

    async with sessions() as session:
        notes = await list_notes(session, "T1", Staff())
        changed = await list_just_changed(session, Staff())
        history = (await session.get_one(Ticket, "T1")).history
    assert [(note.number, note.by, note.text) for note in notes] == [
        (1, "ana", "He called."),
        (2, "ana", "She called."),
    ]
    assert [entry.text for entry in history] == ["It should have been here on Monday."]
    assert {ticket_id for ticket_id, _ in changed - before} == {"T1"}
