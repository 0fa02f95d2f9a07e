"""A lease begins when its row is had, however long that took."""

import asyncio

from storage.chats.conversations import Conversation, get_conversation
from storage.chats.leases import LEASE, renew_leases, take_lease
from storage.db import Sessions, now, writing
from storage.owners import TheShop
from tests.factories import add_conversation


async def take(sessions: Sessions) -> Conversation:
    made = await add_conversation(sessions)
    async with writing(sessions) as session:
        conversation = await get_conversation(session, made.id, TheShop(), lock=True)
        take_lease(conversation)
    return conversation


async def renew(sessions: Sessions, holder: str) -> None:
    """Renew until it is done."""
    done: frozenset[str] = frozenset()
    while holder not in done:
        async with writing(sessions) as session:
            done = (await renew_leases(session, [holder])).renewed
        await asyncio.sleep(0.01)


async def test_a_lease_whose_row_was_held_is_stamped_when_it_is_free(sessions: Sessions) -> None:
    taken = await take(sessions)

    async with asyncio.timeout(10):
        async with writing(sessions) as session:
            await get_conversation(session, taken.id, TheShop(), lock=True)
            renewing = asyncio.create_task(renew(sessions, taken.lease_holder or ""))
            await asyncio.sleep(0.3)
            freed = now()
        await renewing

    async with sessions() as session:
        until = (await get_conversation(session, taken.id, TheShop())).lease_until
    assert until is not None
    assert until >= freed + LEASE


async def test_a_turn_that_somebody_else_took_is_not_renewed(sessions: Sessions) -> None:
    own, others = await take(sessions), await take(sessions)

    async with writing(sessions) as session:
        (await get_conversation(session, others.id, TheShop(), lock=True)).lease_holder = "another process"
    async with writing(sessions) as session:
        done = await renew_leases(session, [own.lease_holder or "", others.lease_holder or ""])

    assert done.renewed == done.kept == {own.lease_holder}
