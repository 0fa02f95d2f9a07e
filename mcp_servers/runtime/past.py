"""Callers of the past: a replay of a turn sees the rows as they were then, and can write nothing at all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.db import Sessions, reading
from storage.errors import ShopError
from storage.tokens import Caller
from storage.turns.rewinding import rewind


class PastIsPastError(ShopError):
    """A caller who sees the rows of an earlier moment called for a change."""

    def __init__(self, tool: str) -> None:
        super().__init__(f"{tool} was not run: a replayed turn looks at the shop as it was, and changes nothing.")


def require_now(caller: Caller, tool: str) -> None:
    """Refuse a change by a caller of the past.

    Raises:
        PastIsPastError: they are one.
    """
    if caller.as_of is not None:
        raise PastIsPastError(tool)


@asynccontextmanager
async def reading_as(sessions: Sessions, caller: Caller) -> AsyncIterator[AsyncSession]:
    """Yield a session for a short read, of the rows as they are or, for a caller of the past, as they were."""
    async with reading(sessions) as session:
        if caller.as_of is not None:
            await rewind(session, datetime.fromtimestamp(caller.as_of, UTC))
        yield session
