"""OAuth grants: from the consent, through its single code, to each refresh token after it."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ForeignKey, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, hold, now

CODE_FOR = timedelta(minutes=2)
REFRESH_FOR = timedelta(days=30)
"""How long a program may stay idle; each refresh restarts it."""

MOST_OF_ACCOUNT = 50


class OAuthGrant(Base):
    """One consent. Codes and refresh tokens are stored as hashes; reusing a code or a replaced token ends the grant."""

    __tablename__ = "oauth_grants"

    id: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("oauth_clients.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    resource: Mapped[str]
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    code_hash: Mapped[str] = mapped_column(unique=True)
    code_challenge: Mapped[str]
    redirect_uri: Mapped[str]
    redirect_uri_given: Mapped[bool]
    # None until the code has been exchanged.
    refresh_hash: Mapped[str | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


def hashed(secret: str) -> str:
    """Return the stored hash of a code or a token; its 256 random bits need no salt."""
    return sha256(secret.encode()).hexdigest()


def new_refresh_token(grant_id: str) -> str:
    """Return a token that names its grant, so that a replaced one is recognised."""
    return f"{grant_id}.{secrets.token_urlsafe(32)}"


async def add_grant(session: AsyncSession, grant: OAuthGrant) -> None:
    """Store a consent until its code expires; expired ones, and an account's oldest if too many, are deleted."""
    await hold(session, f"grants {grant.account_id}")
    await session.execute(delete(OAuthGrant).where(OAuthGrant.expires_at < now()))
    newest = select(OAuthGrant.id).where(OAuthGrant.account_id == grant.account_id)
    kept = newest.order_by(OAuthGrant.created_at.desc()).limit(MOST_OF_ACCOUNT - 1)
    of_account = delete(OAuthGrant).where(OAuthGrant.account_id == grant.account_id)
    await session.execute(of_account.where(OAuthGrant.id.not_in(kept.scalar_subquery())))
    session.add(grant)
    await session.flush()


async def find_grant_by_code(session: AsyncSession, code: str) -> OAuthGrant | None:
    """Return the grant of a code, used or not; a used code is kept until the grant ends."""
    return (await session.scalars(select(OAuthGrant).where(OAuthGrant.code_hash == hashed(code)))).first()


async def find_grant(session: AsyncSession, grant_id: str) -> OAuthGrant | None:
    """Return the grant with this id."""
    return await session.get(OAuthGrant, grant_id)


async def replace_refresh(session: AsyncSession, grant_id: str, *, old: str | None, new: str) -> bool:
    """Replace the refresh token with a new one (None: the code is exchanged).

    A second use means the token was copied: the grant ends for both holders, and this returns False.
    """
    same = OAuthGrant.refresh_hash.is_(None) if old is None else OAuthGrant.refresh_hash == hashed(old)
    changed = await session.scalars(
        update(OAuthGrant)
        .where(OAuthGrant.id == grant_id, same)
        .values(refresh_hash=hashed(new), expires_at=now() + REFRESH_FOR)
        .returning(OAuthGrant.id)
    )
    if changed.first() is not None:
        return True
    await end_grant(session, grant_id)
    return False


async def end_grant(session: AsyncSession, grant_id: str) -> None:
    """End a grant: its code and refresh tokens are no longer valid."""
    await session.execute(delete(OAuthGrant).where(OAuthGrant.id == grant_id))


async def end_grants(session: AsyncSession, account_id: str) -> int:
    """End every grant of an account, including one being given right now, and return how many there were."""
    await hold(session, f"grants {account_id}")
    ended = delete(OAuthGrant).where(OAuthGrant.account_id == account_id).returning(OAuthGrant.id)
    return len((await session.scalars(ended)).all())


async def end_own_grant(session: AsyncSession, grant_id: str, account_id: str) -> bool:
    """End a grant of this account; return whether there was one."""
    own = delete(OAuthGrant).where(OAuthGrant.id == grant_id, OAuthGrant.account_id == account_id)
    return (await session.scalars(own.returning(OAuthGrant.id))).first() is not None
