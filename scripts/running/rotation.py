"""Log rotation for the processes that `shopdesk up` starts."""

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
    """Within this context, keep a log and its two older files (`.1`, `.2`) to about this many bytes each."""
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
    """Move a log's content to an older file and truncate the log; a process appending to it carries on."""
    for number in range(EARLIER, 1, -1):
        if (before := earlier(log, number - 1)).exists():
            before.replace(earlier(log, number))
    shutil.copyfile(log, earlier(log, 1))
    os.truncate(log, 0)


def earlier(log: Path, number: int = 1) -> Path:
    """Return the path of a log's older file."""
    return log.with_name(f"{log.name}.{number}")
