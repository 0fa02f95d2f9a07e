"""Logs of processes that write to a file for as long as they run: kept small by whoever started them."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

LARGEST = 5_000_000
LOOKS_EVERY_S = 1.0
EARLIER = 2


@asynccontextmanager
async def rotated(log: Path, largest: int = LARGEST, every_s: float = LOOKS_EVERY_S) -> AsyncIterator[None]:
    """Keep a log and each of its two forerunners (`.1`, `.2`) to about this many bytes while this is entered."""
    looking = asyncio.create_task(_look(log, largest, every_s))
    try:
        yield
    finally:
        looking.cancel()


async def _look(log: Path, largest: int, every_s: float) -> None:
    while True:
        await asyncio.sleep(every_s)
        _rotate_beyond(log, largest)


def _rotate_beyond(log: Path, largest: int) -> None:
    if log.stat().st_size > largest:
        rotate(log)


def rotate(log: Path) -> None:
    """Put what a log holds aside and empty it; a process that appends to it goes on in the empty file."""
    for number in range(EARLIER, 1, -1):
        if (before := earlier(log, number - 1)).exists():
            before.replace(earlier(log, number))
    shutil.copyfile(log, earlier(log, 1))
    os.truncate(log, 0)


def earlier(log: Path, number: int = 1) -> Path:
    """Return where the text went that a log held before."""
    return log.with_name(f"{log.name}.{number}")
