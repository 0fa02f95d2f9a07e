"""Whether a visitor is the customer they claim to be, by email and postcode, and how many attempts have failed."""

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


async def may_try(session: AsyncSession, email: str, address: str | None) -> bool:
    """Return whether these marks have attempts left; concurrent attempts with one of them wait for this one."""
    # In a fixed order, so that two attempts sharing both marks do not deadlock.
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
    """Count a failed attempt, and forget expired ones."""
    await session.execute(delete(IdentityTry).where(IdentityTry.at <= now() - WINDOW))
    session.add(IdentityTry(id=secrets.token_urlsafe(12), at=now(), email=email, address=address))
    await session.flush()


async def find_customer_id(session: AsyncSession, email: str, postcode: str) -> str | None:
    """Return the customer with this email and postcode; an unknown email takes as long as a wrong postcode."""
    query = select(Customer.id, Customer.zip).where(Customer.email == email.strip().lower())
    found = (await session.execute(query)).first()
    # For an unknown email, compare against a postcode that no message can contain.
    kept = "-" if found is None else _plain(found.zip)
    same = secrets.compare_digest(kept.encode(), _plain(postcode).encode())
    return found.id if found is not None and same else None


def _plain(postcode: str) -> str:
    """Keep only letters, upper-cased, and digits: people write the rest in many ways."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", postcode)).upper()
