"""The shop's contents as a whole: whether they may be replaced, clearing them, and filling the shop again."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from storage.chats.conversations import Conversation
from storage.db import Base, Sessions, is_postgresql, now, without_haste, writing
from storage.moving.fingerprint import DATA, take_fingerprint
from storage.outages import DatabaseBusyError
from storage.people.accounts import Account
from storage.people.logins import DEMO_STAFF_ID
from storage.pictures.images import Image
from storage.settings import CannotStartError
from storage.shop.audit import Audit
from storage.shop.customers import Customer
from storage.shop.orders import Order
from storage.shop.products import Product, Variant
from storage.shop.shop import Origin, Shop, find_shop
from storage.shop.tickets import Ticket

BATCH = 500

Rows = Mapping[type[Base], Sequence[dict[str, Any]]]
Progress = Callable[[int], None]


class ShopInUseError(CannotStartError):
    """The shop contains data other than the untouched demo."""

    def __init__(self, customers: int, orders: int) -> None:
        super().__init__(
            f"The shop contains data other than the untouched demo (customers: {customers:,}, orders: {orders:,}). "
            "Add --replace to delete it and load the new data."
        )


class ShopBusyError(CannotStartError):
    """Somebody else is writing to the database."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The shop's database cannot be written to right now: {reason}. Nothing was changed; try again."
        )


@dataclass(frozen=True)
class Counts:
    """How much a shop contains."""

    customers: int
    products: int
    variants: int
    orders: int
    tickets: int

    def __str__(self) -> str:
        return (
            f"{self.customers:,} customers, {self.products:,} products ({self.variants:,} variants), "
            f"{self.orders:,} orders, {self.tickets:,} tickets"
        )


def count_rows(rows: Rows) -> int:
    """Return the number of rows in all tables."""
    return sum(len(of_table) for of_table in rows.values())


@asynccontextmanager
async def replacing(sessions: Sessions, origin: Origin, currency: str, *, replace: bool) -> AsyncIterator[AsyncSession]:
    """Clear the shop, yield a session to fill it with, and record where its data came from: all or nothing.

    Raises:
        ShopInUseError: the shop is neither empty nor the untouched demo, and `replace` is not set.
        ShopBusyError: somebody else is writing, and did not finish in time.
    """
    async with _writing_alone(sessions) as session:
        if not replace:
            await _require_replaceable(session)
        await _clear(session)
        if origin is Origin.IMPORTED:
            await session.execute(delete(Account).where(Account.id == DEMO_STAFF_ID))
        yield session
        # Only a demo needs a fingerprint, and reading a million orders again would take a while.
        fingerprint = await take_fingerprint(session) if origin is Origin.DEMO else ""
        session.add(Shop(origin=origin, currency=currency, fingerprint=fingerprint, loaded_at=now()))


@asynccontextmanager
async def _writing_alone(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    async with AsyncExitStack() as stack:
        try:
            session = await stack.enter_async_context(writing(sessions))
            await _lock_tables(session)
        except DatabaseBusyError as error:
            raise ShopBusyError(error.reason) from error
        yield session


async def _lock_tables(session: AsyncSession) -> None:
    # SQLite has only one writer anyway. Here everybody can still read the old shop until the new one is complete.
    if is_postgresql(session):
        await without_haste(session)
        locked: Sequence[type[Base]] = (Order, *DATA, Shop, Conversation, Image)
        tables = ", ".join(model.__tablename__ for model in locked)
        await session.execute(text(f"LOCK TABLE {tables} IN EXCLUSIVE MODE"))


async def fill(session: AsyncSession, rows: Rows, on_progress: Progress) -> None:
    """Write all rows, table by table, and report how many were written after each batch."""
    for model in DATA:
        of_table = rows.get(model, ())
        for start in range(0, len(of_table), BATCH):
            batch = of_table[start : start + BATCH]
            await session.execute(insert(model), batch)
            on_progress(len(batch))


async def count_contents(session: AsyncSession) -> Counts:
    """Return how much the shop contains."""
    return Counts(
        customers=await _count(session, Customer),
        products=await _count(session, Product),
        variants=await _count(session, Variant),
        orders=await _count(session, Order),
        tickets=await _count(session, Ticket),
    )


async def _count(session: AsyncSession, model: type[Base]) -> int:
    return await session.scalar(select(func.count()).select_from(model)) or 0


async def _require_replaceable(session: AsyncSession) -> None:
    held = await count_contents(session)
    if held.customers == held.products == 0 or await is_untouched_demo(session):
        return
    raise ShopInUseError(held.customers, held.orders)


async def is_untouched_demo(session: AsyncSession) -> bool:
    """Return whether the shop is the demo and its data is unchanged; chats do not count."""
    shop = await find_shop(session)
    if shop is None or shop.origin is not Origin.DEMO:
        return False
    used = await session.scalar(select(Audit.id).where(Audit.at >= shop.loaded_at).limit(1))
    return used is None and shop.fingerprint == await take_fingerprint(session)


async def _clear(session: AsyncSession) -> None:
    # Chats and pictures go with their customers; staff logins and the audit log stay.
    of_customers = Conversation.customer_id.is_not(None) | Conversation.account_id.in_(
        select(Account.id).where(Account.staff.is_(False))
    )
    await session.execute(delete(Conversation).where(of_customers))
    await session.execute(delete(Image))
    await session.execute(delete(Account).where(Account.staff.is_(False)))
    for model in reversed(DATA):
        if model is not Account:
            await session.execute(delete(model))
    await session.execute(delete(Shop))
