"""What other processes store is heard at once, by PostgreSQL's LISTEN and NOTIFY; SQLite has none and is polled.

A notification is part of the transaction that it tells of: it is sent when that is committed, and never otherwise.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool
from tenacity import RetryCallState, retry, retry_if_exception_type, wait_exponential_jitter

from storage.db import Sessions, is_postgresql, postgresql_options
from storage.outages import OUTAGES, tell_outages

logger = logging.getLogger(__name__)

SQLITE_POLL_S = 0.25
"""How often a process looks for what others stored in SQLite."""

EVENTS, STOPS = "shopdesk_events", "shopdesk_stops"
"""The channels. A payload of the first is a conversation and the number of an event, of the second a conversation."""

PING_S = 10.0
"""A connection that is silent for so long is tried, since a network may swallow one without a word."""

PING_WITHIN_S = 5.0
PAUSE_S = 0.1
"""Before a connection that was lost is opened again; where that fails, longer each time."""

MOST_PAUSED_S = 5.0

LOST = (*OUTAGES, DBAPIError, OSError, TimeoutError)
"""How it shows that there is no connection, or none any more."""


@dataclass(frozen=True)
class Connected:
    """What is stored from now on is heard; what was stored before has to be looked for."""


@dataclass(frozen=True)
class Stored:
    """Events of a conversation were stored, up to the number `last`."""

    conversation_id: str
    last: int


@dataclass(frozen=True)
class StopAsked:
    """Somebody asked for the turn of a conversation to be stopped."""

    conversation_id: str


News = Connected | Stored | StopAsked


async def notify_of_stop(session: AsyncSession, conversation_id: str) -> None:
    """Have every process hear, once this transaction is committed, that a turn is to stop."""
    if is_postgresql(session):
        await session.execute(select(func.pg_notify(STOPS, conversation_id)))


async def listen(sessions: Sessions, hear: Callable[[News], Awaitable[None]]) -> NoReturn:
    """Call `hear` with all news until cancelled, on a connection of its own beside the pool.

    It begins with `Connected`, and so it does whenever a connection was lost: who looks then misses no event.
    Where `hear` fails, this fails.
    """
    engine = create_async_engine(
        sessions.engine.url,
        hide_parameters=True,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args=postgresql_options(),
    )
    tell_outages(engine, sessions.refusals)
    while True:
        connection = await _opened(engine)
        try:
            heard = await _hearing(connection)
            await hear(Connected())
            while (news := await _next(connection, heard)) is not None:
                await hear(news)
        finally:
            await connection.close()
        await asyncio.sleep(PAUSE_S)


def _tell_away(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    logger.warning("No connection to hear of other processes, tried again: %s", getattr(error, "reason", error))


@retry(
    retry=retry_if_exception_type(LOST),
    wait=wait_exponential_jitter(multiplier=PAUSE_S, max=MOST_PAUSED_S, jitter=PAUSE_S),
    before_sleep=_tell_away,
)
async def _opened(engine: AsyncEngine) -> AsyncConnection:
    """Open a connection, again and again until there is one, less often the longer it takes."""
    return await engine.connect().start()


async def _hearing(connection: AsyncConnection) -> asyncio.Queue[News | None]:
    """Begin to listen; what is returned takes what is heard, and None when the connection is closed."""
    heard: asyncio.Queue[News | None] = asyncio.Queue()

    def stored(_connection: object, _pid: int, _channel: str, payload: str) -> None:
        conversation_id, _, last = payload.rpartition(" ")
        heard.put_nowait(Stored(conversation_id, int(last)))

    def stop_asked(_connection: object, _pid: int, _channel: str, payload: str) -> None:
        heard.put_nowait(StopAsked(payload))

    driver: Any = (await connection.get_raw_connection()).driver_connection
    driver.add_termination_listener(lambda _connection: heard.put_nowait(None))
    await driver.add_listener(EVENTS, stored)
    await driver.add_listener(STOPS, stop_asked)
    return heard


async def _next(connection: AsyncConnection, heard: asyncio.Queue[News | None]) -> News | None:
    """Return the next news, or None when the connection is lost, which may show only when it is used."""
    while True:
        try:
            async with asyncio.timeout(PING_S):
                return await heard.get()
        except TimeoutError:
            if not await _is_alive(connection):
                return None


async def _is_alive(connection: AsyncConnection) -> bool:
    try:
        async with asyncio.timeout(PING_WITHIN_S):
            await connection.exec_driver_sql("SELECT 1")
    except LOST as error:
        logger.warning("The connection that hears of other processes is lost: %s", type(error).__name__)
        return False
    return True
