"""Ids in CSV files that differ in their spelling alone: a reference finds its row all the same, two rows are told."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Column as TableColumn
from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.moving.csv_files.layout import SHEETS, Sheet
from storage.moving.csv_files.rows import CsvError, Numbered, line_of
from storage.shop.spelling import alike, as_stored, folded_id

KEY = "folded_id"


async def respell_references(session: AsyncSession, table: Table, batch: Sequence[Numbered]) -> bool:
    """Write references as the rows that they mean spell their ids; return whether that changed any."""
    changed = False
    for reference in table.foreign_key_constraints:
        [column, *others] = reference.columns
        target = reference.elements[0].column
        if not others and KEY in target.table.columns and column.name in batch[0][1]:
            changed |= await respell(session, target, column.name, batch)
    return changed


async def respell(session: AsyncSession, target: TableColumn[str], name: str, batch: Sequence[Numbered]) -> bool:
    """Write one column's references as `respell_references` does."""
    wanted = {row[name] for _, row in batch if row[name] is not None}
    keys = {folded_id(each) for each in wanted}
    stored = await session.scalars(select(target).where(target.table.columns[KEY].in_(keys)))
    spelled = as_stored(wanted, stored)
    changed = [row for _, row in batch if spelled.get(row[name], row[name]) != row[name]]
    for row in changed:
        row[name] = spelled[row[name]]
    return bool(changed)


async def require_told_apart(session: AsyncSession, folder: Path) -> None:
    """Check that people can tell all ids of a kind apart.

    Raises:
        CsvError: two ids differ only in capitals, width or gaps, or in characters that nobody sees; with both lines.
    """
    for sheet in SHEETS:
        if KEY in sheet.table.columns:
            await _require_told_apart(session, folder, sheet)


async def _require_told_apart(session: AsyncSession, folder: Path, sheet: Sheet) -> None:
    [own], key = sheet.table.primary_key.columns, sheet.table.columns[KEY]
    several = select(key).group_by(key).having(func.count() > 1)
    ids = await session.scalars(select(own).where(key.in_(several)).order_by(key, own))
    for earlier, other in alike(ids):
        lines = {line_of(folder, sheet, own.name, each): each for each in (earlier, other)}
        (first, one), (last, same) = sorted(lines.items())
        problem = f"{same!r} is {one!r} of line {first:,} in another spelling, and people could not tell them apart"
        raise CsvError(folder / sheet.name, problem, line=last, column=own.name)
