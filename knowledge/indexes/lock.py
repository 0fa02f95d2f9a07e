"""A lock between processes: two ingests of one shop go one after the other."""

import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Hold a lock file, waiting for whoever holds it; a process that dies lets go of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        await anyio.to_thread.run_sync(fcntl.flock, file, fcntl.LOCK_EX)
        yield


def is_held(path: Path) -> bool:
    """Tell whether somebody holds a lock file at this moment."""
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
