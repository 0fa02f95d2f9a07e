"""The connection to the shop's database, SQLite or PostgreSQL, and what every table shares."""

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

from storage.outages import DatabaseBusyError, DiskFullError, tell_outages
from storage.settings import CannotStartError
from storage.sqlite.line import Line
from storage.sqlite.on_the_loop import BEGIN_TO_WRITE, LOCK_WAIT_S, connect_to_read, connect_to_write

KEPT_OPEN, MOST_OPEN = 5, 20
"""Connections of one process to PostgreSQL, which lets in 100 unless told otherwise: four processes and a person."""
CONNECT_S = 5
STATEMENT_S = 30
"""The longest a statement may run in PostgreSQL; `without_haste` lifts it for the work of whole tables."""
COMMAND_S = 900
"""The longest any statement is waited for, so that a network that swallows the answer does not hang a program."""
IDLE_S = 120
"""The longest a transaction may stand still in PostgreSQL, holding its locks."""
WRITE = "shopdesk_write"


class DatabaseMissingError(CannotStartError):
    """The database has no shop in it yet."""

    def __init__(self, url: str) -> None:
        place = make_url(url).render_as_string(hide_password=True)
        super().__init__(
            f"There is no shop at {place} yet. Run `shopdesk seed` for the demo shop, or `shopdesk import`."
        )


class Sessions(async_sessionmaker[AsyncSession]):
    """Makes sessions; `to_read` makes those of `reading`, which may not write."""

    def __init__(self, engine: AsyncEngine, to_read: AsyncEngine) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.engine = engine
        self.to_read = async_sessionmaker(to_read, expire_on_commit=False)
        # SQLite lets one write at a time and does not keep a line: who asks again at the right moment is served, and
        # with many of them some starve. In one process they stand in line here, without a connection.
        one_writes = engine.dialect.name == "sqlite"
        self.in_line: Line | None = Line() if one_writes else None
        self.out_of_room = False
        """Whether the last transaction that was to write found the disk full."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, also on SQLite, which keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a time zone, since it could be any hour."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give SQLite's plain times their zone back."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """What every table is built on: named constraints, moments in UTC, JSON columns."""

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
    """Return the column type that keeps an enum's values and lets the database refuse any other."""
    return SqlEnum(
        enum,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        name=enum.__name__.lower(),
        length=40,
    )


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def connect(url: str) -> AsyncEngine:
    """Make the engine for a database URL. It opens no connection yet and shows no row in its errors."""
    if make_url(url).get_backend_name() == "sqlite":
        engine = connect_to_write(url)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    else:
        engine = create_async_engine(url, hide_parameters=True, pool_timeout=LOCK_WAIT_S, **_for_postgresql())
    tell_outages(engine)
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
    # A transaction that will write takes the write lock first: one that reads, then writes, would fail as "locked".
    immediate = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql(BEGIN_TO_WRITE if immediate else "BEGIN")


@asynccontextmanager
async def open_sessions(url: str) -> AsyncIterator[Sessions]:
    """Open the database and yield what makes sessions; close every connection at the end."""
    address = make_url(url)
    engine = connect(url)
    if address.get_backend_name() == "sqlite":
        to_read = engine
        if address.database:
            to_read = connect_to_read(url)
            tell_outages(to_read)
    else:
        # Several statements of one answer see the same rows, as they do on SQLite.
        to_read = engine.execution_options(isolation_level="REPEATABLE READ")
    try:
        yield Sessions(engine, to_read)
    finally:
        await to_read.dispose()
        await engine.dispose()


@asynccontextmanager
async def reading(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """Yield a session for a short read; on SQLite it is several times quicker than one that may write."""
    session = sessions.to_read()
    try:
        yield session
    finally:
        # What never read holds no connection, and closing takes as long as the rest of an empty session.
        if session.in_transaction():
            await session.close()


@asynccontextmanager
async def _their_turn(line: Line | None) -> AsyncIterator[None]:
    if line is None:
        yield
        return
    try:
        async with asyncio.timeout(LOCK_WAIT_S):
            await line.enter()
    except TimeoutError as error:
        raise DatabaseBusyError("others of this process write for too long") from error
    try:
        yield
    finally:
        line.leave()


@asynccontextmanager
async def writing(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """Yield a session whose transaction may write: committed at the end, rolled back on any error.

    Raises:
        DatabaseBusyError: every connection is in use, or somebody else writes, for longer than is waited.
        DiskFullError: there is no room for what it writes, and nothing of it is kept.
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
    async with _their_turn(sessions.in_line), sessions() as session:
        try:
            await session.connection(execution_options={WRITE: True})
        except NoConnectionFreeError as error:
            raise DatabaseBusyError("every connection is in use") from error
        yield session
        await session.commit()


def is_postgresql(session: AsyncSession) -> bool:
    """Tell whether the shop is in PostgreSQL, where many transactions write at once."""
    return session.get_bind().dialect.name == "postgresql"


async def hold(session: AsyncSession, name: str) -> None:
    """Make others that hold the same name wait until this transaction ends; on SQLite the write lock does."""
    if is_postgresql(session):
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


async def without_haste(session: AsyncSession) -> None:
    """Let this transaction work on whole tables, which takes as long as they are large."""
    if is_postgresql(session):
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
            await session.execute(text(f"SET LOCAL {limit} = 0"))
