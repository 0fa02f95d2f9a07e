"""Writing to SQLite on the event loop itself, once the lock is held: a statement then waits for nobody.

What can take long is left to a thread: waiting for somebody else's lock, a statement for many rows and the commit of
such a transaction, and now and then the move of what was written from the journal into the database's file. So a short
transaction is over before anything else runs, and those that stand in line for the lock do not stand there long.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from typing import Any, Self

import aiosqlite

from storage.private import keep_private

BEGIN = "BEGIN IMMEDIATE"
FETCHED = 200
"""Rows that come back with the statement itself; more are asked for, so that a large answer is never held whole."""


CHECKPOINT_EVERY = 50
"""Short transactions between two moves from the journal, which would else come in the middle of some commit."""


class WritingCursor:
    """A cursor with the awaitable methods SQLAlchemy expects. SQLite's own is made with the statement it runs."""

    arraysize = 1

    def __init__(self, connection: "WritingConnection") -> None:
        self._connection = connection
        self._cursor: sqlite3.Cursor | None = None
        self._rows: deque[Any] = deque()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement and fetch its first rows."""
        if operation == BEGIN:
            await self._connection.begin()
        elif self._connection.may_write:
            self._keep(self._connection.raw.execute(operation, parameters))
        else:
            await self._connection.in_thread(lambda raw: self._keep(raw.execute(operation, parameters)))

    async def executemany(self, operation: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each set of parameters."""
        await self._connection.in_thread(lambda raw: self._keep(raw.executemany(operation, parameters)))

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self._cursor, self.description = cursor, cursor.description
        self._rows = deque() if cursor.description is None else self._more(cursor, FETCHED)
        # Known only when the rows of a RETURNING are fetched.
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        if len(self._rows) < FETCHED:
            self._end()

    def _more(self, cursor: sqlite3.Cursor, size: int) -> deque[Any]:
        return deque(cursor.fetchmany(size))

    def _end(self) -> None:
        if self._cursor is not None:
            self._cursor.close()
        self._cursor = None

    async def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        cursor = self._cursor
        rest = [] if cursor is None else await self._connection.in_thread(lambda _: cursor.fetchall())
        rows = [*self._rows, *rest]
        self._rows.clear()
        return rows

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return the next rows, at most `size`."""
        wanted, cursor = size or self.arraysize, self._cursor
        if len(self._rows) < wanted and cursor is not None:
            missing = wanted - len(self._rows)
            self._rows += await self._connection.in_thread(lambda _: self._more(cursor, missing))
        rows = list(islice(self._rows, wanted))
        for _ in rows:
            self._rows.popleft()
        return rows

    async def fetchone(self) -> Any:  # noqa: ANN401 - a row, as the driver makes it
        """Return the next row, or None."""
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def close(self) -> None:
        """End the statement, unless all of it was fetched."""
        if self._cursor is not None:
            await self._connection.in_thread(lambda _: self._end())


class WritingConnection(aiosqlite.Connection):
    """The driver's connection. `may_write`: it holds the lock, and nothing runs in its thread."""

    may_write = False
    _unsure = False
    """Whether something may still run in the thread: who waited for it has left."""
    _handed = False
    """Whether a part of this transaction ran in the thread, so that there may be much to commit."""
    _commits = 0

    @property
    def raw(self) -> sqlite3.Connection:
        """SQLite's own connection."""
        return self._conn

    def cursor(self) -> WritingCursor:  # type: ignore[override] # what SQLAlchemy needs of it
        """Return a cursor."""
        return WritingCursor(self)

    async def in_thread(self, work: Callable[[sqlite3.Connection], Any]) -> Any:  # noqa: ANN401 - what `work` returns
        """Do this in the connection's thread, after all that it was given before."""
        self._unsure = self._handed = True
        could_write, self.may_write = self.may_write, False
        try:
            found = await self._execute(lambda: work(self._conn))  # type: ignore[no-untyped-call]
        except Exception:
            self._unsure = False
            raise
        self._unsure, self.may_write = False, could_write
        return found

    async def begin(self) -> None:
        """Begin a transaction that holds the lock: at once where nobody else does, else in the thread, which waits."""
        if self._unsure or not self._began_at_once():
            await self.in_thread(lambda raw: raw.execute(BEGIN).close())
        self.may_write, self._handed = True, False

    def _began_at_once(self) -> bool:
        ((wait_ms,),) = self.raw.execute("PRAGMA busy_timeout")
        self.raw.execute("PRAGMA busy_timeout=0")
        try:
            self.raw.execute(BEGIN)
        except sqlite3.OperationalError as error:
            # Of several names: somebody writes, or recovers the journal of a process that was killed.
            if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise
        finally:
            self.raw.execute(f"PRAGMA busy_timeout={wait_ms}")
        return self.raw.in_transaction

    async def rollback(self) -> None:
        """End the transaction, if there may be one; the pool asks for it after every commit."""
        self.may_write = False
        if self._unsure or self.in_transaction:
            await self.in_thread(lambda raw: raw.rollback())

    async def commit(self) -> None:
        """Commit the transaction."""
        short, self.may_write = self.may_write and not self._handed, False
        if not short:
            await self.in_thread(lambda raw: raw.commit())
            return
        self.raw.commit()
        self._commits += 1
        if self._commits % CHECKPOINT_EVERY == 0:
            # Nobody waits for it, with the lock least of all; what it leaves, the next one moves.
            self._tx.put_nowait((None, self._checkpoint))

    def _checkpoint(self) -> None:
        # By a connection of its own, since this one goes on being used meanwhile.
        with closing(self._connector()) as other:
            other.execute("PRAGMA wal_checkpoint(PASSIVE)").close()


def connect_to_write(database: str, **options: Any) -> WritingConnection:  # noqa: ANN401 - those of `sqlite3.connect`
    """Make the connection SQLAlchemy asks for; it is opened when awaited."""
    opened = partial(_opened, database, **(options | {"check_same_thread": False}))
    connection = WritingConnection(opened, iter_chunk_size=FETCHED)
    # A program that ends does not wait for it.
    connection._thread.daemon = True
    return connection


def _opened(database: str, **options: Any) -> sqlite3.Connection:  # noqa: ANN401 - those of `sqlite3.connect`
    keep_private(database)
    made: sqlite3.Connection = sqlite3.connect(database, **options)
    return made
