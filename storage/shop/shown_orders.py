"""Orders for showing, not for changing: each with all its parts in one row, which is the quickest way to read them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel
from sqlalchemy import JSON, ColumnElement, Select, Text, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import is_postgresql
from storage.owners import Whose, kept_theirs, owner_values
from storage.shop.orders import (
    CancelReason,
    Order,
    OrderLine,
    OrderNotFoundError,
    OrderStatus,
    Payment,
    PaymentType,
    Shipment,
)

ORDERS, LINES = Order.__table__.c, OrderLine.__table__.c
SHIPMENTS, PAYMENTS = Shipment.__table__.c, Payment.__table__.c


class ShownLine(BaseModel):
    """One item of an order."""

    line: int
    item_id: str
    product_id: str
    name: str
    options: dict[str, str]
    price: int


class ShownShipment(BaseModel):
    """A parcel."""

    number: int
    tracking_ids: list[str]
    item_ids: list[str]


class ShownPayment(BaseModel):
    """Money that moved."""

    number: int
    type: PaymentType
    amount: int
    payment_method_id: str


class ShownOrder(BaseModel):
    """An order as it was when it was read; the fields are columns of `Order`, and its parts."""

    id: str
    customer_id: str
    position: int
    status: OrderStatus
    currency: str
    address1: str
    address2: str
    city: str
    state: str
    country: str
    zip: str
    cancel_reason: CancelReason | None
    return_item_ids: list[str] | None
    return_payment_method_id: str | None
    exchange_item_ids: list[str] | None
    exchange_new_item_ids: list[str] | None
    exchange_payment_method_id: str | None
    exchange_price_difference: int | None
    lines: list[ShownLine]
    shipments: list[ShownShipment]
    payments: list[ShownPayment]

    @property
    def total(self) -> int:
        """What the order is worth, in minor units: the sum of its lines."""
        return sum(line.price for line in self.lines)


PARTS: Mapping[str, tuple[type[BaseModel], Any]] = {
    "lines": (ShownLine, LINES),
    "shipments": (ShownShipment, SHIPMENTS),
    "payments": (ShownPayment, PAYMENTS),
}


async def show_order(session: AsyncSession, order_id: str, whose: Whose) -> ShownOrder:
    """Return an order by its id, with or without the leading '#', where it may be read.

    Raises:
        OrderNotFoundError: there is none, or it is another customer's.
    """
    bare = order_id.removeprefix("#")
    found = await _read(session, whose, {"bare": bare, "marked": f"#{bare}"})
    if not found:
        raise OrderNotFoundError(order_id)
    return next((order for order in found if order.id == order_id), found[0])


async def list_orders(
    session: AsyncSession, whose: Whose, *, status: OrderStatus | None, before: int | None, limit: int
) -> Sequence[ShownOrder]:
    """Return the newest orders first: at most `limit` of them, older than the position `before`."""
    return await _read(session, whose, {"status": status, "before": before, "most": limit})


async def _read(session: AsyncSession, whose: Whose, asked: Mapping[str, Any]) -> list[ShownOrder]:
    given = frozenset(name for name, value in asked.items() if value is not None)
    kind = type(whose)
    query = _query(given, kind, postgresql=is_postgresql(session))  # type: ignore[arg-type]  # classes can be hashed
    found = await session.scalars(query, {**asked, **owner_values(whose)})
    return [_shown(text) for text in found]


def _shown(text: str) -> ShownOrder:
    order = ShownOrder.model_validate_json(text)
    order.lines.sort(key=lambda line: line.line)
    order.shipments.sort(key=lambda shipment: shipment.number)
    order.payments.sort(key=lambda payment: payment.number)
    return order


# Putting the query together takes longer than running it, so each is put together once.
@cache
def _query(given: frozenset[str], kind: type[Whose], *, postgresql: bool) -> Select[str]:
    conditions = {
        "bare": or_(ORDERS.id == bindparam("bare"), ORDERS.id == bindparam("marked")),
        "status": ORDERS.status == bindparam("status"),
        "before": ORDERS.position < bindparam("before"),
    }
    whole: dict[str, ColumnElement[Any]] = {name: ORDERS[name] for name in ShownOrder.model_fields if name not in PARTS}
    for name, (part, columns) in PARTS.items():
        fields = {field: columns[field] for field in part.model_fields}
        listed = select(_list(fields, postgresql=postgresql)).where(columns.order_id == ORDERS.id)
        whole[name] = listed.correlate(Order.__table__).scalar_subquery()
    query = select(cast(_object(whole, postgresql=postgresql), Text))
    query = query.where(
        kept_theirs(kind, ORDERS.customer_id), *(condition for name, condition in conditions.items() if name in given)
    )
    return query.order_by(ORDERS.position.desc()).limit(bindparam("most")) if "most" in given else query


def _object(values: Mapping[str, ColumnElement[Any]], *, postgresql: bool) -> ColumnElement[Any]:
    pairs = list[ColumnElement[Any]]()
    for name, value in values.items():
        # SQLite keeps JSON as text, which has to be read as JSON to become part of more of it.
        is_text = isinstance(value.type, JSON) and not postgresql
        pairs += [literal_column(f"'{name}'"), func.json(value) if is_text else value]
    return func.json_build_object(*pairs) if postgresql else func.json_object(*pairs)


def _list(values: Mapping[str, ColumnElement[Any]], *, postgresql: bool) -> ColumnElement[Any]:
    rows = _object(values, postgresql=postgresql)
    if postgresql:
        return func.coalesce(func.json_agg(rows), literal_column("'[]'::json"), type_=JSON())
    return func.json_group_array(rows, type_=JSON())
