"""Watching over turns: leases are renewed, other processes' stops and steps are heard, what one left is taken up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from storage.chats.conversations import ConversationBusyError
from storage.chats.leases import list_cut_off, list_to_stop, renew_leases
from storage.chats.listening import SQLITE_POLL_S, Connected, News, StopAsked, Stored, listen
from storage.db import Sessions, reading, writing
from team.turn.steps import Steps
from team.turn.trouble import Trouble
from team.turn.turn import Turn

logger = logging.getLogger(__name__)

RENEWS_EVERY_S = 2.0
HELD_S = 0.25
"""Before a lease whose row somebody held is renewed again."""

AGAIN_S = 1.0
"""Before what failed in an unforeseen way is begun anew."""

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
    listens = desk.sessions.engine.dialect.name == "postgresql"
    await asyncio.gather(
        _again_and_again(_listen, desk, AGAIN_S) if listens else _again_and_again(_look, desk, SQLITE_POLL_S),
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


async def _listen(desk: Watched) -> None:
    """Hear what other processes do; what was missed while nothing could be heard is looked for."""

    async def hear(news: News) -> None:
        match news:
            case Connected():
                await _look(desk)
            case Stored():
                desk.steps.hear(news.conversation_id, news.last)
            case StopAsked() if news.conversation_id in desk.running():
                await _hear_stops(desk)

    await listen(desk.sessions, hear)


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
    # A stop may be told after a turn's lease was stored and before the turn runs, when nobody would hear it.
    await _hear_stops(desk)
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
        await asyncio.sleep(HELD_S)


async def _take_up(desk: Watched) -> None:
    async with reading(desk.sessions) as session:
        cut_off = await list_cut_off(session, limit=AT_ONCE)
    for conversation_id in cut_off:
        try:
            await desk.resume(conversation_id)
        except ConversationBusyError:
            # Another process was quicker.
            continue
