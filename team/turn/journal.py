"""Steps on their way into the database: those that come soon after each other are stored together."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.chats.events import Event, add_events, new_event
from storage.db import Sessions, writing
from storage.outages import DatabaseGoneError

LINGER_S = 0.01
"""How long a step waits for others. By then its turn has mostly sent a request, and waits itself."""


@dataclass(frozen=True)
class Entry:
    """The steps of one conversation that are stored together, in their order."""

    stored: asyncio.Future[None]
    events: list[Event] = field(default_factory=list)


class Journal:
    """Stores the steps of all conversations, and hands them on when they are."""

    def __init__(self, sessions: Sessions, publish: Callable[[Sequence[Event]], None]) -> None:
        self.sessions = sessions
        self.publish = publish
        self._waiting: dict[str, Entry] = {}
        self._being_stored: dict[str, Entry] = {}
        self._hurry = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None

    def add(self, conversation_id: str, kind: str, data: dict[str, Any]) -> asyncio.Future[None]:
        """Take a step. What is returned is done when the step is stored, or has the error that kept it from it.

        Several wait for it, so it is waited for by `keep`, and not awaited: that would cancel it for all of them.
        """
        if conversation_id not in self._waiting:
            self._waiting[conversation_id] = Entry(asyncio.get_running_loop().create_future())
        entry = self._waiting[conversation_id]
        entry.events.append(new_event(conversation_id, kind, data))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return entry.stored

    async def keep(self, steps: asyncio.Future[None]) -> None:
        """Store steps now, and wait until they are.

        Raises:
            ShopError: the database is away or busy.
        """
        self._hurry.set()
        await stored(steps)

    async def withdraw(self, conversation_id: str) -> list[Event]:
        """Return a conversation's steps that nobody has begun to store, once those before them are.

        They are the caller's to store from then on.

        Raises:
            ShopError: those before could not be stored.
        """
        while (before := self._being_stored.get(conversation_id)) is not None:
            await stored(before.stored)
        entry = self._waiting.pop(conversation_id, None)
        if entry is None:
            return []
        entry.stored.set_result(None)
        return entry.events

    async def close(self) -> None:
        """Wait until all steps are stored."""
        self._hurry.set()
        if self._writing is not None:
            await asyncio.wait({self._writing})

    async def _write(self) -> None:
        while await self._is_any_waiting():
            taken: dict[str, Entry] = {}
            try:
                async with writing(self.sessions) as session:
                    # Not before it is this one's turn to write: until then there are ever more.
                    taken = self._take()
                    await add_events(session, [event for entry in taken.values() for event in entry.events])
            except Exception as error:  # noqa: BLE001 - whoever waits for a step raises it
                await self._write_each(taken, error)
            else:
                self._done(taken)

    async def _is_any_waiting(self) -> bool:
        """Wait for more steps, where there is one; return whether any was left to store."""
        if not self._waiting:
            return False
        timer = asyncio.get_running_loop().call_later(LINGER_S, self._hurry.set)
        await self._hurry.wait()
        timer.cancel()
        self._hurry.clear()
        return bool(self._waiting)

    async def _write_each(self, taken: dict[str, Entry], error: Exception) -> None:
        """Store each conversation's steps by themselves, where one of several may have been what was wrong.

        Where the database went away they may be stored already, and are not stored twice.
        """
        if len(taken) <= 1 or isinstance(error, DatabaseGoneError):
            self._failed(taken or self._take(), error)
            return
        for conversation_id, entry in taken.items():
            try:
                async with writing(self.sessions) as session:
                    await add_events(session, entry.events)
            except Exception as own_error:  # noqa: BLE001 - the same
                self._failed({conversation_id: entry}, own_error)
            else:
                self._done({conversation_id: entry})

    def _take(self) -> dict[str, Entry]:
        self._being_stored, self._waiting = self._waiting, {}
        return dict(self._being_stored)

    def _done(self, entries: dict[str, Entry]) -> None:
        for conversation_id, entry in entries.items():
            self._being_stored.pop(conversation_id)
            self.publish(entry.events)
            entry.stored.set_result(None)

    def _failed(self, entries: dict[str, Entry], error: Exception) -> None:
        """Fail these steps, and those behind them: without its beginning, the rest of a turn says something else."""
        for conversation_id, entry in entries.items():
            self._being_stored.pop(conversation_id)
            behind = self._waiting.pop(conversation_id, None)
            for one in (entry, behind):
                if one is not None:
                    one.stored.set_exception(error)
                    # A turn asks for it when it records its next step or ends, if it has not been given up by then.
                    one.stored.exception()


async def stored(steps: asyncio.Future[None]) -> None:
    """Wait until steps are stored.

    Raises:
        ShopError: the database is away or busy.
    """
    await asyncio.wait({steps})
    steps.result()
