"""Model servers started one after the other, and started again when one dies."""

import asyncio
import time
from collections.abc import Callable, Sequence

from scripts.slices.memory import MemoryTakenError, until_free
from scripts.slices.server import Server, end, launch, put_to_sleep, require_port, until_ended, until_ready
from storage.settings import CannotStartError

PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds before a server is started again after its first, second, … death in a row; after the last it is given up."""
STEADY_S = 300.0
"""A server that was ready for this long has not died in a row."""
Tell = Callable[[Server, str], None]
"""Called with what happened to a server, for the person who started it."""


class DidNotStartError(CannotStartError):
    """A server ended before it was ready for the first time."""

    def __init__(self, server: Server) -> None:
        name = server.slice.wanted.model.name
        super().__init__(f"Slice {server.number} ({name}) did not start: {server.reason} (full log: {server.log})")


class AllGivenUpError(CannotStartError):
    """No server is left that could be started again."""

    def __init__(self) -> None:
        super().__init__("No model server is left. Their logs say why each died.")


async def keep(
    servers: Sequence[Server], tell: Tell, all_ready: Callable[[], None], pauses: Sequence[float] = PAUSES
) -> None:
    """Start the servers in order, each once the one before it answers, and keep them running until cancelled.

    Two that start at once on one card would each count the other's memory as free. All are ended on the way out.

    Raises:
        DidNotStartError: one ended before it was ready for the first time.
        MemoryTakenError: a card does not have the memory that was planned with.
        AllGivenUpError: each died too often in a row.
    """
    starting = asyncio.Lock()
    for server in servers:
        require_port(server)
    try:
        for server in servers:
            if not await _started(server, tell, starting):
                raise DidNotStartError(server)
        all_ready()
        async with asyncio.TaskGroup() as group:
            for server in servers:
                group.create_task(_kept(server, tell, starting, pauses))
        raise AllGivenUpError
    except* CannotStartError as errors:
        raise errors.exceptions[0] from None
    finally:
        await asyncio.gather(*(end(server) for server in servers))


async def _started(server: Server, tell: Tell, starting: asyncio.Lock) -> bool:
    async with starting:
        await until_free(server.slice, lambda said: _say(server, said))
        await launch(server)
        if not await until_ready(server):
            return False
        if server.slice.wanted.sleeps:
            # The next one on its cards needs the memory to start; the desk wakes whichever is asked.
            await put_to_sleep(server)
    tokens = server.reading.cache_tokens if server.reading else None
    cache = "" if tokens is None else f", {tokens:,} tokens of KV cache"
    tell(server, f"ready after {time.monotonic() - server.began:.0f} s{cache}")
    return True


async def _kept(server: Server, tell: Tell, starting: asyncio.Lock, pauses: Sequence[float]) -> None:
    """Start a server again as often as it dies, until it has died too often in a row."""
    deaths, died_of = 0, await _lived(server)
    while deaths < len(pauses):
        pause = pauses[deaths]
        tell(server, f"died: {died_of}. It is started again in {pause:g} s.")
        await asyncio.sleep(pause)
        deaths += 1
        since = time.monotonic()
        died_of = await _another_life(server, tell, starting)
        deaths = 0 if time.monotonic() - since > STEADY_S else deaths
    server.stage = "given up"
    tell(server, f"died {deaths + 1} times in a row and is not started again: {died_of} (full log: {server.log})")


async def _another_life(server: Server, tell: Tell, starting: asyncio.Lock) -> str:
    """Start a server again, and return what it died of this time."""
    try:
        if await _started(server, tell, starting):
            return await _lived(server)
    except MemoryTakenError as error:
        return str(error)
    await end(server)
    return server.reason


async def _lived(server: Server) -> str:
    """Wait until a server that was ready dies; return of what, once nothing of it is left."""
    died_of = await until_ended(server)
    await end(server)
    return died_of


def _say(server: Server, said: str) -> None:
    server.stage = said
