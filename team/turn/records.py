"""Stores what turns' models were sent and replied, behind the turns' backs: no turn waits for it."""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from typing import Any

from storage.db import Sessions, writing
from storage.outages import OUTAGES
from storage.traces.tracing import nobodys
from storage.turns.keeping import Keeping
from storage.turns.records import Packed, add_records, pack

logger = logging.getLogger(__name__)

LINGER_S = 0.5
"""How long a record waits for others: a turn has several, and one transaction stores them."""

AT_ONCE = 50
MOST_WAITING = 2_000
"""Where the database is away for long, the oldest are dropped; the turns themselves go on without it no longer."""

AGAIN_S = 2.0

Told = tuple[str, str, Any]
"""A record's id, its conversation, and what it says."""


class Records:
    """The records of this process that are not stored yet."""

    def __init__(self, sessions: Sessions, keeping: Keeping) -> None:
        self.sessions = sessions
        self.keeping = keeping
        self._waiting: list[Told] = []
        self._writing: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def add(self, conversation_id: str, told: Any, record_id: str = "") -> str:  # noqa: ANN401 - JSON of any shape
        """Queue a record and return its id; empty where turns are not kept."""
        if not self.keeping.days:
            return ""
        record_id = record_id or f"r_{secrets.token_urlsafe(9)}"
        self._waiting.append((record_id, conversation_id, told))
        del self._waiting[:-MOST_WAITING]
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), context=nobodys())
        return record_id

    async def close(self) -> None:
        """Store what is left; once, even where that fails."""
        self._hurry.set()
        if self._writing is not None:
            await asyncio.wait({self._writing})

    async def _write(self) -> None:
        while self._waiting:
            await self._linger(LINGER_S)
            taken, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                await self._store(taken)
            except OUTAGES as error:
                logger.warning("%d records of model calls wait for the database: %s", len(taken), error)
                if self._hurry.is_set():
                    return
                self._waiting = [*taken, *self._waiting]
                await self._linger(AGAIN_S)

    async def _linger(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            return

    async def _store(self, taken: Sequence[Told]) -> None:
        packed = await asyncio.to_thread(self._packed, taken)
        async with writing(self.sessions) as session:
            await add_records(session, packed)

    def _packed(self, taken: Sequence[Told]) -> list[Packed]:
        return [pack(record_id, chat, self.keeping.of(told)) for record_id, chat, told in taken]
