"""Reading SQLite on the event loop itself, since handing each statement to a thread takes longer than a short read.

A reader never waits for a writer (the journal is a write-ahead log), so the loop stands still no longer than the
statement takes. Writers do wait for each other, so they keep to the thread.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any, Self

from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.outages import tell_outages
from storage.private import keep_private


class QuickCursor:
    """A cursor with the awaitable methods SQLAlchemy expects, none of which waits."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    async def __aenter__(self) -> Self:
        return self

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - description, rowcount and the like, of any type
        return getattr(self._cursor, name)

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement, the first of a transaction after its BEGIN, so that all of them see the same moment."""
        if not self._cursor.connection.in_transaction:
            self._cursor.execute("BEGIN")
        self._cursor.execute(operation, parameters)

    async def fetchall(self) -> list[Any]:
        """Return the rows."""
        return self._cursor.fetchall()

    async def close(self) -> None:
        """End the statement."""
        self._cursor.close()


class QuickConnection:
    """A connection that may only read."""

    def __init__(self, path: str) -> None:
        keep_private(path)
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA query_only=ON")

    def cursor(self) -> QuickCursor:
        """Return a cursor."""
        return QuickCursor(self._connection.cursor())

    async def create_function(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - the driver's own
        """Add a function to SQL, as the dialect does for regular expressions."""
        self._connection.create_function(*arguments, **options)

    async def rollback(self) -> None:
        """End the transaction."""
        self._connection.rollback()

    async def commit(self) -> None:
        """End the transaction."""
        self._connection.commit()

    async def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def stop(self) -> None:
        """Close the file where nobody can wait for it."""
        self._connection.close()


def connect_to_read(url: str) -> AsyncEngine:
    """Make the engine that reads the SQLite file of this URL."""
    path = make_url(url).database

    async def creator() -> QuickConnection:
        return QuickConnection(str(path))

    # A session rolls back by itself when it closes; the pool would do it a second time.
    engine = create_async_engine(url, hide_parameters=True, async_creator=creator, pool_reset_on_return=None)
    tell_outages(engine)
    return engine
