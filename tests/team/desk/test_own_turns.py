"""A process never takes up a turn that runs in it, however long its lease had to wait for the database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from storage.chats import leases
from storage.chats.conversations import ConversationBusyError, get_conversation
from storage.db import Sessions, now, writing
from storage.owners import TheShop
from storage.settings import Settings
from team.desk import watch
from tests.factories import add_conversation
from tests.postgres import BOTH
from tests.team.shopfloor import Shopfloor, only, open_shopfloor, stored

TURNS = 12


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def busy_floor(settings: Settings, sessions: Sessions) -> AsyncIterator[Shopfloor]:
    async with open_shopfloor(settings, sessions, delay_ms=400) as floor:
        yield floor


async def test_a_running_turn_whose_lease_ran_out_is_neither_resumed_nor_overtaken(busy_floor: Shopfloor) -> None:
    chat = await add_conversation(busy_floor.sessions)
    await busy_floor.desk.send(chat.id, "hello")
    async with writing(busy_floor.sessions) as session:
        conversation = await get_conversation(session, chat.id, TheShop(), lock=True)
        conversation.lease_until = now() - timedelta(seconds=1)

    with pytest.raises(ConversationBusyError):
        await busy_floor.desk.resume(chat.id)
    with pytest.raises(ConversationBusyError):
        await busy_floor.desk.send(chat.id, "hello?")

    await busy_floor.desk.idle(chat.id)
    steps = await stored(busy_floor.desk, chat.id)
    assert [data["status"] for data in only(steps, "turn_ended")] == ["done"]
    assert len(only(steps, "turn_started")) == 1


async def test_of_many_turns_whose_database_is_held_up_none_is_taken_up_twice(
    busy_floor: Shopfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leases are as short here, beside what holds the database up, as they are in a shop under load."""
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=0.1))
    monkeypatch.setattr(watch, "RENEWS_EVERY_S", 0.05)
    chats = [await add_conversation(busy_floor.sessions) for _ in range(TURNS)]

    async with asyncio.timeout(60):
        holding = asyncio.create_task(_hold_up(busy_floor.sessions, [chat.id for chat in chats]))
        await asyncio.gather(*(busy_floor.desk.send(chat.id, "hello") for chat in chats))
        for chat in chats:
            await busy_floor.desk.idle(chat.id)
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)

    begun = [len(only(await stored(busy_floor.desk, chat.id), "turn_started")) for chat in chats]
    assert begun == [1] * TURNS


async def _hold_up(sessions: Sessions, chats: list[str]) -> None:
    """Hold every conversation for longer than a lease, again and again."""
    while True:
        async with writing(sessions) as session:
            for chat in sorted(chats):
                await get_conversation(session, chat, TheShop(), lock=True)
            await asyncio.sleep(0.2)
        await asyncio.sleep(0.05)
