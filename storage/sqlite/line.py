"""The queue of writers within one process; SQLite allows one writer at a time."""

import asyncio


class Line:
    """A lock whose waiters all wake when it is released and then run one after another, most without a pause.

    An `asyncio.Lock` is handed on only once per iteration of the event loop, which is long under load: each waiter
    would wait for as many iterations as there are others before it, although most writes take no time.
    """

    def __init__(self) -> None:
        self._free = asyncio.Event()
        self._free.set()

    async def enter(self) -> None:
        """Wait for the lock."""
        while not self._free.is_set():
            await self._free.wait()
        self._free.clear()

    def leave(self) -> None:
        """Release the lock to the next writer."""
        self._free.set()
