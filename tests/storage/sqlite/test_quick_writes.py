"""Short transactions that write to SQLite need no thread, and lose nothing of what the driver did."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update

from storage.chats.conversations import add_conversation
from storage.chats.events import Event, add_event, list_events
from storage.db import WRITE, Sessions, now, writing
from storage.shop.customers import Customer
from storage.sqlite.quick_writes import CHECKPOINT_EVERY, FETCHED, WritingConnection
from tests.factories import add_customer


@pytest.fixture
def database() -> str:
    """SQLite alone: PostgreSQL's driver has no thread."""
    return "sqlite"


async def _conversation(sessions: Sessions) -> str:
    async with writing(sessions) as session:
        return (await add_conversation(session, None, None)).id


async def test_a_step_is_stored_without_a_hand_over(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation_id, handed = await _conversation(sessions), 0
    in_thread = WritingConnection.in_thread

    async def counted(connection: WritingConnection, work: Any) -> Any:  # noqa: ANN401 - whatever the work is
        nonlocal handed
        handed += 1
        return await in_thread(connection, work)

    monkeypatch.setattr(WritingConnection, "in_thread", counted)
    async with writing(sessions) as session:
        event = await add_event(session, conversation_id, "message", {"text": "one"})

    assert (event.seq, event.data, handed) == (1, {"text": "one"}, 0)


def _bytes_of(sessions: Sessions) -> int:
    return Path(str(sessions.kw["bind"].url.database)).stat().st_size


async def test_what_was_written_is_moved_out_of_the_journal_by_and_by(sessions: Sessions) -> None:
    conversation_id, before = await _conversation(sessions), _bytes_of(sessions)

    for _ in range(CHECKPOINT_EVERY):
        async with writing(sessions) as session:
            await add_event(session, conversation_id, "message", {"text": "x" * 4_096})
    # What is for many rows is done in the thread, after all that it was given before.
    async with writing(sessions) as session:
        await session.execute(text("DELETE FROM events WHERE seq = :seq"), [{"seq": -1}, {"seq": -2}])

    assert _bytes_of(sessions) > before + 4_096 * CHECKPOINT_EVERY / 2


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


async def test_an_answer_longer_than_what_comes_at_once_is_whole(sessions: Sessions) -> None:
    conversation_id, count = await _conversation(sessions), 2 * FETCHED + 50
    async with writing(sessions) as session:
        for number in range(count):
            await add_event(session, conversation_id, "message", {"number": number})

    async with writing(sessions) as session:
        listed = await list_events(session, conversation_id, after=0)
        rows = await session.stream(select(Event.seq).order_by(Event.seq))
        streamed = [row.seq async for row in rows]
        first = (await session.stream(select(Event.seq).order_by(Event.seq))).scalars()
        assert await first.first() == 1

    assert [event.data["number"] for event in listed] == list(range(count))
    assert streamed == list(range(1, count + 1))


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
            await session.execute(insert(Event), many)

    task = asyncio.create_task(write())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with writing(sessions) as session:
        event = await add_event(session, conversation_id, "message", {"text": "kept"})

    assert event.seq == 1


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
    async with writing(sessions) as session:
        await add_event(session, conversation_id, "message", {"text": "last"})
    async with sessions() as session:
        numbers = [event.seq for event in await list_events(session, conversation_id, after=0)]

    assert numbers == list(range(1, len(numbers) + 1))
