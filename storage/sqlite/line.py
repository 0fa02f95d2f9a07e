"""The line of those in one process who want to write to SQLite, which lets one write at a time."""

import asyncio


class Line:
    """One at a time. All who wait wake together when it is free, and go one after the other, most without a pause.

    An `asyncio.Lock` would be handed on once in a round of the event loop, which is long when there is much to do:
    who waits would wait for as many rounds as there are others before them, though most write in no time.
    """

    def __init__(self) -> None:
        self._free = asyncio.Event()
        self._free.set()

    async def enter(self) -> None:
        """Wait for one's turn."""
        while not self._free.is_set():
            await self._free.wait()
        self._free.clear()

    def leave(self) -> None:
        """Let the next one write."""
        self._free.set()
