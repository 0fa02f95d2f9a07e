"""Many tasks of one process that write to SQLite at once stand in line."""

import asyncio

from storage.chats.conversations import add_conversation, get_conversation
from storage.db import Sessions, writing
from storage.owners import TheShop
from storage.sqlite.line import Line


async def test_a_hundred_writes_at_once_are_all_done(sessions: Sessions) -> None:
    done: list[int] = []

    async def write(number: int) -> None:
        async with writing(sessions) as session:
            conversation = await add_conversation(session, None, None)
            conversation.title = str(number)
        done.append(number)
        async with sessions() as session:
            assert (await get_conversation(session, conversation.id, TheShop())).title == str(number)

    await asyncio.gather(*(write(number) for number in range(100)))

    # PostgreSQL lets them all write at the same time.
    assert done == list(range(100)) or sessions.in_line is None


async def test_all_who_wait_for_one_that_takes_long_write_in_the_same_round_of_the_event_loop() -> None:
    line, rounds, done = Line(), 0, []
    await line.enter()

    async def write(number: int) -> None:
        await line.enter()
        done.append((number, rounds))
        line.leave()

    tasks = [asyncio.create_task(write(number)) for number in range(50)]
    await asyncio.sleep(0)
    line.leave()
    while not all(task.done() for task in tasks):
        rounds += 1
        await asyncio.sleep(0)

    assert [number for number, _ in done] == list(range(50))
    assert len({at for _, at in done}) == 1
