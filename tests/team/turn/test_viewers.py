"""Fifty people watch one conversation, five of them slowly: everybody reads every step, in order."""

import asyncio

from storage.db import Sessions
from team.turn.steps import Steps
from tests.factories import add_conversation

VIEWERS, SLOW, STEPS = 50, 5, 1_000
AT_ONCE = 50


async def watch(steps: Steps, chat: str, *, slow: bool) -> list[int]:
    """The numbers that a viewer reads; a slow one goes on only when many steps have gone by."""
    seen = []
    async for step in steps.follow(chat, 0):
        if step.seq is None:
            continue
        seen.append(step.seq)
        if slow and step.seq % 100 == 0:
            await asyncio.sleep(0.2)
        if step.seq == STEPS:
            break
    return seen


async def go_on(steps: Steps, chat: str) -> None:
    """Store the steps of a long turn, with words shown between them."""
    for first in range(0, STEPS, AT_ONCE):
        for number in range(first, first + AT_ONCE):
            steps.show(chat, "token", {"text": "word "})
            stored = steps.journal.add(chat, "message", {"role": "assistant", "text": str(number)})
        await steps.journal.keep(stored)


async def test_every_viewer_reads_every_step_in_order_however_slowly(sessions: Sessions) -> None:
    chat = await add_conversation(sessions)
    steps = Steps(sessions)

    async with asyncio.timeout(60):
        watching = [asyncio.create_task(watch(steps, chat.id, slow=number < SLOW)) for number in range(VIEWERS)]
        await asyncio.sleep(0)
        await go_on(steps, chat.id)
        seen = await asyncio.gather(*watching)

    assert seen == [list(range(1, STEPS + 1))] * VIEWERS


async def test_what_another_process_stored_is_read_once_for_all_viewers(sessions: Sessions) -> None:
    chat = await add_conversation(sessions)
    steps, elsewhere = Steps(sessions), Steps(sessions)
    await steps.store(chat.id, "message", {"role": "assistant", "text": "1"})
    watching = [steps.follow_together(chat.id, 0) for _ in range(VIEWERS)]

    async with asyncio.timeout(60):
        await asyncio.gather(*(anext(one) for one in watching))
        await steps.store(chat.id, "message", {"role": "assistant", "text": "2"})
        await asyncio.gather(*(anext(one) for one in watching))
        await elsewhere.store(chat.id, "message", {"role": "assistant", "text": "3"})
        await steps.look()
        found = await asyncio.gather(*(anext(one) for one in watching))
        for one in watching:
            await one.aclose()

    assert [step.seq for step in found[0]] == [3]
    assert {id(step) for (step,) in found} == {id(found[0][0])}
