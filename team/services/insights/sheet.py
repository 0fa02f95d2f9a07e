"""A CSV that a question is about, in a DuckDB of its own.

Nothing else is open there: no file, no network, no extension. It holds the rows in memory, and ends with the question.
"""

import csv
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from storage.errors import ShopError
from team.services.insights.checking import MOST_ROWS, Query
from team.services.insights.running import SECONDS, FailedError, Result, TooLongError, result_of
from team.services.insights.tables import DUCKDB, NUMBER, TEXT, WHOLE, Column, Table, Tables

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LARGEST_CSV = 8 * 1024 * 1024
"""Characters of a CSV."""
MOST_COLUMNS, LONGEST_NAME = 100, 80
NAME = "csv_rows"
"""What a query calls the rows."""
TYPES = {"BIGINT": WHOLE, "DOUBLE": NUMBER, "VARCHAR": TEXT}
# A day stays text, as in the shop's own tables, and "007" keeps its zeros.
READ = """CREATE TABLE csv_rows AS SELECT * FROM read_csv(?, delim = ?, quote = '"', escape = '"', header = true,
skip = 0, strict_mode = true, sample_size = -1, auto_type_candidates = ['BIGINT', 'DOUBLE', 'VARCHAR'])"""
LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "256MB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
DELIMITERS = ",;\t|"


class SheetError(ShopError):
    """A CSV cannot be read; the text says where and why."""


class Sheet:
    """The rows of a CSV, and what a query may use of them."""

    def __init__(self, connection: "DuckDBPyConnection", tables: Tables) -> None:
        self._connection = connection
        self.tables = tables

    def run(self, query: Query, seconds: float = SECONDS) -> Result:
        """Run a checked query; it blocks, and may be called in a thread.

        Raises:
            TooLongError: it takes longer than `seconds`.
            FailedError: DuckDB refuses it.
        """
        import duckdb

        started = time.monotonic()
        alarm = threading.Timer(seconds, self._connection.interrupt)
        alarm.start()
        try:
            found = self._connection.execute(query.sql)
            columns = [one[0] for one in found.description or ()]
            rows = found.fetchmany(MOST_ROWS + 1)
        except duckdb.InterruptException as error:
            raise TooLongError(seconds) from error
        except duckdb.Error as error:
            raise FailedError(str(error).partition("\n")[0]) from error
        finally:
            alarm.cancel()
        return result_of(query.headings or columns, rows, started)


@contextmanager
def open_sheet(text: str) -> Iterator[Sheet]:
    """Hold the rows of a CSV while a question is answered.

    Args:
        text: the CSV, with a line of names first; its columns are separated by commas, semicolons, tabs or bars.

    Raises:
        SheetError: it is none, or DuckDB is not installed.
    """
    text = text.removeprefix("\ufeff").strip("\r\n")
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    _require_rows(text, delimiter)
    try:
        import duckdb
    except ModuleNotFoundError as error:
        raise SheetError(
            "A CSV is read with DuckDB, which is not installed. Run `pip install 'shopdesk[data]'`."
        ) from error
    with duckdb.connect(":memory:", config=LIMITS) as connection, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.csv")
        path.write_text(text, encoding="utf-8", newline="")
        try:
            connection.execute(READ, [str(path), delimiter])
        except duckdb.Error as error:
            raise SheetError(f"The CSV cannot be read: {str(error).partition(chr(10))[0]}") from error
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        columns = connection.execute("DESCRIBE csv_rows").fetchall()
        yield Sheet(connection, _tables([(name, kind) for name, kind, *_ in columns]))


def _tables(columns: Sequence[tuple[str, str]]) -> Tables:
    return Tables(DUCKDB, {NAME: Table({name: Column(TYPES[kind]) for name, kind in columns})})


def _require_rows(text: str, delimiter: str) -> None:
    """Check that every line has a value for each name; DuckDB would say so without the line, or leave lines out.

    Raises:
        SheetError: one has not, or the first line names nothing.
    """
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = next(rows, [])
        if not 1 <= len(names) <= MOST_COLUMNS or not all(0 < len(name.strip()) <= LONGEST_NAME for name in names):
            sizes = f"1 to {MOST_COLUMNS}, each in 1 to {LONGEST_NAME} characters"
            raise SheetError(f"The first line of the CSV must name its columns: {sizes}.")
        if twice := [name for name in names if [one.casefold() for one in names].count(name.casefold()) > 1]:
            raise SheetError(f"The first line of the CSV names two columns {twice[0]}.")
        for row in rows:
            if row and len(row) != len(names):
                raise SheetError(
                    f"Line {rows.line_num} of the CSV has {len(row)} values, and there are {len(names)} columns."
                )
    except csv.Error as error:
        raise SheetError(f"Line {rows.line_num} of the CSV cannot be read: {error}.") from error
