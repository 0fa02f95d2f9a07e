"""Background work around turns: renews leases, picks up stops and steps from other processes, resumes cut-off turns."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Protocol

from storage.chats.conversations import ConversationBusyError
from storage.chats.leases import list_cut_off, list_to_stop, renew_leases
from storage.chats.listening import SQLITE_POLL_S, Connected, News, StopAsked, Stored, listen
from storage.db import Sessions, now, reading, writing
from storage.models.decisions import forget_decisions
from storage.turns.records import forget
from team.turn.steps import Steps
from team.turn.trouble import Trouble
from team.turn.turn import Turn

logger = logging.getLogger(__name__)

RENEWS_EVERY_S = 2.0
HELD_S = 0.25
"""Delay before retrying the renewal of a lease whose row was locked."""

AGAIN_S = 1.0
"""Delay before restarting a loop that failed unexpectedly."""

AT_ONCE = 20
"""How many cut-off turns are resumed at a time."""


FORGETS_EVERY_S = 600.0
FORGETS_AT_ONCE = 200
"""Rows per transaction: nobody else can write to SQLite meanwhile."""


class Watched(Protocol):
    """The part of the desk that `watch` needs."""

    sessions: Sessions
    steps: Steps

    def running(self) -> Mapping[str, Turn]:
        """Return the turns running in this process, by conversation."""

    async def resume(self, conversation_id: str) -> None:
        """Resume the conversation's turn that was cut off."""


async def watch(desk: Watched) -> None:
    """Run until cancelled. The loops are independent, so that no lease expires while another turn is being resumed."""
    listens = desk.sessions.engine.dialect.name == "postgresql"
    await asyncio.gather(
        _again_and_again(_listen, desk, AGAIN_S) if listens else _again_and_again(_look, desk, SQLITE_POLL_S),
        _again_and_again(_renew, desk, RENEWS_EVERY_S),
        _again_and_again(_take_up, desk, RENEWS_EVERY_S),
        _again_and_again(_forget, desk, FORGETS_EVERY_S),
    )


async def _again_and_again(work: Callable[[Watched], Awaitable[None]], desk: Watched, every_s: float) -> None:
    """Repeat until cancelled, so that a database that fails for a while is tried again."""
    while True:
        try:
            await work(desk)
        except Exception:
            logger.exception("Background work on turns failed")
        await asyncio.sleep(every_s)


async def _listen(desk: Watched) -> None:
    """Listen to other processes; after each reconnect, look for what was missed."""

    async def hear(news: News) -> None:
        match news:
            case Connected():
                await _look(desk)
            case Stored():
                hearing.create_task(desk.steps.hear(news.conversation_id, news.last))
            case StopAsked() if news.conversation_id in desk.running():
                await _hear_stops(desk)

    async with asyncio.TaskGroup() as hearing:
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
    # A stop may arrive after a turn's lease was stored but before the turn runs, when nobody listens for it.
    await _hear_stops(desk)
    while desk.running():
        async with writing(desk.sessions) as session:
            # Read the turns now: some may have begun while this waited for the database.
            turns = {turn.request.holder: turn for turn in desk.running().values()}
            renewal = await renew_leases(session, turns)
        for holder in turns.keys() - renewal.kept:
            # Another process has taken this turn over: nothing it says is stored any more.
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
            # Another process was faster.
            continue


async def _forget(desk: Watched) -> None:
    """Delete the turns and routed decisions that are kept no longer, a few at a time."""
    gone = 1
    while gone:
        async with writing(desk.sessions) as session:
            days = timedelta(days=desk.steps.records.keeping.days)
            gone = await forget(session, now() - days, limit=FORGETS_AT_ONCE)
            gone += await forget_decisions(session, now() - days, limit=FORGETS_AT_ONCE)
        await asyncio.sleep(HELD_S)
