"""Steps that are kept in memory alone: a replayed turn has a log like any other, and leaves nothing in the shop."""

import asyncio
from typing import Any

from storage.chats.events import Event, new_event
from storage.db import Sessions
from team.turn.journal import Journal
from team.turn.steps import Steps


class UnstoredJournal(Journal):
    """A journal whose steps are stored at once, in a list."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__(sessions, lambda _: None)
        self.events: list[Event] = []

    def add(self, conversation_id: str, kind: str, data: dict[str, Any]) -> asyncio.Future[None]:
        """Note a step."""
        self.events.append(new_event(conversation_id, kind, data))
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    async def withdraw(self, conversation_id: str) -> list[Event]:
        """Return nothing: no step waits to be stored."""
        return []


class UnstoredSteps(Steps):
    """The steps of one replay, with metrics of their own that nobody reads."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__(sessions)
        self.noted = UnstoredJournal(sessions)
        self.journal = self.noted
