"""A conversation answers one message at a time, and is its owner's alone."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from storage.chats.conversations import (
    Conversation,
    ConversationBusyError,
    ConversationNotFoundError,
    add_conversation,
    get_conversation,
    list_conversations,
)
from storage.chats.events import list_events
from storage.chats.leases import LEASE, release_lease, take_lease
from storage.db import Sessions, now, writing
from storage.owners import TheShop
from tests import factories
from tests.factories import add_account, add_customer, add_message


async def take(sessions: Sessions, conversation_id: str) -> str:
    async with writing(sessions) as session:
        return take_lease(await get_conversation(session, conversation_id, TheShop(), lock=True))


async def test_of_many_turns_at_once_one_gets_the_conversation(sessions: Sessions) -> None:
    conversation = await factories.add_conversation(sessions)

    outcomes = await asyncio.gather(*(take(sessions, conversation.id) for _ in range(8)), return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == [*["ConversationBusyError"] * 7, "str"]


async def test_a_turn_can_be_taken_again_after_it_was_given_back(sessions: Sessions) -> None:
    conversation = await factories.add_conversation(sessions)
    holder = await take(sessions, conversation.id)

    async with writing(sessions) as session:
        release_lease(await get_conversation(session, conversation.id, TheShop(), lock=True), holder)

    assert await take(sessions, conversation.id) != holder


async def test_a_turn_whose_process_died_is_free_when_its_time_is_over(sessions: Sessions) -> None:
    conversation = await factories.add_conversation(sessions)
    await take(sessions, conversation.id)

    async with writing(sessions) as session:
        long_ago = now() - LEASE - timedelta(seconds=1)
        await session.execute(update(Conversation).values(lease_until=long_ago))

    assert await take(sessions, conversation.id)


async def test_a_turn_that_expired_does_not_give_back_what_is_anothers_by_now(sessions: Sessions) -> None:
    conversation = await factories.add_conversation(sessions)
    late = await take(sessions, conversation.id)
    async with writing(sessions) as session:
        await session.execute(update(Conversation).values(lease_until=now() - timedelta(seconds=1)))
    await take(sessions, conversation.id)

    async with writing(sessions) as session:
        release_lease(await get_conversation(session, conversation.id, TheShop(), lock=True), late)

    with pytest.raises(ConversationBusyError):
        await take(sessions, conversation.id)


async def test_another_accounts_conversation_reads_like_one_that_does_not_exist(sessions: Sessions) -> None:
    conversation = await factories.add_conversation(sessions)
    stranger = await add_account(sessions, customer_id=(await add_customer(sessions)).id)

    async with sessions() as session:
        with pytest.raises(ConversationNotFoundError) as foreign:
            await get_conversation(session, conversation.id, stranger.id)
        with pytest.raises(ConversationNotFoundError) as missing:
            await get_conversation(session, "c_none", stranger.id)
        assert await list_conversations(session, stranger.id, limit=5) == []

    assert str(foreign.value).replace(conversation.id, "c_none") == str(missing.value)


async def test_events_are_numbered_and_read_from_where_a_reader_stopped(sessions: Sessions) -> None:
    conversation = await factories.add_conversation(sessions)
    for text in ("one", "two", "three"):
        await add_message(sessions, conversation.id, text)

    async with sessions() as session:
        events = await list_events(session, conversation.id, after=1)

    assert [(event.seq, event.data["text"]) for event in events] == [(2, "two"), (3, "three")]


async def test_a_new_conversation_holds_no_question(sessions: Sessions) -> None:
    customer = await add_customer(sessions)
    async with writing(sessions) as session:
        conversation = await add_conversation(session, customer.id, None)
        conversation.open_question = {"tool": "cancel_order"}
        await session.flush()
        conversation.open_question = None

    async with sessions() as session:
        found = await get_conversation(session, conversation.id, TheShop())
        waiting = await session.scalar(Conversation.__table__.select().where(Conversation.open_question.is_not(None)))

    assert (found.open_question, found.customer_id) == (None, customer.id)
    assert waiting is None
