"""Families of refresh tokens: one login of a program, from its first token to the last that replaced another."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ForeignKey, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, hold, now

IDLE_FOR = timedelta(days=30)
"""How long a login that is not refreshed is kept; each refresh restarts it."""

MOST_OF_ACCOUNT = 50


class LoginFamily(Base):
    """A login's valid refresh token, as a hash, and the mark of the password that it began with.

    A token that was replaced ends the family when it is used again.
    """

    __tablename__ = "login_families"

    # The login's own id, which its cookie and its access tokens carry too.
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    password_mark: Mapped[str]
    refresh_hash: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Replaced:
    """A new refresh token, and of whose login it is."""

    token: str
    account_id: str
    password_mark: str


def new_refresh_token(family_id: str) -> str:
    """Return a token that names its family, so that a replaced one is recognised."""
    return f"{family_id}.{secrets.token_urlsafe(32)}"


def family_named(token: str) -> str:
    """Return the family that a token names, which says nothing yet about whether it is valid."""
    return token.rpartition(".")[0]


def _hashed(token: str) -> str:
    # Its 256 random bits need no salt.
    return sha256(token.encode()).hexdigest()


async def begin_family(session: AsyncSession, login_id: str, account_id: str, password_mark: str) -> str:
    """Begin a login's family and return its first refresh token; expired families are forgotten, and too many."""
    await hold(session, f"families {account_id}")
    await session.execute(delete(LoginFamily).where(LoginFamily.expires_at < now()))
    newest = select(LoginFamily.id).where(LoginFamily.account_id == account_id)
    kept = newest.order_by(LoginFamily.created_at.desc()).limit(MOST_OF_ACCOUNT - 1)
    of_account = delete(LoginFamily).where(LoginFamily.account_id == account_id)
    await session.execute(of_account.where(LoginFamily.id.not_in(kept.scalar_subquery())))
    token, at = new_refresh_token(login_id), now()
    session.add(
        LoginFamily(
            id=login_id,
            account_id=account_id,
            password_mark=password_mark,
            refresh_hash=_hashed(token),
            created_at=at,
            expires_at=at + IDLE_FOR,
        )
    )
    await session.flush()
    return token


async def replace_token(session: AsyncSession, old: str) -> Replaced | None:
    """Replace a refresh token; return None where it is not valid."""
    new = new_refresh_token(family_named(old))
    replaced = await session.execute(
        update(LoginFamily)
        .where(LoginFamily.id == family_named(old), LoginFamily.refresh_hash == _hashed(old))
        .where(LoginFamily.expires_at > now())
        .values(refresh_hash=_hashed(new), expires_at=now() + IDLE_FOR)
        .returning(LoginFamily.account_id, LoginFamily.password_mark)
    )
    row = replaced.first()
    return None if row is None else Replaced(new, row.account_id, row.password_mark)


async def end_family(session: AsyncSession, login_id: str) -> bool:
    """End a family; return whether there was one."""
    ended = delete(LoginFamily).where(LoginFamily.id == login_id).returning(LoginFamily.id)
    return (await session.scalars(ended)).first() is not None


async def end_families(session: AsyncSession, account_id: str) -> None:
    """End every family of an account, one that begins right now too."""
    await hold(session, f"families {account_id}")
    await session.execute(delete(LoginFamily).where(LoginFamily.account_id == account_id))
