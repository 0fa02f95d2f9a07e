"""SQLite on the event loop itself, since handing each statement to a thread takes longer than a short statement.

A reader never waits for a writer (the journal is a write-ahead log). A writer waits for the lock, and gives the loop
back while it does; once it holds the lock, its statements wait for nobody. So a short transaction is over before
anything else runs, and those that stand in line for the lock do not stand there long.
"""

import asyncio
import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import Any, Self

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.private import keep_private

LOCK_WAIT_S = 10
PAUSES_S = (0.001, 0.002, 0.005, 0.010, 0.015, 0.020, 0.025)
"""Between two tries for a lock that somebody holds; the last one is repeated. They are those of SQLite itself."""


class LoopCursor:
    """A cursor with the awaitable methods SQLAlchemy expects, none of which waits."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    async def __aenter__(self) -> Self:
        return self

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - description, rowcount and the like, of any type
        return getattr(self._cursor, name)

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement."""
        self._cursor.execute(operation, parameters)

    async def executemany(self, operation: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each set of parameters."""
        self._cursor.executemany(operation, parameters)

    async def fetchone(self) -> Any:  # noqa: ANN401 - a row, as the driver makes it
        """Return the next row, or None."""
        return self._cursor.fetchone()

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return the next rows, at most `size`."""
        return self._cursor.fetchmany(size or self._cursor.arraysize)

    async def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        return self._cursor.fetchall()

    async def close(self) -> None:
        """End the statement."""
        self._cursor.close()


class ReadingCursor(LoopCursor):
    """A cursor of a connection that only reads."""

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement, the first of a transaction after its BEGIN, so that all of them see the same moment."""
        if not self._cursor.connection.in_transaction:
            self._cursor.execute("BEGIN")
        self._cursor.execute(operation, parameters)


class WritingCursor(LoopCursor):
    """A cursor of a connection that may write."""

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement; the one that takes the lock is tried until it has it.

        Raises:
            sqlite3.OperationalError: somebody else held the lock for all of `LOCK_WAIT_S`, or SQLite refused.
        """
        if operation != BEGIN_TO_WRITE:
            self._cursor.execute(operation, parameters)
            return
        until, pauses = time.monotonic() + LOCK_WAIT_S, iter(PAUSES_S)
        while not self._took_the_lock(last=time.monotonic() >= until):  # noqa: ASYNC110 - another process tells nobody
            await asyncio.sleep(next(pauses, PAUSES_S[-1]))

    def _took_the_lock(self, *, last: bool) -> bool:
        self._cursor.execute("PRAGMA busy_timeout=0")
        try:
            self._cursor.execute(BEGIN_TO_WRITE)
        except sqlite3.OperationalError as error:
            # Of several names: somebody writes, or recovers the journal of a process that was killed.
            if last or not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise
            return False
        finally:
            self._cursor.execute(f"PRAGMA busy_timeout={LOCK_WAIT_S * 1000}")
        return True


BEGIN_TO_WRITE = "BEGIN IMMEDIATE"


class LoopConnection:
    """A connection with the awaitable methods SQLAlchemy expects, none of which waits."""

    def __init__(self, path: str, cursors: type[LoopCursor]) -> None:
        keep_private(path)
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=LOCK_WAIT_S, check_same_thread=False)
        self._cursors = cursors

    def cursor(self) -> LoopCursor:
        """Return a cursor."""
        return self._cursors(self._connection.cursor())

    async def create_function(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - the driver's own
        """Add a function to SQL, as the dialect does for regular expressions."""
        self._connection.create_function(*arguments, **options)

    async def rollback(self) -> None:
        """End the transaction."""
        self._connection.rollback()

    async def commit(self) -> None:
        """End the transaction, and keep what it wrote."""
        self._connection.commit()

    async def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def stop(self) -> None:
        """Close the file where nobody can wait for it."""
        self._connection.close()


def connect_to_read(url: str) -> AsyncEngine:
    """Make the engine that reads the SQLite file of this URL."""

    async def creator() -> LoopConnection:
        connection = LoopConnection(_path(url), ReadingCursor)
        await connection.cursor().execute("PRAGMA query_only=ON")
        await connection.commit()
        return connection

    # A session rolls back by itself when it closes; the pool would do it a second time.
    return create_async_engine(url, hide_parameters=True, async_creator=creator, pool_reset_on_return=None)


def connect_to_write(url: str) -> AsyncEngine:
    """Make the engine that reads and writes the SQLite file of this URL."""

    async def creator() -> LoopConnection:
        return LoopConnection(_path(url), WritingCursor)

    return create_async_engine(url, hide_parameters=True, async_creator=creator, pool_timeout=LOCK_WAIT_S)


def _path(url: str) -> str:
    return make_url(url).database or ":memory:"
