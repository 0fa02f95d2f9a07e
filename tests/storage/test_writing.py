"""Many tasks of one process that write to SQLite at once stand in line."""

import asyncio

from storage.conversations import add_conversation, get_conversation
from storage.db import Sessions, writing


async def test_a_hundred_writes_at_once_are_all_done(sessions: Sessions) -> None:
    done: list[int] = []

    async def write(number: int) -> None:
        async with writing(sessions) as session:
            conversation = await add_conversation(session, None, None)
            conversation.title = str(number)
        done.append(number)
        async with sessions() as session:
            assert (await get_conversation(session, conversation.id, None)).title == str(number)

    await asyncio.gather(*(write(number) for number in range(100)))

    # PostgreSQL lets them all write at the same time.
    assert done == list(range(100)) or sessions.in_line is None
