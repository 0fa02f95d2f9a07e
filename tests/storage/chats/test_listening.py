"""What is stored by one process is heard by another, also after its connection was lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy import text

from storage.chats.events import add_event
from storage.chats.leases import ask_to_stop, take_lease
from storage.chats.listening import Connected, News, StopAsked, Stored, listen
from storage.db import Sessions, open_sessions, writing
from tests.factories import add_conversation
from tests.postgres import POSTGRESQL, Cluster

pytestmark = pytest.mark.slow
END_LISTENERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"


@pytest.fixture
def database() -> str:
    return POSTGRESQL


@pytest.fixture
async def others(database_url: str) -> AsyncIterator[Sessions]:
    """The sessions of another process on the same shop."""
    async with open_sessions(database_url) as opened:
        yield opened


@asynccontextmanager
async def heard_by(sessions: Sessions) -> AsyncIterator[asyncio.Queue[News]]:
    heard: asyncio.Queue[News] = asyncio.Queue()
    listening = asyncio.create_task(listen(sessions, heard.put))
    try:
        yield heard
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


async def store(sessions: Sessions, conversation_id: str, kind: str = "message") -> None:
    async with writing(sessions) as session:
        await add_event(session, conversation_id, kind, {})


async def test_what_is_committed_is_heard_and_what_is_rolled_back_is_not(sessions: Sessions, others: Sessions) -> None:
    chat = await add_conversation(others)

    async with asyncio.timeout(10), heard_by(sessions) as heard:
        connected = await heard.get()
        async with others() as session:
            await add_event(session, chat.id, "message", {})
            await session.rollback()
        await store(others, chat.id)
        await store(others, chat.id)
        news = [await heard.get(), await heard.get()]

    assert connected == Connected()
    assert news == [Stored(chat.id, 1), Stored(chat.id, 2)]


async def test_a_stop_is_heard_where_a_turn_runs(sessions: Sessions, others: Sessions) -> None:
    idle, running = await add_conversation(others), await add_conversation(others)
    async with writing(others) as session:
        take_lease(await session.merge(running))

    async with asyncio.timeout(10), heard_by(sessions) as heard:
        await heard.get()
        async with writing(others) as session:
            asked = [await ask_to_stop(session, chat.id) for chat in (idle, running)]
        news = await heard.get()

    assert asked == [False, True]
    assert news == StopAsked(running.id)


async def test_a_lost_connection_is_opened_again_and_says_so(sessions: Sessions, others: Sessions) -> None:
    chat = await add_conversation(others)

    async with asyncio.timeout(10), heard_by(sessions) as heard:
        first = await heard.get()
        async with others() as session:
            await session.execute(text(END_LISTENERS))
        again = await heard.get()
        await store(others, chat.id)
        news = await heard.get()

    assert [first, again, news] == [Connected(), Connected(), Stored(chat.id, 1)]


async def test_a_database_that_was_stopped_is_heard_again(own_cluster: Cluster) -> None:
    async with asyncio.timeout(40), open_sessions(own_cluster.url("shop")) as sessions, heard_by(sessions) as heard:
        chat = await add_conversation(sessions)
        await heard.get()
        await asyncio.to_thread(own_cluster.stop)
        await asyncio.to_thread(own_cluster.start)
        again = await heard.get()
        await store(sessions, chat.id)
        news = await heard.get()

    assert [again, news] == [Connected(), Stored(chat.id, 1)]
