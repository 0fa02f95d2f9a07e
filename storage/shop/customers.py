"""Customers and the payment methods they own."""

import secrets
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.db import Base, hold, stored_by_value
from storage.errors import NotFoundError
from storage.shop.spelling import folded_id, folded_name, folded_postcode, key_of, meant, stored_email
from storage.words.languages import ENGLISH


class PaymentKind(StrEnum):
    """How a customer can pay."""

    CREDIT_CARD = "credit_card"
    GIFT_CARD = "gift_card"
    PAYPAL = "paypal"


class CustomerNotFoundError(NotFoundError):
    """There is no such customer, or the caller may not see them."""

    def __init__(self, customer_id: str) -> None:
        super().__init__(f"No customer {customer_id} was found. Check the customer id.")


class Address:
    """The columns of a postal address."""

    address1: Mapped[str]
    address2: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    country: Mapped[str]
    zip: Mapped[str]


MOST_FOUND = 5
ADDRESS_FIELDS = ("address1", "address2", "city", "state", "country", "zip")


class PaymentMethod(Base):
    """A card, gift card or PayPal account of one customer; only a gift card has a balance, in minor units."""

    __tablename__ = "payment_methods"
    __table_args__ = (
        CheckConstraint("(kind = 'gift_card') = (balance IS NOT NULL)", name="only_gift_cards_have_a_balance"),
        CheckConstraint("balance >= 0", name="balance_not_negative"),
        CheckConstraint("length(last_four) = 4", name="last_four_has_four"),
    )

    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    kind: Mapped[PaymentKind] = mapped_column(stored_by_value(PaymentKind))
    brand: Mapped[str | None]
    last_four: Mapped[str | None]
    balance: Mapped[int | None]


class Customer(Address, Base):
    """Someone who buys in the shop, with the address new orders go to."""

    __tablename__ = "customers"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        Index(None, "zip"),
        # A visitor's token has a subject like this, which must never be a customer's id.
        CheckConstraint("substr(id, 1, 8) <> 'visitor:'", name="id_is_no_visitors"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    folded_id: Mapped[str] = mapped_column(default=key_of(folded_id, "id"), index=True)
    position: Mapped[int] = mapped_column(unique=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(default=key_of(folded_name, "first_name", "last_name"), index=True)
    email: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="en")
    payment_methods: Mapped[list[PaymentMethod]] = relationship(
        order_by=PaymentMethod.position, lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def methods(self) -> dict[str, PaymentMethod]:
        """The payment methods by id."""
        return {method.id: method for method in self.payment_methods}


async def get_customer(session: AsyncSession, customer_id: str, *, lock: bool = False) -> Customer:
    """Return a customer with their payment methods.

    Args:
        session: an open session.
        customer_id: the customer's id.
        lock: lock the row until the transaction ends, so that a gift card is not spent twice at once.

    Raises:
        CustomerNotFoundError: there is none with this id.
    """
    query = select(Customer).where(Customer.id == customer_id)
    customer = (await session.scalars(query.with_for_update() if lock else query)).first()
    if customer is None:
        raise CustomerNotFoundError(customer_id)
    return customer


async def add_newcomer(session: AsyncSession, email: str, name: str, language: str) -> Customer:
    """Add a customer who has bought nothing yet, and told neither an address nor which part of the name is which."""
    await hold(session, "customers")
    newcomer = Customer(
        id=f"customer_{secrets.token_hex(6)}",
        position=(await session.scalar(select(func.max(Customer.position))) or 0) + 1,
        first_name=name,
        last_name="",
        email=email,
        language=language,
        payment_methods=[],
        **dict.fromkeys(ADDRESS_FIELDS, ""),
    )
    session.add(newcomer)
    await session.flush()
    return newcomer


async def language_of(session: AsyncSession, customer_id: str | None) -> str:
    """Return a customer's language; English for staff, who are no customer."""
    found = await session.scalar(select(Customer.language).where(Customer.id == customer_id))
    return found or ENGLISH


async def find_by_id_or_email(session: AsyncSession, named: str) -> Customer | None:
    """Return the customer with exactly this id, as programs name one; else the one with this email, in any spelling."""
    by_id = await session.get(Customer, named)
    if by_id is not None:
        return by_id
    return (await session.scalars(select(Customer).where(Customer.email == stored_email(named)))).first()


async def find_customer_meant(session: AsyncSession, typed: str) -> Customer | None:
    """Return the customer whose id, or else whose email, a member of staff typed."""
    ids = await session.scalars(select(Customer.id).where(Customer.folded_id == folded_id(typed)))
    return await find_by_id_or_email(session, meant(typed, ids) or typed)


async def find_customers(
    session: AsyncSession, *, email: str | None = None, name: tuple[str, str] | None = None, zip_code: str | None = None
) -> Sequence[Customer]:
    """Return the customers with this email, or this first and last name and postcode, as people mean them."""
    query = select(Customer).order_by(Customer.position).limit(MOST_FOUND)
    if email is not None:
        query = query.where(Customer.email == stored_email(email))
    if name is not None:
        query = query.where(Customer.folded_name == folded_name(*name))
    if name is not None and zip_code is not None:
        query = query.where(Customer.id.in_(await _ids_at(session, folded_name(*name), folded_postcode(zip_code))))
    return (await session.scalars(query)).all()


async def _ids_at(session: AsyncSession, name: str, postcode: str) -> list[str]:
    rows = await session.execute(
        select(Customer.id, Customer.zip).where(Customer.folded_name == name).order_by(Customer.position)
    )
    return [key for key, own in rows if folded_postcode(own) == postcode][:MOST_FOUND]
