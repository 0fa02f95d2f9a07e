"""What another process stores reaches those who follow it here, also across a lost connection."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import event, text

from storage.db import Sessions, open_sessions
from storage.settings import Settings
from team.desk.desk import Desk, open_desk
from team.turn.steps import Steps
from tests.factories import add_conversation
from tests.postgres import POSTGRESQL

pytestmark = pytest.mark.slow
END_LISTENERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
STEPS = 40
"""The last of them is stored while nobody listens."""


@pytest.fixture
def database() -> str:
    return POSTGRESQL


@pytest.fixture
async def desk(settings: Settings, sessions: Sessions) -> AsyncIterator[Desk]:
    async with open_desk(settings, sessions) as opened:
        yield opened


async def numbers(desk: Desk, conversation_id: str, last: int) -> list[int | None]:
    """The numbers of the stored steps that a follower sees, up to the last one."""
    seen: list[int | None] = []
    async for step in desk.follow(conversation_id, 0):
        seen.append(step.seq)
        if step.seq == last:
            break
    return seen


async def test_no_step_is_missed_while_the_connection_is_lost_again_and_again(desk: Desk, database_url: str) -> None:
    chat = await add_conversation(desk.sessions)
    following = asyncio.create_task(numbers(desk, chat.id, STEPS))

    async with asyncio.timeout(30), open_sessions(database_url) as others:
        elsewhere = Steps(others)
        for number in range(STEPS):
            if number % 3 == 0:
                async with others() as session:
                    await session.execute(text(END_LISTENERS))
            await elsewhere.store(chat.id, "message", {"number": number})
        seen = await following

    assert seen == list(range(1, STEPS + 1))


async def test_the_database_is_not_asked_while_nothing_happens(desk: Desk, database_url: str) -> None:
    chat = await add_conversation(desk.sessions)
    following = asyncio.create_task(numbers(desk, chat.id, 1))
    await asyncio.sleep(1)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(desk.sessions.engine.sync_engine, "before_cursor_execute", note)
    await asyncio.sleep(1)
    waiting = [statement for statement in asked if "events" in statement]
    async with asyncio.timeout(10), open_sessions(database_url) as others:
        await Steps(others).store(chat.id, "message", {})
        seen = await following

    assert waiting == []
    assert seen == [1]
    assert len([statement for statement in asked if "events" in statement]) == 1
