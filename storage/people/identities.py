"""Whether somebody is the customer they claim to be, by what only they know, and how many attempts have failed."""

import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from storage.db import Base, hold, now
from storage.shop.customers import Customer
from storage.shop.orders import Order
from storage.shop.spelling import find_meant, folded_id, folded_postcode, stored_email

WINDOW = timedelta(hours=24)
"""How long a failed attempt counts."""

PER_EMAIL = 10
PER_ADDRESS = 30


class IdentityTry(Base):
    """One failed attempt. Email and network address are stored as hashes, which can only be compared."""

    __tablename__ = "identity_tries"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    email: Mapped[str] = mapped_column(index=True)
    address: Mapped[str | None] = mapped_column(index=True)


@dataclass(frozen=True)
class Marks:
    """Under what an attempt is counted: the email, and the network address if it is known."""

    email: str
    address: str | None


def marks_of(secret: str, email: str, address: str | None) -> Marks:
    """Return the marks of an attempt; with the shop's key, they can only be compared."""
    line = None if address is None else _mark(secret, "address", _network(address))
    return Marks(_mark(secret, "email", stored_email(email)), line)


def _mark(secret: str, kind: str, value: str) -> str:
    return hmac.digest(secret.encode(), f"{kind} {value}".encode(), "sha256").hex()


def _network(address: str) -> str:
    """Return what identifies one customer's line: with IPv6 that is a /64, since they may use any address in it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{found}/64", strict=False)) if found.version == 6 else str(found)  # noqa: PLR2004 - IPv6


async def may_try(session: AsyncSession, marks: Marks) -> bool:
    """Return whether these marks have attempts left; concurrent attempts with one of them wait for this one."""
    # In a fixed order, so that two attempts sharing both marks do not deadlock.
    for mark in sorted(filter(None, (marks.email, marks.address))):
        await hold(session, f"identity {mark}")
    tried = await _count(session, IdentityTry.email, marks.email)
    from_here = await _count(session, IdentityTry.address, marks.address)
    return tried < PER_EMAIL and from_here < PER_ADDRESS


async def _count(
    session: AsyncSession, column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], mark: str | None
) -> int:
    query = select(func.count()).where(column == mark, IdentityTry.at > now() - WINDOW)
    return await session.scalar(query) or 0


async def add_try(session: AsyncSession, marks: Marks) -> None:
    """Count a failed attempt, and forget expired ones."""
    await session.execute(delete(IdentityTry).where(IdentityTry.at <= now() - WINDOW))
    session.add(IdentityTry(id=secrets.token_urlsafe(12), at=now(), email=marks.email, address=marks.address))
    await session.flush()


async def find_customer_id(session: AsyncSession, email: str, postcode: str) -> str | None:
    """Return the customer with this email and postcode; an unknown email takes as long as a wrong postcode."""
    query = select(Customer.id, Customer.zip).where(Customer.email == stored_email(email))
    return _if_same(postcode, (await session.execute(query)).first())


async def find_buyer_id(session: AsyncSession, email: str, order_id: str, postcode: str) -> str | None:
    """Return the customer with this email who bought this order, sent to this postcode; a wrong fact takes as long."""
    query = (
        select(Order.id, Customer.id, Order.zip)
        .join(Order, Order.customer_id == Customer.id)
        .where(Customer.email == stored_email(email), Order.folded_id == folded_id(order_id))
    )
    rows = {bought: (customer_id, kept) for bought, customer_id, kept in await session.execute(query)}
    return _if_same(postcode, find_meant(order_id, rows))


def _if_same(postcode: str, found: Row[str, str] | tuple[str, str] | None) -> str | None:
    # Against somebody unknown, or without a postcode, compare one that no message can contain.
    customer_id, kept = (None, "") if found is None else (found[0], folded_postcode(found[1]))
    same = secrets.compare_digest((kept or "-").encode(), folded_postcode(postcode).encode())
    return customer_id if same else None
