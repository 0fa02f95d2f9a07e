"""News of the queue, for the one stream of a browser: which tickets changed, and that chats went on."""

import asyncio
from collections.abc import AsyncIterator

from storage.db import Sessions, now, reading
from storage.outages import OUTAGES
from storage.owners import Staff
from storage.people.chats import find_newest_use
from storage.shop.queue import list_just_changed
from team.turn.steps import Step

QUEUE = "desk"
"""Is followed like a conversation; no conversation has this id."""

EACH_S = 1.0


async def queue_news(sessions: Sessions) -> AsyncIterator[Step]:
    """Yield a step whenever a ticket changed or a chat was used, in whichever process, at most once a second."""
    known, used = await _look(sessions)
    while True:
        await asyncio.sleep(EACH_S)
        try:
            changed, used_now = await _look(sessions)
        except OUTAGES:
            # Whoever follows hears of it by the conversation they look at; this goes on when the database is back.
            continue
        tickets = sorted({ticket_id for ticket_id, _ in changed - known})
        if tickets or used_now != used:
            yield Step(None, "queue", now(), {"tickets": tickets})
        known, used = changed, used_now


async def _look(sessions: Sessions) -> tuple[frozenset[tuple[str, object]], object]:
    async with reading(sessions) as session:
        return await list_just_changed(session, Staff()), await find_newest_use(session, Staff())
