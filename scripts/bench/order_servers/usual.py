"""Reading an order as most people would write it: mapped classes, an async session over the stock driver, pydantic
results.

It imports nothing of the shop's, so that it runs in an environment with only a rival's requirements.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """The tables."""

    type_annotation_map = {dict[str, str]: JSON, list[str]: JSON}  # noqa: RUF012 - SQLAlchemy reads this plain attribute


class Line(Base):
    """One item of an order."""

    __tablename__ = "order_lines"
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[str]
    product_id: Mapped[str]
    name: Mapped[str]
    options: Mapped[dict[str, str]]
    price: Mapped[int]


class Shipment(Base):
    """A parcel."""

    __tablename__ = "shipments"
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    tracking_ids: Mapped[list[str]]
    item_ids: Mapped[list[str]]


class Payment(Base):
    """A payment or a refund."""

    __tablename__ = "payments"
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    amount: Mapped[int]
    payment_method_id: Mapped[str]


class Order(Base):
    """An order with all its parts."""

    __tablename__ = "orders"
    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str]
    status: Mapped[str]
    currency: Mapped[str]
    ordered_at: Mapped[datetime | None]
    address1: Mapped[str]
    address2: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    country: Mapped[str]
    zip: Mapped[str]
    cancel_reason: Mapped[str | None]
    lines: Mapped[list[Line]] = relationship(lazy="selectin", order_by=Line.line)
    shipments: Mapped[list[Shipment]] = relationship(lazy="selectin", order_by=Shipment.number)
    payments: Mapped[list[Payment]] = relationship(lazy="selectin", order_by=Payment.number)


class Shown(BaseModel):
    """Read from a row's attributes."""

    model_config = ConfigDict(from_attributes=True)


class ShownLine(Shown):
    """One item of an order."""

    line: int
    item_id: str
    product_id: str
    name: str
    options: dict[str, str]
    price: int


class ShownShipment(Shown):
    """A parcel."""

    tracking_ids: list[str]
    item_ids: list[str]


class ShownPayment(Shown):
    """A payment or a refund."""

    type: str
    amount: int
    payment_method_id: str


class ShownOrder(Shown):
    """One complete order."""

    id: str
    customer_id: str
    status: str
    currency: str
    address1: str
    address2: str
    city: str
    state: str
    country: str
    zip: str
    cancel_reason: str | None
    lines: list[ShownLine]
    shipments: list[ShownShipment]
    payments: list[ShownPayment]


@asynccontextmanager
async def open_shop(path: str) -> AsyncIterator[async_sessionmaker[AsyncSession]]:
    """Open the shop's file, and yield a session factory."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
    yield async_sessionmaker(engine, expire_on_commit=False)
    await engine.dispose()


async def read_order(sessions: async_sessionmaker[AsyncSession], order_id: str, claims: dict[str, Any]) -> ShownOrder:
    """Return an order of the customer a token acts for, or any order for staff.

    Raises:
        LookupError: there is no such order.
    """
    query = select(Order).where(Order.id == order_id)
    if not claims.get("staff"):
        query = query.where(Order.customer_id == claims["sub"])
    async with sessions() as session:
        order = (await session.scalars(query)).one_or_none()
        if order is None:
            raise LookupError(order_id)
        return ShownOrder.model_validate(order)
