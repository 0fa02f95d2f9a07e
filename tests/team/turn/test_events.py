"""Following a conversation: what is stored, then what happens."""

import asyncio
from collections.abc import AsyncIterator

from storage.db import Sessions
from team.turn.steps import Step, Steps
from tests.factories import add_conversation


async def take(steps: AsyncIterator[Step], count: int) -> list[Step]:
    async with asyncio.timeout(5):
        return [await anext(steps) for _ in range(count)]


async def test_a_follower_gets_the_stored_steps_then_the_live_ones(sessions: Sessions) -> None:
    chat = await add_conversation(sessions)
    steps = Steps(sessions)
    await steps.store(chat.id, "message", {"text": "one"})
    follower = steps.follow(chat.id, 0)

    [first] = await take(follower, 1)
    waiting = asyncio.create_task(take(follower, 2))
    await asyncio.sleep(0)
    steps.show(chat.id, "token", {"text": "t"})
    await steps.store(chat.id, "message", {"text": "two"})

    assert [first.seq, first.data] == [1, {"text": "one"}]
    assert [(step.seq, step.kind, step.data["text"]) for step in await waiting] == [
        (None, "token", "t"),
        (2, "message", "two"),
    ]


async def test_a_follower_goes_on_after_a_number(sessions: Sessions) -> None:
    chat = await add_conversation(sessions)
    steps = Steps(sessions)
    for text in ("one", "two", "three"):
        await steps.store(chat.id, "message", {"text": text})

    assert [step.seq for step in await take(steps.follow(chat.id, 1), 2)] == [2, 3]


async def test_a_follower_sees_what_another_process_stored(sessions: Sessions) -> None:
    chat = await add_conversation(sessions)
    here, there = Steps(sessions), Steps(sessions)
    await here.store(chat.id, "message", {"text": "first"})
    follower = here.follow(chat.id, 0)
    await take(follower, 1)
    waiting = asyncio.create_task(take(follower, 2))
    await there.store(chat.id, "message", {"text": "from there"})
    await here.store(chat.id, "message", {"text": "from here"})

    assert [step.data["text"] for step in await waiting] == ["from there", "from here"]


async def test_a_conversation_has_its_own_followers(sessions: Sessions) -> None:
    mine, other = await add_conversation(sessions), await add_conversation(sessions)
    steps = Steps(sessions)
    waiting = asyncio.create_task(take(steps.follow(mine.id, 0), 1))
    await asyncio.sleep(0)

    await steps.store(other.id, "message", {"text": "other"})
    await steps.store(mine.id, "message", {"text": "mine"})

    assert [step.data["text"] for step in await waiting] == ["mine"]
