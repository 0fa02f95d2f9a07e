"""Watching over turns: leases are renewed, other processes' stops and steps are heard, what one left is taken up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from storage.chats.conversations import ConversationBusyError
from storage.chats.leases import list_cut_off, list_to_stop, renew_leases
from storage.db import Sessions, reading, writing
from team.turn.steps import Steps
from team.turn.trouble import Trouble
from team.turn.turn import Turn

logger = logging.getLogger(__name__)

LOOKS_EVERY_S = 0.25
"""How soon a stop that was pressed in another process is heard, and a step that it stored is seen."""

RENEWS_EVERY_S = 2.0
AT_ONCE = 20
"""How many cut-off turns are taken up at a time."""


class Watched(Protocol):
    """Whose turns are watched."""

    sessions: Sessions
    steps: Steps

    def running(self) -> Mapping[str, Turn]:
        """Return the turns that run in this process, by conversation."""

    async def resume(self, conversation_id: str) -> None:
        """Take up the conversation's turn that was cut off."""


async def watch(desk: Watched) -> None:
    """Watch until cancelled. Nothing waits for anything else: leases run out while others are taken up."""
    await asyncio.gather(
        _again_and_again(_look, desk, LOOKS_EVERY_S),
        _again_and_again(_renew, desk, RENEWS_EVERY_S),
        _again_and_again(_take_up, desk, RENEWS_EVERY_S),
    )


async def _again_and_again(work: Callable[[Watched], Awaitable[None]], desk: Watched, every_s: float) -> None:
    """Do it until cancelled. A database that fails for a while is asked again."""
    while True:
        try:
            await work(desk)
        except Exception:
            logger.exception("Watching over the turns failed")
        await asyncio.sleep(every_s)


async def _look(desk: Watched) -> None:
    await _hear_stops(desk)
    await desk.steps.look()


async def _hear_stops(desk: Watched) -> None:
    turns = desk.running()
    if turns:
        async with reading(desk.sessions) as session:
            stopped = await list_to_stop(session, [turn.request.holder for turn in turns.values()])
        for conversation_id in stopped:
            turns[conversation_id].stop(Trouble.STOPPED)


async def _renew(desk: Watched) -> None:
    while desk.running():
        async with writing(desk.sessions) as session:
            # Those of now: some began while this waited for the database.
            turns = {turn.request.holder: turn for turn in desk.running().values()}
            renewal = await renew_leases(session, turns)
        for holder in turns.keys() - renewal.kept:
            # Another process took it up: what is said here is not stored any more.
            turns[holder].stop(Trouble.FAILED)
        if renewal.kept <= renewal.renewed:
            return
        await asyncio.sleep(LOOKS_EVERY_S)


async def _take_up(desk: Watched) -> None:
    async with reading(desk.sessions) as session:
        cut_off = await list_cut_off(session, limit=AT_ONCE)
    for conversation_id in cut_off:
        try:
            await desk.resume(conversation_id)
        except ConversationBusyError:
            # Another process was quicker.
            continue
