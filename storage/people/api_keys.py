"""API keys: how a program acts as one customer or as staff, for as long as nobody revokes its key."""

import secrets
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import CheckConstraint, ForeignKey, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.chats.conversations import OF_A_KEY
from storage.db import Base, now
from storage.errors import NotFoundError
from storage.shop.customers import get_customer

BEGINNING = "sk-shopdesk-"
"""How every key begins: programs expect `sk-`, and scanners for leaked secrets find the rest."""

AT_ONCE = 500

USE_KEPT_EACH = timedelta(minutes=1)
"""How exactly `last_used_at` is known, so that a busy program does not write a row with each request."""


class KeyNotFoundError(NotFoundError):
    """There is no key with this id."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"There is no API key {key_id}. List all keys with `shopdesk token --list`.")


class ApiKey(Base):
    """A key of one customer, of staff, or of a trusted front; only its hash is kept.

    A trusted front is a program that many customers use, such as a chat page: it says whose request each one is, and
    may do nothing by itself.
    """

    __tablename__ = "api_keys"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN customer_id IS NULL THEN staff <> trusted_front ELSE NOT (staff OR trusted_front) END",
            name="a_customer_staff_or_a_front",
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    staff: Mapped[bool]
    trusted_front: Mapped[bool]
    name: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


def hash_key(key: str) -> str:
    """Return the stored hash of a key; its 256 random bits need no salt."""
    return sha256(key.encode()).hexdigest()


async def make_key(
    session: AsyncSession, customer_id: str | None, *, trusted_front: bool = False, name: str = ""
) -> tuple[ApiKey, str]:
    """Make a key of this customer, of a trusted front, or else of staff.

    Returns:
        Its row, and its text, which is kept nowhere.

    Raises:
        CustomerNotFoundError: there is no such customer.
    """
    if customer_id is not None:
        await get_customer(session, customer_id)
    key = f"{BEGINNING}{secrets.token_urlsafe(32)}"
    row = ApiKey(
        id=f"{OF_A_KEY}{secrets.token_hex(6)}",
        key_hash=hash_key(key),
        customer_id=customer_id,
        staff=customer_id is None and not trusted_front,
        trusted_front=trusted_front,
        name=name,
        created_at=now(),
        last_used_at=None,
        revoked_at=None,
    )
    session.add(row)
    await session.flush()
    return row, key


async def find_key(session: AsyncSession, key: str) -> ApiKey | None:
    """Return the row of a key, or None if it is unknown or revoked."""
    valid = select(ApiKey).where(ApiKey.key_hash == hash_key(key), ApiKey.revoked_at.is_(None))
    return (await session.scalars(valid)).first()


def is_use_due(key: ApiKey) -> bool:
    """Return whether a use of the key right now is to be kept."""
    return key.last_used_at is None or key.last_used_at < now() - USE_KEPT_EACH


async def keep_use(session: AsyncSession, key_id: str) -> None:
    """Keep that a key was used just now; of many requests at once, one writes."""
    due = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < now() - USE_KEPT_EACH)
    await session.execute(update(ApiKey).where(ApiKey.id == key_id, due).values(last_used_at=now()))


async def list_keys(session: AsyncSession) -> AsyncIterator[ApiKey]:
    """Yield every key, the newest first, revoked ones too."""
    newest_first = select(ApiKey).order_by(ApiKey.created_at.desc(), ApiKey.id)
    async for key in await session.stream_scalars(newest_first.execution_options(yield_per=AT_ONCE)):
        yield key


async def revoke_key(session: AsyncSession, key_id: str) -> ApiKey:
    """Revoke a key for good; revoking it again changes nothing.

    Raises:
        KeyNotFoundError: there is none with this id.
    """
    key = await session.get(ApiKey, key_id)
    if key is None:
        raise KeyNotFoundError(key_id)
    if key.revoked_at is None:
        key.revoked_at = now()
        await session.flush()
    return key
