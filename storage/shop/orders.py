"""Orders: numbered lines, shipments, payments, and what was asked for after delivery."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from storage.db import Base, stored_by_value
from storage.errors import NotFoundError
from storage.owners import Whose, theirs
from storage.shop.customers import Address
from storage.shop.products import Product
from storage.shop.spelling import folded_id, key_of, meant


class OrderStatus(StrEnum):
    """Where an order stands."""

    PENDING = "pending"
    ITEMS_CHANGED = "pending (items changed)"
    PROCESSED = "processed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURN_REQUESTED = "return requested"
    EXCHANGE_REQUESTED = "exchange requested"


class CancelReason(StrEnum):
    """Why a customer may cancel."""

    NO_LONGER_NEEDED = "no longer needed"
    ORDERED_BY_MISTAKE = "ordered by mistake"


class PaymentType(StrEnum):
    """Which way money moved."""

    PAYMENT = "payment"
    REFUND = "refund"


class OrderNotFoundError(NotFoundError):
    """There is no such order, or it belongs to somebody else; the text is the same for both."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"No order {order_id} was found. Check the order id, or list the orders.")


class OrderLine(Base):
    """One item in an order, at its purchase price in minor units.

    It stores its own name and options instead of referring to the variant: an order outlives the shop's catalogue.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        CheckConstraint("line >= 1", name="lines_count_from_one"),
        CheckConstraint("price >= 0", name="price_not_negative"),
    )

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[str]
    product_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str] = mapped_column()
    options: Mapped[dict[str, str]]
    price: Mapped[int]
    # What the shop calls it in other languages today; a product that has another name by now is not the one bought.
    names: Mapped[dict[str, str] | None] = column_property(
        select(Product.names)
        .where(Product.id == product_id, Product.name == name)
        .correlate_except(Product)
        .scalar_subquery(),
        expire_on_flush=False,
    )

    def name_in(self, language: str) -> str:
        """Return what it is called in a language, where the shop has that."""
        return (self.names or {}).get(language, self.name)


class Shipment(Base):
    """A parcel: its tracking ids and the items in it; who carries it, since when, and the carrier's date of arrival."""

    __tablename__ = "shipments"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    tracking_ids: Mapped[list[str]]
    item_ids: Mapped[list[str]]
    carrier: Mapped[str | None]
    shipped_on: Mapped[date | None]
    expected_on: Mapped[date | None]


class Payment(Base):
    """Money that moved for an order, in minor units, to or from a method of the order's own customer."""

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        ForeignKeyConstraint(["order_id", "customer_id"], ["orders.id", "orders.customer_id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["customer_id", "payment_method_id"], ["payment_methods.customer_id", "payment_methods.id"]
        ),
    )

    order_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[str]
    type: Mapped[PaymentType] = mapped_column(stored_by_value(PaymentType))
    amount: Mapped[int]
    payment_method_id: Mapped[str]


class Order(Address, Base):
    """What a customer bought, where it goes, and what has happened to it since."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("id", "customer_id"),
        UniqueConstraint("customer_id", "position"),
        Index(None, "status", "position"),
        CheckConstraint("length(currency) = 3", name="currency_is_iso_4217"),
        CheckConstraint("cancel_reason IS NULL OR status = 'cancelled'", name="only_cancelled_has_a_reason"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    folded_id: Mapped[str] = mapped_column(default=key_of(folded_id, "id"), index=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(unique=True)
    status: Mapped[OrderStatus] = mapped_column(stored_by_value(OrderStatus))
    currency: Mapped[str]
    ordered_at: Mapped[datetime | None]
    cancel_reason: Mapped[CancelReason | None] = mapped_column(stored_by_value(CancelReason))
    return_item_ids: Mapped[list[str] | None]
    return_payment_method_id: Mapped[str | None]
    exchange_item_ids: Mapped[list[str] | None]
    exchange_new_item_ids: Mapped[list[str] | None]
    exchange_payment_method_id: Mapped[str | None]
    exchange_price_difference: Mapped[int | None]
    lines: Mapped[list[OrderLine]] = relationship(
        order_by=OrderLine.line, lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )
    shipments: Mapped[list[Shipment]] = relationship(
        order_by=Shipment.number, lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )
    payments: Mapped[list[Payment]] = relationship(
        order_by=Payment.number, lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def total(self) -> int:
        """What the order is worth, in minor units: the sum of its lines."""
        return sum(line.price for line in self.lines)

    @property
    def unpaid(self) -> bool:
        """Whether nobody has paid anything for it yet, or ever did."""
        return self.total > 0 and not any(payment.amount for payment in self.payments)


async def get_order(session: AsyncSession, order_id: str, whose: Whose, *, lock: bool = False) -> Order:
    """Return an order by its id, as somebody typed it.

    Args:
        session: an open session.
        order_id: the id as the shop stores it, or in another spelling that `spelling.meant` reads.
        whose: who it must belong to.
        lock: lock the row until the transaction ends, so that rule and write see the same order.

    Raises:
        OrderNotFoundError: there is none, or it is another customer's.
    """
    query = select(Order).where(Order.id == await find_order_id(session, order_id, whose))
    order = (await session.scalars(query.with_for_update() if lock else query)).first()
    if order is None:
        raise OrderNotFoundError(order_id)
    return order


async def find_order_id(session: AsyncSession, order_id: str, whose: Whose) -> str | None:
    """Return the id that the shop stores for one that somebody typed; None if theirs are no such order."""
    named = select(Order.id).where(Order.folded_id == folded_id(order_id), theirs(whose, Order.customer_id))
    return meant(order_id, await session.scalars(named))


async def list_orders(
    session: AsyncSession, whose: Whose, *, status: OrderStatus | None, before: int | None, limit: int
) -> Sequence[Order]:
    """Return the newest orders first: at most `limit` of them, older than the position `before`."""
    query = select(Order).where(theirs(whose, Order.customer_id))
    if status is not None:
        query = query.where(Order.status == status)
    if before is not None:
        query = query.where(Order.position < before)
    return (await session.scalars(query.order_by(Order.position.desc()).limit(limit))).all()


async def list_order_ids(session: AsyncSession, whose: Whose, beginning: str, limit: int) -> Sequence[str]:
    """Return the newest readable order ids that begin like this, in any spelling."""
    begins = Order.folded_id.startswith(folded_id(beginning), autoescape=True)
    query = select(Order.id).where(begins, theirs(whose, Order.customer_id))
    return (await session.scalars(query.order_by(Order.position.desc()).limit(limit))).all()
