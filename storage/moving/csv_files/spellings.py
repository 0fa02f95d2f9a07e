"""Ids in CSV files that differ in their spelling alone: a reference finds its row all the same, two rows are told."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from sqlalchemy import Column as TableColumn
from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Base
from storage.moving.csv_files.layout import SHEETS, Sheet
from storage.moving.csv_files.rows import CsvError, Numbered, line_of
from storage.shop.customers import Customer, PaymentMethod
from storage.shop.products import Product, Variant
from storage.shop.spelling import alike, as_meant, as_stored, folded_id, meant

KEY = "folded_id"
METHODS = ("return_payment_method_id", "exchange_payment_method_id")


async def respell_references(session: AsyncSession, table: Table, batch: Sequence[Numbered]) -> bool:
    """Write references as the rows that they mean spell their ids; return whether that changed any."""
    changed = False
    for reference in table.foreign_key_constraints:
        [column, *others] = reference.columns
        target = reference.elements[0].column
        if not others and KEY in target.table.columns and column.name in batch[0][1]:
            changed |= await respell(session, target, column.name, batch)
    return changed


async def respell(
    session: AsyncSession,
    target: TableColumn[str],
    name: str,
    batch: Sequence[Numbered],
    same: Callable[[Iterable[str], Iterable[str]], Mapping[str, str]] = as_meant,
) -> bool:
    """Write one column's references, an id or a list of ids in each cell, as `respell_references` does.

    `same` finds the stored ids; where a row need not be there at all, that is `as_stored`.
    """
    wanted = {each for _, row in batch for each in _ids(row[name])}
    keys = {folded_id(each) for each in wanted}
    stored = await session.scalars(select(target).where(target.table.columns[KEY].in_(keys)))
    other = {typed: own for typed, own in same(wanted, stored).items() if typed != own}
    changed = [row for _, row in batch if not other.keys().isdisjoint(_ids(row[name]))]
    for row in changed:
        spelled = [other.get(each, each) for each in _ids(row[name])]
        row[name] = spelled if isinstance(row[name], list) else spelled[0]
    return bool(changed)


async def respell_order(session: AsyncSession, batch: Sequence[Numbered]) -> None:
    """Write what orders' rows refer to without the database checking it: refunds' methods, and items in exchange."""
    asking = [(line, row) for line, row in batch if any(row[name] is not None for name in METHODS)]
    if asking:
        await respell(session, column_of(Customer, "id"), "customer_id", asking)
        await respell_methods(session, METHODS, asking)
    exchanged = [(line, row) for line, row in batch if row["exchange_new_item_ids"]]
    if exchanged:
        await respell(session, column_of(Variant, "item_id"), "exchange_new_item_ids", exchanged)


async def respell_lines(session: AsyncSession, batch: Sequence[Numbered]) -> None:
    """Write the items and products of orders' lines as the catalogue has them; they need not be in it any more."""
    await respell(session, column_of(Variant, "item_id"), "item_id", batch, as_stored)
    await respell(session, column_of(Product, "id"), "product_id", batch, as_stored)


async def respell_methods(session: AsyncSession, names: Sequence[str], batch: Sequence[Numbered]) -> bool:
    """Write payment methods as the rows' customers have them; return whether that changed any."""
    owned = defaultdict[str, list[str]](list)
    whose = PaymentMethod.customer_id.in_({row["customer_id"] for _, row in batch})
    for customer_id, own in await session.execute(select(PaymentMethod.customer_id, PaymentMethod.id).where(whose)):
        owned[customer_id].append(own)
    changed = False
    for _, row in batch:
        for name in names:
            found = row[name] and meant(row[name], owned[row["customer_id"]])
            if found and found != row[name]:
                row[name], changed = found, True
    return changed


def column_of(model: type[Base], name: str) -> TableColumn[str]:
    """Return a column of a table, by its name."""
    return model.metadata.tables[model.__tablename__].columns[name]


def _ids(cell: str | list[str] | None) -> list[str]:
    return cell if isinstance(cell, list) else [] if cell is None else [cell]


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
