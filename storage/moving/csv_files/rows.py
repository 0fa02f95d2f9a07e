"""Reads CSV files row by row; each cell is checked before the row is used."""

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

from storage.moving.csv_files.cells import REQUIRED, Column
from storage.moving.csv_files.layout import SHEETS, Row, Sheet
from storage.settings import CannotStartError

LONGEST_CELL = 1_000_000
LONGEST_SHOWN = 60
BLOCK = 2**20

Numbered = tuple[int, Row]
"""A row, and the line it starts on."""


class CsvError(CannotStartError):
    """A file is missing, or something in it is invalid."""

    def __init__(self, path: Path, problem: str, *, line: int | None = None, column: str | None = None) -> None:
        place = "".join(
            [str(path), "" if line is None else f" line {line:,}", "" if column is None else f", column {column}"]
        )
        text = " ".join(problem.split())
        super().__init__(f"{place}: {text}. Nothing was imported, and the shop is as it was.")


def check_files(folder: Path) -> None:
    """Check the names and first lines of all files, so that a folder of some other kind is rejected immediately.

    Raises:
        CsvError: the folder or a file does not exist, or a column is missing, unknown or repeated.
    """
    if not folder.is_dir():
        raise CsvError(folder, "there is no such folder")
    missing = [sheet.name for sheet in SHEETS if not (folder / sheet.name).is_file()]
    if missing:
        raise CsvError(folder, f"there is no {' and no '.join(missing)} in it (a file may hold its first line alone)")
    for sheet in SHEETS:
        next(read_rows(folder, sheet), None)


def count_lines(folder: Path) -> int:
    """Return the total number of lines in all files, for the progress bar."""
    return sum(_lines(folder / sheet.name) for sheet in SHEETS)


def read_batches(folder: Path, sheet: Sheet, size: int) -> Iterator[list[Numbered]]:
    """Yield the file's rows in batches of this size.

    Raises:
        CsvError: as `read_rows`.
    """
    rows = read_rows(folder, sheet)
    while batch := list(islice(rows, size)):
        yield batch


def read_rows(folder: Path, sheet: Sheet) -> Iterator[Numbered]:
    """Yield the file's rows, one at a time.

    Raises:
        CsvError: a row is invalid; the message names the file, the line, the column, and what was expected.
    """
    path = folder / sheet.name
    csv.field_size_limit(LONGEST_CELL)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _parse(path, sheet, file)
    except OSError as error:
        raise CsvError(path, f"it cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CsvError(path, "the text is not UTF-8; save the file as UTF-8", line=_undecodable(path)) from error


def line_of(folder: Path, sheet: Sheet, column: str, row_id: str) -> int:
    """Return the line of the row with this id, for a problem that only shows once all rows are loaded."""
    return next(line for line, row in read_rows(folder, sheet) if row[column] == row_id)


def _parse(path: Path, sheet: Sheet, file: TextIO) -> Iterator[Numbered]:
    reader = csv.reader(file, strict=True)
    try:
        names = _without_empty_end(next(reader, []), 0)
        plan = _plan(path, sheet, [name.strip() for name in names])
        begins = reader.line_num + 1
        for cells in reader:
            if any(cells):
                yield begins, _row(path, sheet, plan, _without_empty_end(cells, len(names)), begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise CsvError(path, f"this is not CSV: {error}; a quote may be missing", line=reader.line_num) from error


def _plan(path: Path, sheet: Sheet, names: Sequence[str]) -> list[tuple[Column, int | None]]:
    known = [column.name for column in sheet.columns]
    unknown = [name for name in names if name not in known]
    twice = [name for name in known if names.count(name) > 1]
    missing = [column.name for column in sheet.columns if column.default is REQUIRED and column.name not in names]
    if unknown:
        problem = f"there is no column {unknown[0][:LONGEST_SHOWN]!r}; the columns are {','.join(known)}"
        raise CsvError(path, problem, line=1)
    if twice or missing:
        problem = f"the column {twice[0]} is there twice" if twice else f"the column {missing[0]} is missing"
        raise CsvError(path, problem, line=1)
    return [(column, names.index(column.name) if column.name in names else None) for column in sheet.columns]


def _row(path: Path, sheet: Sheet, plan: Sequence[tuple[Column, int | None]], cells: Sequence[str], line: int) -> Row:
    row: Row = {}
    for column, place in plan:
        try:
            cell = "" if place is None else cells[place]
            if cell:
                row[column.name] = column.kind.read(cell)
            elif column.default is REQUIRED:
                raise CsvError(path, f"it is empty; {column.kind.expects} is expected", line=line, column=column.name)
            else:
                row[column.name] = column.default
        except IndexError as error:
            raise CsvError(path, "the row ends before it", line=line, column=column.name) from error
        except ValueError as error:
            problem = f"{_shown(cell)} is not {column.kind.expects}"
            raise CsvError(path, problem, line=line, column=column.name) from error
    expected = sum(place is not None for _, place in plan)
    if len(cells) > expected:
        raise CsvError(path, f"the row has {len(cells)} cells, and there are {expected} columns", line=line)
    trouble = sheet.check(row)
    if trouble is not None:
        raise CsvError(path, trouble[1], line=line, column=trouble[0])
    return row


def _without_empty_end(cells: Sequence[str], kept: int) -> Sequence[str]:
    """Return a row without the empty cells that spreadsheets add at its end; this many cells stay."""
    end = len(cells)
    while end > kept and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _shown(cell: str) -> str:
    return repr(cell) if len(cell) <= LONGEST_SHOWN else f"{cell[:LONGEST_SHOWN]!r}…"


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(part.count(b"\n") for part in iter(lambda: file.read(BLOCK), b""))


def _undecodable(path: Path) -> int:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                return number
    raise AssertionError("a file that could not be decoded can be now")
