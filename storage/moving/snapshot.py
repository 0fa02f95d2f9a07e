"""Reading a consistent snapshot of the whole shop while others write to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Sessions, is_postgresql, without_haste


@asynccontextmanager
async def at_one_moment(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    """Yield a session whose every query sees the same state of the shop."""
    async with sessions() as session:
        # SQLite transactions already work like that; PostgreSQL's see what others commit between two queries.
        if is_postgresql(session):
            await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            await without_haste(session)
        yield session
