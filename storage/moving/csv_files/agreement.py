"""Consistency between rows that no database constraint enforces: an order's items and its money."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import ScalarSelect, Select, and_, case, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.moving.csv_files.conflicts import Problem
from storage.moving.csv_files.layout import SHEETS
from storage.moving.csv_files.rows import CsvError, Numbered, line_of
from storage.moving.csv_files.spellings import column_of, respell
from storage.shop.customers import PaymentMethod
from storage.shop.orders import Order, OrderLine, OrderStatus, Payment, PaymentType
from storage.shop.spelling import meant

ORDERS = next(sheet for sheet in SHEETS if sheet.model is Order)
AT_ONCE = 1000
UNPAID = (OrderStatus.PENDING, OrderStatus.ITEMS_CHANGED)
"""States in which nobody may have paid for an order yet."""
ITEMS = ("return_item_ids", "exchange_item_ids")


async def find_foreign_methods(session: AsyncSession, batch: Sequence[Numbered]) -> Problem | None:
    """Return the first order of the batch that wants a refund to a method its customer does not have."""
    asked = [
        (line, column, (row["customer_id"], row[column]))
        for line, row in batch
        for column in ("return_payment_method_id", "exchange_payment_method_id")
        if row[column] is not None
    ]
    if not asked:
        return None
    key = tuple_(PaymentMethod.customer_id, PaymentMethod.id)
    wanted = select(PaymentMethod.customer_id, PaymentMethod.id).where(key.in_([owned for _, _, owned in asked]))
    present = {tuple(row) for row in await session.execute(wanted)}
    for line, column, owned in asked:
        if owned not in present:
            return line, column, f"there is no {owned[1]} of {owned[0]} in payment_methods.csv"
    return None


async def find_strange_items(session: AsyncSession, batch: Sequence[Numbered]) -> Problem | None:
    """Write the items of the batch's parcels as their orders have them; return the first that is not in its order."""
    strange = await _strange(session, batch)
    if strange:
        await respell(session, column_of(Order, "id"), "order_id", strange)
        bought = await _bought(session, [row["order_id"] for _, row in strange])
        for _, row in strange:
            row["item_ids"] = _as_bought(row["item_ids"], bought[row["order_id"]])
    for line, row in await _strange(session, strange):
        bought = await _bought(session, [row["order_id"]])
        item_id = next(each for each in row["item_ids"] if each not in bought[row["order_id"]])
        return line, "item_ids", f"order {row['order_id']} has no item {item_id} in order_lines.csv"
    return None


async def _strange(session: AsyncSession, batch: Sequence[Numbered]) -> list[Numbered]:
    bought = await _bought(session, [row["order_id"] for _, row in batch])
    return [(line, row) for line, row in batch if not bought[row["order_id"]].keys() >= set(row["item_ids"])]


def _as_bought(item_ids: Sequence[str], bought: Iterable[str]) -> list[str]:
    # The orders' lines are those of `bought`; what is in none of them stays as it is.
    own = list(bought)
    return [meant(each, own) or each for each in item_ids]


async def require_agreement(session: AsyncSession, folder: Path) -> None:
    """Check all orders once all their rows are loaded.

    Raises:
        CsvError: an order's payments do not match its value, or an item is to be returned that it does not contain.
    """
    await _require_money(session, folder)
    await _require_items(session, folder)


async def _require_money(session: AsyncSession, folder: Path) -> None:
    moved = case((Payment.type == PaymentType.PAYMENT, Payment.amount), else_=-Payment.amount)
    paid = _sum(select(func.coalesce(func.sum(moved), 0)).where(Payment.order_id == Order.id))
    worth = _sum(select(func.coalesce(func.sum(OrderLine.price), 0)).where(OrderLine.order_id == Order.id))
    cancelled = Order.status == OrderStatus.CANCELLED
    moved_any = select(Payment.number).where(Payment.order_id == Order.id, Payment.amount > 0).exists()
    unpaid = and_(Order.status.in_(UNPAID), ~moved_any)
    kept = and_(cancelled, paid.between(0, worth))
    query = select(Order.id, paid, worth, cancelled).where(paid != worth, ~unpaid, ~kept)
    wrong = (await session.execute(query.limit(1))).first()
    if wrong is not None:
        order_id, is_paid, is_worth, is_cancelled = wrong
        due = f"from 0 to {is_worth}, as it is cancelled" if is_cancelled else f"{is_worth}, as its lines"
        problem = f"payments less refunds of order {order_id} are {is_paid}, and should be {due}, in minor units"
        raise CsvError(folder / "payments.csv", problem)


def _sum(query: Select[int]) -> ScalarSelect[int]:
    return query.scalar_subquery()


async def _require_items(session: AsyncSession, folder: Path) -> None:
    asked = or_(Order.return_item_ids.is_not(None), Order.exchange_item_ids.is_not(None))
    query = select(Order.id, Order.return_item_ids, Order.exchange_item_ids).where(asked)
    rows = await session.stream(query.order_by(Order.position))
    async for part in rows.partitions(AT_ONCE):
        bought = await _bought(session, [order_id for order_id, _, _ in part])
        for order_id, *asked_for in part:
            for column, item_ids in zip(ITEMS, asked_for, strict=True):
                if Counter(item_ids or ()) - bought[order_id]:
                    spelled = _as_bought(item_ids or (), bought[order_id])
                    _require_bought(folder, order_id, column, Counter(spelled) - bought[order_id])
                    await session.execute(update(Order).where(Order.id == order_id).values({column: spelled}))


def _require_bought(folder: Path, order_id: str, column: str, missing: Counter[str]) -> None:
    for item_id in missing:
        line = line_of(folder, ORDERS, "id", order_id)
        problem = f"the order does not have {item_id} in order_lines.csv, or not as often"
        raise CsvError(folder / ORDERS.name, problem, line=line, column=column)


async def _bought(session: AsyncSession, order_ids: Iterable[str]) -> dict[str, Counter[str]]:
    bought: dict[str, Counter[str]] = defaultdict(Counter)
    rows = await session.execute(
        select(OrderLine.order_id, OrderLine.item_id).where(OrderLine.order_id.in_(set(order_ids)))
    )
    for order_id, item_id in rows:
        bought[order_id][item_id] += 1
    return bought
