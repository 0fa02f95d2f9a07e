"""A shop's fingerprint: one digest over its data, to tell whether any of it has changed since it was loaded."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Base
from storage.people.accounts import Account
from storage.shop.customers import Customer, PaymentMethod
from storage.shop.orders import Order, OrderLine, Payment, Shipment
from storage.shop.products import Product, Variant
from storage.shop.tickets import Ticket, TicketEntry

# A row comes after the rows it refers to, so this is also the order to write in and, reversed, to delete in.
DATA: Sequence[type[Base]] = (
    Customer,
    PaymentMethod,
    Product,
    Variant,
    Order,
    OrderLine,
    Shipment,
    Payment,
    Ticket,
    TicketEntry,
    Account,
)

ROWS_AT_ONCE = 1000

LEFT_OUT = frozenset(
    {
        "password_hash",
        "waits_since",
        "taken_by",
        "changed_at",
        "carrier",
        "shipped_on",
        "expected_on",
        "names",
        "folded_id",
        "folded_name",
    }
)
"""The same password has a different hash every time, so with it every shop would look changed; who has a ticket since
when is no part of the shop that was loaded; a demo of an earlier version has no carriers and no Korean names, yet may
be untouched; and keys are made of ids and names."""


async def take_fingerprint(session: AsyncSession) -> str:
    """Return the digest of the shop's data as this transaction sees it, without chats and staff logins."""
    digest = sha256()
    for model in DATA:
        digest.update(model.__tablename__.encode())
        rows = await session.stream(_rows_of(model))
        async for part in rows.partitions(ROWS_AT_ONCE):
            digest.update(json.dumps([list(row) for row in part], ensure_ascii=False, default=str).encode())
    return digest.hexdigest()


def _rows_of(model: type[Base]) -> Select[Any]:
    table: Table = model.metadata.tables[model.__tablename__]
    columns = [column for column in table.columns if column.name not in LEFT_OUT]
    rows = select(*columns).order_by(*table.primary_key.columns)
    return rows.where(Account.staff.is_(False)) if model is Account else rows
