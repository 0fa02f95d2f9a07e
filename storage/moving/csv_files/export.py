"""Writes the shop's tables as CSV files, row by row, so that memory stays bounded."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Base
from storage.moving.contents import Progress
from storage.moving.csv_files.layout import SHEETS, Sheet
from storage.shop.customers import Customer, PaymentMethod
from storage.shop.orders import Order, OrderLine, Payment, Shipment
from storage.shop.products import Product, Variant
from storage.shop.tickets import Ticket, TicketEntry

ROWS_AT_ONCE = 1000

# Databases sort text ids differently, so rows are ordered by the parent's numeric position first.
ORDERED_BY: dict[type[Base], Sequence[Any]] = {
    Customer: (Customer.position,),
    PaymentMethod: (Customer.position, PaymentMethod.position, PaymentMethod.id),
    Product: (Product.position,),
    Variant: (Product.position, Variant.position, Variant.item_id),
    Order: (Order.position,),
    OrderLine: (Order.position, OrderLine.line),
    Shipment: (Order.position, Shipment.number),
    Payment: (Order.position, Payment.number),
    Ticket: (Ticket.created_at, Ticket.id),
    TicketEntry: (Ticket.created_at, Ticket.id, TicketEntry.number),
}
PARENT: dict[type[Base], type[Base]] = {
    PaymentMethod: Customer,
    Variant: Product,
    OrderLine: Order,
    Shipment: Order,
    Payment: Order,
    TicketEntry: Ticket,
}


async def count_rows(session: AsyncSession) -> int:
    """Return the total number of rows in all files."""
    counts = [await session.scalar(select(func.count()).select_from(sheet.model)) for sheet in SHEETS]
    return sum(count or 0 for count in counts)


async def export_csv(session: AsyncSession, folder: Path, on_progress: Progress) -> None:
    """Write every file into the folder as this transaction sees the shop, reporting each batch of rows written."""
    for sheet in SHEETS:
        with (folder / sheet.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column.name for column in sheet.columns])
            rows = await session.stream(_rows_of(sheet))
            async for part in rows.partitions(ROWS_AT_ONCE):
                writer.writerows(_cells(sheet, row) for row in part)
                on_progress(len(part))


def _rows_of(sheet: Sheet) -> Select[Any]:
    query = select(*(sheet.table.columns[column.name] for column in sheet.columns))
    parent = PARENT.get(sheet.model)
    if parent is not None:
        query = query.join_from(sheet.table, parent)
    return query.order_by(*ORDERED_BY[sheet.model])


def _cells(sheet: Sheet, row: Sequence[Any]) -> list[str]:
    return ["" if value is None else column.kind.write(value) for column, value in zip(sheet.columns, row, strict=True)]
