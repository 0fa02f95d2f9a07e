"""The rows a conversation may change: before, after, and the unexpected differences."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from scripts.evaluation.script import Fields, Rows
from storage.db import Base
from storage.shop.customers import Customer, PaymentMethod
from storage.shop.orders import Order, OrderLine, Payment
from storage.shop.tickets import Ticket

WATCHED = (Order, OrderLine, Payment, PaymentMethod, Customer, Ticket)
Ledger = dict[str, dict[str, dict[str, Any]]]


async def read_ledger(session: AsyncSession) -> Ledger:
    """Return every row of the watched tables."""
    ledger: Ledger = {}
    for model in WATCHED:
        table = Base.metadata.tables[model.__tablename__]
        rows = (await session.execute(select(table))).mappings()
        ledger[table.name] = {_key(table, row): dict(row) for row in rows}
    return ledger


async def set_rows(session: AsyncSession, rows: Rows) -> None:
    """Change rows, as if somebody else did.

    Raises:
        LookupError: there is no such row.
    """
    for name, changes in rows.items():
        table = Base.metadata.tables[name]
        for key, values in changes.items():
            columns = zip(table.primary_key.columns, _parts(table, key), strict=True)
            changed = update(table).where(*(column == column.type.python_type(part) for column, part in columns))
            returned = await session.execute(changed.values(**values).returning(*table.primary_key.columns))
            if returned.first() is None:
                raise LookupError(f"no row {key} in {name}")


def unexpected(before: Ledger, after: Ledger, rows: Rows, new_rows: Mapping[str, list[Fields]]) -> list[str]:
    """Return the differences from what was expected: rows that changed but should not have, or the other way round."""
    problems = []
    for table in before:
        expected = rows.get(table, {})
        changed = {key for key, row in after[table].items() if key in before[table] and row != before[table][key]}
        problems += [f"{table} {key} changed" for key in sorted(changed - expected.keys())]
        problems += [f"{table} {key} is gone" for key in before[table] if key not in after[table]]
        for key, fields in expected.items():
            problems += _differs(f"{table} {key}", after[table].get(key, {}), fields)
        problems += _unlike(table, [row for key, row in after[table].items() if key not in before[table]], new_rows)
    return problems


def _unlike(table: str, added: list[dict[str, Any]], new_rows: Mapping[str, list[Fields]]) -> list[str]:
    expected = new_rows.get(table, [])
    if len(added) != len(expected):
        return [f"{table}: {len(added)} new rows instead of {len(expected)}"]
    missing = [fields for fields in expected if not any(not _differs("", row, fields) for row in added)]
    return [f"{table}: no new row has {fields}" for fields in missing]


def _differs(name: str, row: Mapping[str, Any], fields: Fields) -> list[str]:
    return [f"{name}: {column} is {row.get(column)!r}" for column, value in fields.items() if row.get(column) != value]


def _key(table: Table, row: Mapping[Any, Any]) -> str:
    return "/".join(str(row[column.name]) for column in table.primary_key.columns)


def _parts(table: Table, key: str) -> list[str]:
    return key.split("/", len(table.primary_key.columns) - 1)
