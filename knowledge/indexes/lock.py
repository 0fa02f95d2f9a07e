"""A lock between processes: ingests of the same shop run one after another."""

import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio


@asynccontextmanager
async def locked(path: Path) -> AsyncIterator[None]:
    """Hold a lock file, waiting for its current holder; it is released if the process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        await anyio.to_thread.run_sync(fcntl.flock, file, fcntl.LOCK_EX)
        yield


def is_held(path: Path) -> bool:
    """Return whether somebody is holding a lock file."""
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
