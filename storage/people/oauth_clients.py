"""OAuth clients: programs that registered themselves to act for a user."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base, now
from storage.people.oauth_grants import OAuthGrant

UNUSED_FOR = timedelta(days=1)
"""How long a program that nobody has approved is kept. Anybody can register one, without a login."""

MOST_UNUSED = 1_000


class OAuthClient(Base):
    """A program, as it described itself. Its secret, if any, is derived from the shop's key, not stored."""

    __tablename__ = "oauth_clients"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    redirect_uris: Mapped[list[str]]
    auth_method: Mapped[str]
    grant_types: Mapped[list[str]]
    scope: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(index=True)


async def add_client(session: AsyncSession, client: OAuthClient) -> None:
    """Store a program; unapproved ones are deleted when they are old or too many, oldest first."""
    unused = ~exists().where(OAuthGrant.client_id == OAuthClient.id)
    await session.execute(delete(OAuthClient).where(unused, OAuthClient.created_at < now() - UNUSED_FOR))
    waiting = await session.scalar(select(func.count()).select_from(OAuthClient).where(unused)) or 0
    if waiting >= MOST_UNUSED:
        oldest = select(OAuthClient.id).where(unused).order_by(OAuthClient.created_at).limit(waiting - MOST_UNUSED + 1)
        await session.execute(delete(OAuthClient).where(OAuthClient.id.in_(oldest.scalar_subquery())))
    session.add(client)
    await session.flush()


async def keep_described(session: AsyncSession, client: OAuthClient) -> None:
    """Store what a program's own description says now; `created_at` is when it was fetched."""
    if await session.get(OAuthClient, client.id) is None:
        await add_client(session, client)
    else:
        await session.merge(client)


async def find_client(session: AsyncSession, client_id: str) -> OAuthClient | None:
    """Return the program with this id."""
    return await session.get(OAuthClient, client_id)


async def list_let_in(session: AsyncSession, account_id: str) -> list[tuple[OAuthGrant, OAuthClient]]:
    """Return the programs an account approved that still have access, newest first; unused codes do not count."""
    connected = (
        select(OAuthGrant, OAuthClient)
        .join(OAuthClient, OAuthClient.id == OAuthGrant.client_id)
        .where(OAuthGrant.account_id == account_id, OAuthGrant.refresh_hash.is_not(None))
        .where(OAuthGrant.expires_at > now())
        .order_by(OAuthGrant.created_at.desc(), OAuthGrant.id)
    )
    return [(grant, client) for grant, client in await session.execute(connected)]
