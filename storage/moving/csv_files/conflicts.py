"""Why the database rejected a batch of rows: which row refers to nothing, or already exists."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Column as TableColumn
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from storage.moving.csv_files.layout import Sheet
from storage.moving.csv_files.rows import Numbered, read_rows

Problem = tuple[int, str, str]
"""A line, a column, and what is wrong there."""

Columns = Sequence[TableColumn[Any]]
Key = tuple[Any, ...]


async def find_conflict(session: AsyncSession, folder: Path, sheet: Sheet, batch: Sequence[Numbered]) -> Problem | None:
    """Return the first row of the batch that conflicts with the rows already there."""
    table = sheet.table
    found = [await _find_repeated(session, folder, sheet, columns, batch) for columns in _keys(table, batch)]
    found += [await _find_dangling(session, reference, batch) for reference in _references(table, batch)]
    return min((problem for problem in found if problem is not None), default=None)


def _keys(table: Table, batch: Sequence[Numbered]) -> Iterator[Columns]:
    given, primary = batch[0][1].keys(), set(table.primary_key.columns)
    yield list(table.primary_key.columns)
    for constraint in table.constraints:
        # Positions are our own, counted from the lines; a repeated primary key is found separately.
        if isinstance(constraint, UniqueConstraint) and not primary <= set(constraint.columns):
            columns = list(constraint.columns)
            if all(column.name in given and column.name != "position" for column in columns):
                yield columns


def _references(table: Table, batch: Sequence[Numbered]) -> list[ForeignKeyConstraint]:
    # A file need not contain every column: a ticket's chat, for example, is not in its file.
    given = batch[0][1].keys()
    references = [each for each in table.constraints if isinstance(each, ForeignKeyConstraint)]
    return [each for each in references if all(column.name in given for column in each.columns)]


async def _find_repeated(
    session: AsyncSession, folder: Path, sheet: Sheet, columns: Columns, batch: Sequence[Numbered]
) -> Problem | None:
    names = [column.name for column in columns]
    seen = await _present(session, columns, [_key(row, names) for _, row in batch])
    for line, row in batch:
        key = _key(row, names)
        if key in seen:
            earlier = next(number for number, each in read_rows(folder, sheet) if _key(each, names) == key)
            return line, names[-1], f"{' '.join(map(str, key))} stands on line {earlier:,} already"
        seen.add(key)
    return None


async def _find_dangling(
    session: AsyncSession, reference: ForeignKeyConstraint, batch: Sequence[Numbered]
) -> Problem | None:
    names = [column.name for column in reference.columns]
    targets = [element.column for element in reference.elements]
    wanted = [key for _, row in batch if None not in (key := _key(row, names))]
    present = await _present(session, targets, wanted)
    for line, row in batch:
        key = _key(row, names)
        if None not in key and key not in present:
            # Of a composite key, the first column names the owner; another constraint checks that the owner exists.
            whose = f" of {key[0]}" if len(key) > 1 else ""
            return line, names[-1], f"there is no {key[-1]}{whose} in {reference.referred_table.name}.csv"
    return None


async def _present(session: AsyncSession, columns: Columns, keys: Sequence[Key]) -> set[Key]:
    if not keys:
        return set()
    rows = await session.execute(select(*columns).where(tuple_(*columns).in_(keys)))
    return {tuple(row) for row in rows}


def _key(row: dict[str, Any], names: Sequence[str]) -> Key:
    return tuple(row[name] for name in names)
