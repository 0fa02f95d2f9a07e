"""Whatever becomes of who writes to SQLite, nothing half done stays behind, and no lock."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update

from storage.chats.conversations import add_conversation
from storage.chats.events import Event, add_event, list_events
from storage.db import WRITE, Sessions, now, writing
from storage.shop.customers import Customer
from storage.sqlite.on_the_loop import LOCK_WAIT_S
from tests.factories import add_customer


@pytest.fixture
def database() -> str:
    """SQLite alone, whose writers hold one lock."""
    return "sqlite"


def _lock_is_free(sessions: Sessions) -> bool:
    """Whether another program could write at once."""
    other = sqlite3.connect(str(sessions.kw["bind"].url.database), timeout=0, isolation_level=None)
    with closing(other):
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
    return True


async def _conversation(sessions: Sessions) -> str:
    async with writing(sessions) as session:
        return (await add_conversation(session, None, None)).id


async def test_who_writes_while_another_connection_does_waits_for_it(sessions: Sessions) -> None:
    conversation_id = await _conversation(sessions)
    begun, order = asyncio.Event(), []

    async def first() -> None:
        # Not `writing`, whose line keeps the writers of one process apart.
        async with sessions() as session:
            await session.connection(execution_options={WRITE: True})
            await add_event(session, conversation_id, "message", {})
            begun.set()
            for _ in range(20):
                await session.execute(text("SELECT 1"))
                await asyncio.sleep(0)
            order.append("first")
            await session.commit()

    async def second() -> None:
        await begun.wait()
        async with writing(sessions) as session:
            order.append("second")
            await add_event(session, conversation_id, "message", {})

    await asyncio.gather(first(), second())

    async with sessions() as session:
        numbers = [event.seq for event in await list_events(session, conversation_id, after=0)]
    assert (order, numbers) == (["first", "second"], [1, 2])


async def test_the_loop_goes_on_while_another_program_holds_the_lock(sessions: Sessions) -> None:
    conversation_id = await _conversation(sessions)
    other = sqlite3.connect(str(sessions.kw["bind"].url.database), isolation_level=None)
    longest, last = 0.0, asyncio.get_running_loop().time()

    async def write() -> None:
        async with writing(sessions) as session:
            await add_event(session, conversation_id, "message", {})

    with closing(other):
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(write())
        for _ in range(50):
            await asyncio.sleep(0.01)
            now_at = asyncio.get_running_loop().time()
            longest, last = max(longest, now_at - last), now_at
        assert not waiting.done()
        other.execute("COMMIT")
    await waiting

    assert longest < LOCK_WAIT_S / 4


async def test_as_many_rows_are_changed_as_the_statement_says(sessions: Sessions) -> None:
    customers = [await add_customer(sessions, email=f"{name}@example.com") for name in "ab"]

    async with writing(sessions) as session:
        changed = await session.execute(update(Customer).values(first_name="Mina"))
        ids = (await session.scalars(update(Customer).values(first_name="Jun").returning(Customer.id))).all()
        conversation = await add_conversation(session, None, None)
        many: list[dict[str, Any]] = [
            {"conversation_id": conversation.id, "seq": seq, "at": conversation.updated_at, "kind": "k", "data": {}}
            for seq in (1, 2)
        ]
        await session.execute(insert(Event), many)
        stored = await session.scalar(select(func.count()).select_from(Event))

    assert (getattr(changed, "rowcount", None), len(ids), stored) == (len(customers), len(customers), len(many))


async def test_a_write_given_up_in_the_middle_is_undone_and_the_next_one_works(sessions: Sessions) -> None:
    conversation_id = await _conversation(sessions)
    given: dict[str, Any] = {"conversation_id": conversation_id, "at": now(), "kind": "message", "data": {}}
    many = [given | {"seq": number} for number in range(2, 20_000)]
    begun = asyncio.Event()

    async def write() -> None:
        async with writing(sessions) as session:
            await add_event(session, conversation_id, "message", {"text": "given up"})
            begun.set()
            await asyncio.sleep(0)
            await session.execute(insert(Event), many)

    task = asyncio.create_task(write())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    free = _lock_is_free(sessions)
    async with writing(sessions) as session:
        event = await add_event(session, conversation_id, "message", {"text": "kept"})

    assert (event.seq, free) == (1, True)


async def test_who_is_given_up_while_a_transaction_begins_leaves_none_open(sessions: Sessions) -> None:
    conversation_id = await _conversation(sessions)

    async def write() -> None:
        async with writing(sessions) as session:
            await add_event(session, conversation_id, "message", {})

    for steps in range(40):
        task = asyncio.create_task(write())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert _lock_is_free(sessions)
    async with writing(sessions) as session:
        await add_event(session, conversation_id, "message", {"text": "last"})
    async with sessions() as session:
        numbers = [event.seq for event in await list_events(session, conversation_id, after=0)]

    assert numbers == list(range(1, len(numbers) + 1))


LEFT_OPEN = """
import asyncio, sys
from sqlalchemy import text
from storage.db import connect
from storage.outages import Refusals

async def main():
    connection = await connect(sys.argv[1], Refusals()).connect()
    await connection.execute(text("SELECT 1"))
    return connection

kept = asyncio.run(main())
print("done")
"""


def test_a_program_ends_though_a_connection_of_it_is_open(sessions: Sessions) -> None:
    url = str(sessions.kw["bind"].url)

    ended = subprocess.run(
        [sys.executable, "-c", LEFT_OPEN, url], check=True, capture_output=True, text=True, timeout=30
    )

    assert ended.stdout == "done\n"
