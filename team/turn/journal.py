"""Stores steps in batches: those recorded within a short time are written together."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from storage.chats.events import Event, add_events, new_event
from storage.db import Sessions, writing
from storage.outages import DatabaseGoneError
from storage.traces.tracing import nobodys

LINGER_S = 0.01
"""How long a step waits for more. By then its turn has usually sent a request, and is waiting itself."""

Tell = Callable[[], None]
"""Shows something that is not stored."""


@dataclass(frozen=True)
class Entry:
    """The steps of one conversation that are stored together, in order, and what is told after some of them."""

    stored: asyncio.Future[None]
    told: list[Event | Tell] = field(default_factory=list)

    @property
    def events(self) -> list[Event]:
        """The steps to store."""
        return [one for one in self.told if isinstance(one, Event)]


class Journal:
    """Stores the steps of all conversations, and publishes them once stored."""

    def __init__(self, sessions: Sessions, publish: Callable[[Sequence[Event]], None]) -> None:
        self.sessions = sessions
        self.publish = publish
        self._waiting: dict[str, Entry] = {}
        self._being_stored: dict[str, Entry] = {}
        self._hurry = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None

    def add(self, conversation_id: str, kind: str, data: dict[str, Any]) -> asyncio.Future[None]:
        """Queue a step; the future returned completes when it is stored, or holds the error that prevented it.

        Several callers share the future: wait for it with `keep` instead of awaiting it, since cancelling one would
        cancel all.
        """
        if conversation_id not in self._waiting:
            self._waiting[conversation_id] = Entry(asyncio.get_running_loop().create_future())
        entry = self._waiting[conversation_id]
        entry.told.append(new_event(conversation_id, kind, data))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), context=nobodys())
        return entry.stored

    def after(self, conversation_id: str, tell: Tell) -> None:
        """Call `tell` once the conversation's steps so far are published: at once, if none is waiting to be stored."""
        entry = self._waiting.get(conversation_id) or self._being_stored.get(conversation_id)
        if entry is None:
            tell()
        else:
            entry.told.append(tell)

    async def keep(self, steps: asyncio.Future[None]) -> None:
        """Store these steps now, and wait until that is done.

        Raises:
            ShopError: the database is unreachable or busy.
        """
        self._hurry.set()
        await stored(steps)

    async def withdraw(self, conversation_id: str) -> list[Event]:
        """Take back the conversation's steps that are not being stored yet, after waiting for those that are.

        From then on the caller must store them.

        Raises:
            ShopError: the steps before them could not be stored.
        """
        while (before := self._being_stored.get(conversation_id)) is not None:
            await stored(before.stored)
        entry = self._waiting.pop(conversation_id, None)
        if entry is None:
            return []
        entry.stored.set_result(None)
        for one in entry.told:
            if not isinstance(one, Event):
                one()
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
                    # Only once this has the write lock: until then more steps keep arriving.
                    taken = self._take()
                    await add_events(session, [event for entry in taken.values() for event in entry.events])
            except Exception as error:  # noqa: BLE001 - raised to whoever waits for a step
                await self._write_each(taken, error)
            else:
                self._done(taken)

    async def _is_any_waiting(self) -> bool:
        """Wait for more steps to join the batch; return whether there is anything left to store."""
        if not self._waiting:
            return False
        timer = asyncio.get_running_loop().call_later(LINGER_S, self._hurry.set)
        await self._hurry.wait()
        timer.cancel()
        self._hurry.clear()
        return bool(self._waiting)

    async def _write_each(self, taken: dict[str, Entry], error: Exception) -> None:
        """Store each conversation's steps separately, since only one of them may have caused the error.

        If the database was lost, they may already be stored, and are not stored twice.
        """
        if len(taken) <= 1 or isinstance(error, DatabaseGoneError):
            self._failed(taken or self._take(), error)
            return
        for conversation_id, entry in taken.items():
            try:
                async with writing(self.sessions) as session:
                    await add_events(session, entry.events)
            except Exception as own_error:  # noqa: BLE001 - as above
                self._failed({conversation_id: entry}, own_error)
            else:
                self._done({conversation_id: entry})

    def _take(self) -> dict[str, Entry]:
        self._being_stored, self._waiting = self._waiting, {}
        return dict(self._being_stored)

    def _done(self, entries: dict[str, Entry]) -> None:
        for conversation_id, entry in entries.items():
            self._being_stored.pop(conversation_id)
            for one in entry.told:
                if isinstance(one, Event):
                    self.publish([one])
                else:
                    one()
            entry.stored.set_result(None)

    def _failed(self, entries: dict[str, Entry], error: Exception) -> None:
        """Fail these steps and those queued behind them: without its beginning, the rest of a turn would mislead."""
        for conversation_id, entry in entries.items():
            self._being_stored.pop(conversation_id)
            behind = self._waiting.pop(conversation_id, None)
            for one in (entry, behind):
                if one is not None:
                    one.stored.set_exception(error)
                    # The turn reads the error when it records its next step or ends; if it has been cancelled by then,
                    # nobody does.
                    one.stored.exception()


async def stored(steps: asyncio.Future[None]) -> None:
    """Wait until these steps are stored.

    Raises:
        ShopError: the database is unreachable or busy.
    """
    await asyncio.wait({steps})
    steps.result()
