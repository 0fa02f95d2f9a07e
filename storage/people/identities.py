"""Whether a visitor is the customer they say: email and postcode, and how often somebody was wrong about them."""

import re
import secrets
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from storage.db import Base, hold, now
from storage.shop.customers import Customer

WINDOW = timedelta(hours=24)
"""How long a wrong try counts."""

PER_EMAIL = 10
PER_ADDRESS = 30


class IdentityTry(Base):
    """One wrong try. Email and network address are kept as marks, which tell the same from another and no more."""

    __tablename__ = "identity_tries"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    email: Mapped[str] = mapped_column(index=True)
    address: Mapped[str | None] = mapped_column(index=True)


async def may_try(session: AsyncSession, email: str, address: str | None) -> bool:
    """Tell whether these marks have tries left; who tries with one of them at the same time waits for this one."""
    # In one order, so that two who share both marks do not wait for each other.
    for mark in sorted(filter(None, (email, address))):
        await hold(session, f"identity {mark}")
    tried = await _count(session, IdentityTry.email, email)
    from_here = await _count(session, IdentityTry.address, address)
    return tried < PER_EMAIL and from_here < PER_ADDRESS


async def _count(
    session: AsyncSession, column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], mark: str | None
) -> int:
    query = select(func.count()).where(column == mark, IdentityTry.at > now() - WINDOW)
    return await session.scalar(query) or 0


async def add_try(session: AsyncSession, email: str, address: str | None) -> None:
    """Count a wrong try; those that count no more are forgotten."""
    await session.execute(delete(IdentityTry).where(IdentityTry.at <= now() - WINDOW))
    session.add(IdentityTry(id=secrets.token_urlsafe(12), at=now(), email=email, address=address))
    await session.flush()


async def find_customer_id(session: AsyncSession, email: str, postcode: str) -> str | None:
    """Return the customer with this email and postcode; an unknown email takes as long as a wrong postcode."""
    query = select(Customer.id, Customer.zip).where(Customer.email == email.strip().lower())
    found = (await session.execute(query)).first()
    # Nobody's postcode is one that no message can hold.
    kept = "-" if found is None else _plain(found.zip)
    same = secrets.compare_digest(kept.encode(), _plain(postcode).encode())
    return found.id if found is not None and same else None


def _plain(postcode: str) -> str:
    """Capital letters and digits alone: people write the rest as they like."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", postcode)).upper()
