"""The connection to the shop's database (SQLite or PostgreSQL), and what every table shares."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Connection, DateTime, Dialect, MetaData, String, event, func, select, text
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from storage.outages import DatabaseBusyError, DiskFullError, Refusals, tell_outages
from storage.settings import CannotStartError
from storage.sqlite.line import Line
from storage.sqlite.on_the_loop import BEGIN_TO_WRITE, LOCK_WAIT_S, connect_to_read, connect_to_write
from storage.traces.tracing import trace_sql

KEPT_OPEN, MOST_OPEN = 5, 20
"""Connections per process to PostgreSQL, which allows 100 by default: four processes and a person."""
CONNECT_S = 5
STATEMENT_S = 30
"""The longest a statement may run in PostgreSQL; `without_haste` lifts it for work on whole tables."""
COMMAND_S = 900
"""The longest to wait for any statement, so that a network that drops the reply does not hang a program."""
IDLE_S = 120
"""The longest a transaction may be idle in PostgreSQL, holding its locks."""
WRITE = "shopdesk_write"


class DatabaseMissingError(CannotStartError):
    """The database has no shop in it yet."""

    def __init__(self, url: str) -> None:
        place = make_url(url).render_as_string(hide_password=True)
        super().__init__(
            f"There is no shop at {place} yet. Run `shopdesk seed` for the demo shop, or `shopdesk import`."
        )


class Sessions(async_sessionmaker[AsyncSession]):
    """Makes sessions; `to_read` makes read-only ones, for `reading`."""

    def __init__(self, engine: AsyncEngine, to_read: AsyncEngine, refusals: Refusals) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.engine = engine
        self.refusals = refusals
        self.to_read = async_sessionmaker(to_read, expire_on_commit=False)
        # SQLite allows one writer at a time and has no queue: whoever retries at the right moment wins, and with many
        # writers some starve. Within one process they queue here, without holding a connection.
        one_writes = engine.dialect.name == "sqlite"
        self.in_line: Line | None = Line() if one_writes else None
        self.out_of_room = False
        """Whether the last writing transaction found the disk full."""

    def busy(self, reason: str) -> DatabaseBusyError:
        """Return the error of somebody who waited too long in this process, and count it."""
        error = DatabaseBusyError(reason)
        self.refusals[error.kind] += 1
        return error


class UtcDateTime(TypeDecorator[datetime]):
    """A timestamp in UTC: timezone-aware in Python, even on SQLite, which stores no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Reject a timestamp without a time zone, which would be ambiguous."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a timestamp needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Restore the time zone of SQLite's plain timestamps."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """The base of every table: named constraints, UTC timestamps, JSON columns."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this plain class attribute
        str: String,
        int: BigInteger,
        datetime: UtcDateTime,
        dict[str, Any]: JSON(none_as_null=True),
        dict[str, str]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
    }


def stored_by_value(enum: type[StrEnum]) -> SqlEnum:
    """Return a column type that stores an enum's values and has the database reject any other."""
    return SqlEnum(
        enum,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        name=enum.__name__.lower(),
        length=40,
    )


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def connect(url: str, refusals: Refusals) -> AsyncEngine:
    """Create the engine for a database URL. It opens no connection yet, and its errors contain no row data.

    What the database refuses is counted in `refusals`.
    """
    if make_url(url).get_backend_name() == "sqlite":
        engine = connect_to_write(url)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    else:
        engine = create_async_engine(url, hide_parameters=True, pool_timeout=LOCK_WAIT_S, **_for_postgresql())
    tell_outages(engine, refusals)
    return engine


def _for_postgresql() -> dict[str, Any]:
    return {
        "pool_size": KEPT_OPEN,
        "max_overflow": MOST_OPEN - KEPT_OPEN,
        "pool_pre_ping": True,
        "connect_args": postgresql_options(),
    }


def postgresql_options() -> dict[str, Any]:
    """Return what every connection to PostgreSQL is opened with: how long it waits, and its name."""
    limits = {
        "lock_timeout": LOCK_WAIT_S,
        "statement_timeout": STATEMENT_S,
        "idle_in_transaction_session_timeout": IDLE_S,
    }
    settings = {name: f"{seconds}s" for name, seconds in limits.items()}
    return {
        "timeout": CONNECT_S,
        "command_timeout": COMMAND_S,
        "server_settings": settings | {"application_name": "shopdesk"},
    }


def _prepare_sqlite(connection: AsyncAdapt_aiosqlite_connection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writing transaction takes the write lock first: one that reads and then writes would fail as "locked".
    immediate = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql(BEGIN_TO_WRITE if immediate else "BEGIN")


@asynccontextmanager
async def open_sessions(url: str) -> AsyncIterator[Sessions]:
    """Open the database and yield a session maker; close every connection on exit."""
    address = make_url(url)
    refusals = Refusals()
    engine = connect(url, refusals)
    traced = [engine]
    if address.get_backend_name() == "sqlite":
        to_read = engine
        if address.database:
            to_read = connect_to_read(url)
            tell_outages(to_read, refusals)
            traced.append(to_read)
    else:
        # All statements of one transaction see the same rows, as on SQLite.
        to_read = engine.execution_options(isolation_level="REPEATABLE READ")
    trace_sql(traced)
    try:
        yield Sessions(engine, to_read, refusals)
    finally:
        await to_read.dispose()
        await engine.dispose()


@asynccontextmanager
async def reading(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """Yield a session for a short read; on SQLite it is several times faster than a writable one.

    Raises:
        DatabaseBusyError: every connection is in use for longer than the timeout.
    """
    session = sessions.to_read()
    try:
        yield session
    except NoConnectionFreeError as error:
        raise sessions.busy("every connection is in use") from error
    finally:
        # An unused session holds no connection, and closing it would double its cost.
        if session.in_transaction():
            await session.close()


@asynccontextmanager
async def _their_turn(sessions: Sessions) -> AsyncIterator[None]:
    line = sessions.in_line
    if line is None:
        yield
        return
    try:
        async with asyncio.timeout(LOCK_WAIT_S):
            await line.enter()
    except TimeoutError as error:
        raise sessions.busy("other tasks in this process are writing for too long") from error
    try:
        yield
    finally:
        line.leave()


@asynccontextmanager
async def writing(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """Yield a session whose transaction may write: committed at the end, rolled back on any error.

    Raises:
        DatabaseBusyError: every connection is in use, or somebody else is writing, for longer than the timeout.
        DiskFullError: the disk is full; nothing was written.
    """
    try:
        async with _transaction(sessions) as session:
            yield session
    except DiskFullError:
        sessions.out_of_room = True
        raise
    sessions.out_of_room = False


@asynccontextmanager
async def _transaction(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    async with _their_turn(sessions), sessions() as session:
        try:
            await session.connection(execution_options={WRITE: True})
        except NoConnectionFreeError as error:
            raise sessions.busy("every connection is in use") from error
        yield session
        await session.commit()


def is_postgresql(session: AsyncSession) -> bool:
    """Return whether the shop is in PostgreSQL, where many transactions can write at once."""
    return session.get_bind().dialect.name == "postgresql"


async def hold(session: AsyncSession, name: str) -> None:
    """Hold a named lock until this transaction ends; on SQLite the write lock already does that."""
    if is_postgresql(session):
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


async def without_haste(session: AsyncSession) -> None:
    """Lift this transaction's time limits, for work on whole tables."""
    if is_postgresql(session):
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            await session.execute(text(f"SET LOCAL {limit} = 0"))
