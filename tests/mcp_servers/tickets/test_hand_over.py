"""Handing a customer over to a person: the ticket, the muted chat, and how it is given back."""

import asyncio
from dataclasses import replace

import pytest

from storage.chats.events import list_events
from storage.chats.handovers import find_handover
from storage.db import Sessions
from storage.owners import CustomerOnly
from storage.settings import Settings
from storage.shop.tickets import Ticket, TicketStatus, list_tickets
from storage.tokens import Caller
from tests.clients import caller, text_of
from tests.factories import add_conversation, add_customer
from tests.mcp_servers.tickets.test_changing import call, said, ticket_of

WISH = {"summary": "The parcel came wet.\nAll of it.", "reason": "Asked for a person."}


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    """Olivia with a conversation, and Mallory."""
    await add_customer(sessions, id="olivia")
    await add_customer(sessions, id="mallory")
    await add_conversation(sessions, id="c_1", customer_id="olivia")
    return sessions


def in_chat(customer_id: str | None) -> Caller:
    return replace(caller(customer_id), conversation="c_1")


async def steps(sessions: Sessions) -> list[tuple[str, dict[str, object]]]:
    async with sessions() as session:
        return [(event.kind, event.data) for event in await list_events(session, "c_1", after=0)]


async def tickets_of(sessions: Sessions, customer_id: str) -> list[Ticket]:
    async with sessions() as session:
        return list(await list_tickets(session, CustomerOnly(customer_id), status=None, before=None, limit=20))


async def test_in_a_chat_it_opens_an_urgent_ticket_and_mutes_the_chat(settings: Settings, shop: Sessions) -> None:
    done = await call(settings, shop, in_chat("olivia"), "hand_to_human", **WISH)

    [ticket] = await tickets_of(shop, "olivia")
    assert done.structured_content == {
        "status": "done",
        "summary": f"A person will answer: ticket {ticket.id}.",
        "id": ticket.id,
    }
    assert (ticket.subject, ticket.priority, ticket.conversation_id) == ("The parcel came wet.", "urgent", "c_1")
    assert said(ticket) == [("olivia", "opened", "The parcel came wet.\nAll of it.\n\nAsked for a person.")]
    assert await steps(shop) == [("muted", {"ticket_id": ticket.id})]


async def test_without_a_chat_it_opens_the_ticket_alone_and_only_once(settings: Settings, shop: Sessions) -> None:
    first, again = [await call(settings, shop, caller("olivia"), "hand_to_human", **WISH) for _ in range(2)]

    [ticket] = await tickets_of(shop, "olivia")
    assert (ticket.priority, ticket.conversation_id) == ("urgent", None)
    assert first.structured_content == again.structured_content
    assert await steps(shop) == []


async def test_a_muted_chat_keeps_its_one_ticket(settings: Settings, shop: Sessions) -> None:
    calls = [call(settings, shop, in_chat("olivia"), "hand_to_human", **WISH) for _ in range(8)]
    results = await asyncio.gather(*calls)
    await call(settings, shop, in_chat("olivia"), "hand_to_human", summary="And the box is torn.", reason="More")

    [ticket] = await tickets_of(shop, "olivia")
    assert [result.is_error for result in results if result.is_error] == []
    assert [text for _, _, text in said(ticket)][1:] == ["And the box is torn.\n\nMore"]
    assert [kind for kind, _ in await steps(shop)] == ["muted"]


async def test_a_token_that_names_anothers_chat_leaves_it_as_it_is(settings: Settings, shop: Sessions) -> None:
    await call(settings, shop, in_chat("mallory"), "hand_to_human", **WISH)
    await call(settings, shop, in_chat(None), "hand_to_human", customer_id="mallory", **WISH)

    assert [ticket.conversation_id for ticket in await tickets_of(shop, "mallory")] == [None]
    assert await steps(shop) == []


async def test_nobody_hands_over_another_customer(settings: Settings, shop: Sessions) -> None:
    foreign = await call(settings, shop, caller("mallory"), "hand_to_human", customer_id="olivia", **WISH)
    missing = await call(settings, shop, caller("mallory"), "hand_to_human", customer_id="nobody", **WISH)

    assert text_of(foreign).replace("olivia", "nobody") == text_of(missing)
    assert await tickets_of(shop, "olivia") == []


async def test_staffs_words_reach_the_chat_and_its_resolution_gives_it_back(settings: Settings, shop: Sessions) -> None:
    done = await call(settings, shop, in_chat("olivia"), "hand_to_human", **WISH)
    ticket_id = str((done.structured_content or {})["id"])
    await call(settings, shop, caller("olivia"), "add_ticket_comment", ticket_id=ticket_id, body="Please hurry.")
    await call(settings, shop, caller(None), "add_ticket_comment", ticket_id=ticket_id, body="I am on it.")
    await call(settings, shop, caller(None), "resolve_ticket", ticket_id=ticket_id, resolution="A new one is sent.")
    await call(settings, shop, caller(None), "add_ticket_comment", ticket_id=ticket_id, body="It left today.")

    assert (await steps(shop))[1:] == [
        ("message", {"role": "person", "text": "I am on it.", "image_ids": []}),
        ("message", {"role": "person", "text": "A new one is sent.", "image_ids": []}),
        ("given_back", {"ticket_id": ticket_id}),
    ]
    async with shop() as session:
        assert await find_handover(session, "c_1") is None
    assert (await ticket_of(shop, ticket_id)).status is TicketStatus.RESOLVED


async def test_a_chat_can_be_handed_over_again_with_a_ticket_of_its_own(settings: Settings, shop: Sessions) -> None:
    done = await call(settings, shop, in_chat("olivia"), "hand_to_human", **WISH)
    first = str((done.structured_content or {})["id"])
    await call(settings, shop, caller("olivia"), "resolve_ticket", ticket_id=first, resolution="Never mind.")
    await call(settings, shop, in_chat("olivia"), "hand_to_human", **WISH)

    assert len(await tickets_of(shop, "olivia")) == 2
    assert [kind for kind, _ in await steps(shop)] == ["muted", "given_back", "muted"]
