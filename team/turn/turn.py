"""One customer turn while it runs: its request, its log, and the event that stops it."""

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

from storage.tokens import Caller
from team.turn.log import TurnLog
from team.turn.request import Request
from team.turn.steps import Steps
from team.turn.trouble import Trouble
from team.turn.visitor import Pending, Visitor

T = TypeVar("T")


class StoppedError(Exception):
    """The turn was stopped while something was being awaited."""


class Turn:
    """A running turn: from its request to its outcome."""

    def __init__(self, request: Request, steps: Steps, deadline_s: float) -> None:
        self.request = request
        self.log = TurnLog(steps, request.conversation_id)
        self.deadline_s = deadline_s
        self.started = time.monotonic()
        self.left = False
        """This process is shutting down, and another one runs the turn again from what is stored."""
        self._stopping = asyncio.Event()

    def stop(self, trouble: Trouble) -> None:
        """End the turn: whatever is awaited is cancelled, and the customer is told this trouble."""
        self.log.fail(trouble)
        self._stopping.set()

    def leave(self) -> None:
        """Abandon the turn so that another process resumes it, unless it is already ending by itself."""
        self.left = self.log.trouble is None
        if self.left:
            self.log.close()
        self._stopping.set()

    async def unless_stopped(self, work: Awaitable[T]) -> T:
        """Await `work`, or cancel it when the turn is stopped.

        Raises:
            StoppedError: the turn was stopped first.
        """
        running, stopped = asyncio.ensure_future(work), asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            if not running.done():
                running.cancel()
                await asyncio.wait({running})
        if running.cancelled():
            raise StoppedError
        return running.result()

    @property
    def language(self) -> str:
        """The customer's language."""
        return self.request.language

    @property
    def caller(self) -> Caller | None:
        """Whom the tools act for: the caller, or the customer that a visitor was identified as."""
        identified = self.log.identified
        return self.request.caller if identified is None else identified.caller

    @property
    def visitor(self) -> Visitor | None:
        """The visitor behind the turn, while no customer is identified."""
        return self.request.visitor if self.log.identified is None else None

    @property
    def waited(self) -> Pending | None:
        """The request that waited for its visitor to be identified, if this turn answers it."""
        return None if self.log.identified is None else self.log.identified.request

    @property
    def secrets(self) -> tuple[str, ...]:
        """Ids of this turn that must never be shown."""
        return () if self.caller is None else (self.caller.subject, self.request.conversation_id)

    @property
    def ms(self) -> float:
        """How long the turn has taken, in milliseconds."""
        return since(self.started)

    @property
    def left_s(self) -> float:
        """Seconds left until the deadline."""
        return max(0.0, self.started + self.deadline_s - time.monotonic())


def since(started: float) -> float:
    """Return the milliseconds since `started`, a time of the monotonic clock."""
    return round((time.monotonic() - started) * 1000, 1)
