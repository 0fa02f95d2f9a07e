"""How many calls one server works on at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from storage.process.limits import LimitError
from storage.process.metrics import CallMetrics

PATIENCE_S = 2.0
"""How long a call waits for the semaphore before it is sent away."""
COME_BACK_S = 5


class ServerBusyError(LimitError):
    """The server works on as many calls as it may."""

    limit = "concurrency"

    def __init__(self, server: str) -> None:
        super().__init__(f"{server} is busy with other calls. Nothing was done. Try again in {COME_BACK_S} seconds.")


class ServerSemaphore:
    """A server's semaphore for calls that are being worked on; one that waits for a customer's answer holds none."""

    def __init__(self, server: str, capacity: int, metrics: CallMetrics) -> None:
        self.server = server
        self._semaphore = anyio.Semaphore(capacity)
        self._waiting = metrics.waiting.labels(server)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Hold it, after a short wait where others do.

        Raises:
            ServerBusyError: they did not release it.
        """
        await self.acquire()
        try:
            yield
        finally:
            self.release()

    async def acquire(self) -> None:
        """Acquire it; whoever did calls `release`.

        Raises:
            ServerBusyError: others hold it, and did not release it.
        """
        try:
            self._semaphore.acquire_nowait()
        except anyio.WouldBlock:
            with anyio.move_on_after(PATIENCE_S), self._waiting.track_inprogress():
                await self._semaphore.acquire()
                return
            raise ServerBusyError(self.server) from None

    def release(self) -> None:
        """Give it back."""
        self._semaphore.release()
