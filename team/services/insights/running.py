"""Runs a checked query: on a connection that can only read, for a limited time, up to a number of rows.

Each engine holds the limits a second time, by its own means: SQLite by an authorizer that names the columns it may
read, PostgreSQL by a read-only transaction, DuckDB by having nothing open but the one file's rows.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.db import Sessions
from storage.outages import DatabaseBusyError
from team.services.insights.checking import MOST_ROWS, Query

SECONDS = 10.0
"""The longest a query may run."""
LONGEST_VALUE = 1_000_000
"""Bytes of one value, also of one that is made on the way."""
STEPS = 10_000
"""Of SQLite's machine between two looks at the clock: a fraction of a millisecond."""
PLACES = 4
"""Decimal places that a figure keeps: no currency has more, and the error of a long sum is below them."""
FUNCTIONS = frozenset(
    (
        *("count", "sum", "avg", "min", "max", "round", "abs", "coalesce", "nullif", "iif", "like"),
        *("lower", "upper", "length", "substr", "substring", "trim", "row_number", "rank", "dense_rank"),
    )
)

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]
Cell = str | int | float | None


class TooLongError(Exception):
    """A query ran longer than it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The query took longer than {seconds:g} seconds. Ask for less at once.")


class FailedError(Exception):
    """The database refused the query, in its own words."""


@dataclass(frozen=True)
class Result:
    """What came out: the columns' names, the rows, and whether there were more."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    more: bool
    ms: float


async def run(
    sessions: Sessions, query: Query, reads: Mapping[str, frozenset[str]], seconds: float = SECONDS
) -> Result:
    """Run a query on the shop.

    Args:
        sessions: the shop's database.
        query: what to run.
        reads: the columns that it may read, by table.
        seconds: the longest it may take.

    Raises:
        TooLongError: it takes longer.
        FailedError: the database refuses it.
    """
    started = time.monotonic()
    if sessions.engine.dialect.name == "sqlite":
        path = Path(str(sessions.engine.url.database))
        columns, rows = await asyncio.to_thread(_on_sqlite, path, query.sql, reads, seconds)
    else:
        columns, rows = await _on_postgresql(sessions, query.sql, seconds)
    return result_of(query.headings or columns, rows, started)


def result_of(columns: Sequence[str], rows: Sequence[Sequence[object]], started: float) -> Result:
    """Return what came out, cut to the rows of an answer."""
    kept = [[_cell(value) for value in row] for row in rows[:MOST_ROWS]]
    return Result(columns, kept, len(rows) > MOST_ROWS, round((time.monotonic() - started) * 1000, 1))


def _cell(value: object) -> Cell:
    match value:
        case None | bool() | int() | str():
            return value
        case float() | Decimal():
            rounded = round(float(value), PLACES)
            return int(rounded) if rounded.is_integer() else rounded
    return str(value)


Found = tuple[list[str], list[tuple[object, ...]]]


def _on_sqlite(path: Path, sql: str, reads: Mapping[str, frozenset[str]], seconds: float) -> Found:
    until = time.monotonic() + seconds
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=seconds)) as connection:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("BEGIN")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        connection.set_authorizer(_only(reads))
        connection.set_progress_handler(lambda: time.monotonic() > until, STEPS)
        try:
            cursor = connection.execute(sql)
            return [one[0] for one in cursor.description], cursor.fetchmany(MOST_ROWS + 1)
        except sqlite3.Error as error:
            if time.monotonic() > until:
                raise TooLongError(seconds) from error
            raise FailedError(str(error)) from error


def _only(reads: Mapping[str, frozenset[str]]) -> Authorizer:
    def authorize(action: int, first: str | None, second: str | None, _schema: str | None, _via: str | None) -> int:
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ:
            # With no column, only the number of rows is read.
            allowed = first is not None and first in reads and (not second or second in reads[first])
            return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY
        known = action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in FUNCTIONS
        return sqlite3.SQLITE_OK if known else sqlite3.SQLITE_DENY

    return authorize


async def _on_postgresql(sessions: Sessions, sql: str, seconds: float) -> Found:
    try:
        async with sessions.engine.connect() as connection:
            await connection.execute(text("SET TRANSACTION READ ONLY"))
            await connection.execute(text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}"))
            found = await connection.exec_driver_sql(sql)
            columns = list(found.keys())
            return columns, [tuple(row) for row in found.fetchmany(MOST_ROWS + 1)]
    except DatabaseBusyError as error:
        raise TooLongError(seconds) from error
    except DBAPIError as error:
        raise FailedError(str(error.orig).partition("\n")[0]) from error
