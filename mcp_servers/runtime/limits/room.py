"""How many calls one server works on at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio

from mcp_servers.runtime.limits.refusals import LimitError

PATIENCE_S = 2.0
"""How long a call waits for a place before it is sent away."""
COME_BACK_S = 5


class ServerBusyError(LimitError):
    """Every place of the server is taken."""

    limit = "concurrency"

    def __init__(self, server: str) -> None:
        super().__init__(f"{server} is busy with other calls. Nothing was done. Try again in {COME_BACK_S} seconds.")


class Room:
    """A server's places for calls that are being worked on; one that waits for a customer's answer takes none."""

    def __init__(self, server: str, places: int) -> None:
        self.server = server
        self._places = anyio.Semaphore(places)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold a place, after a short wait where there is none.

        Raises:
            ServerBusyError: none became free.
        """
        await self.take()
        try:
            yield
        finally:
            self.leave()

    async def take(self) -> None:
        """Take a place; whoever did gives it back with `leave`.

        Raises:
            ServerBusyError: none became free.
        """
        try:
            self._places.acquire_nowait()
        except anyio.WouldBlock:
            with anyio.move_on_after(PATIENCE_S):
                await self._places.acquire()
                return
            raise ServerBusyError(self.server) from None

    def leave(self) -> None:
        """Give a place back."""
        self._places.release()
