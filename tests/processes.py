"""Real processes for tests: started on free ports, waited for, and always ended."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import STDOUT, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

import anyio
import httpx2

READY_WITHIN_S = 30


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def process(
    command: Sequence[str], environment: Mapping[str, str], *, ready: str, log: Path | None = None
) -> AsyncIterator[Process]:
    """Run a Python command (what comes after `python`) until its `ready` address answers; kill it at the end.

    What it prints goes to `log`; a pipe that nobody reads would be full one day, and it would wait.
    """
    with tempfile.TemporaryFile("w+b") if log is None else log.open("w+b") as output:
        started = await asyncio.create_subprocess_exec(
            sys.executable, *command, env=os.environ | environment, stdout=output, stderr=STDOUT, start_new_session=True
        )
        try:
            await _answers(started, ready, output)
            yield started
        finally:
            # It may have ended since: by a test that kills it, or by itself.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
            await started.wait()


async def _answers(started: Process, ready: str, output: IO[bytes]) -> None:
    with anyio.fail_after(READY_WITHIN_S):
        async with httpx2.AsyncClient() as client:
            while started.returncode is None:
                try:
                    if (await client.get(ready)).is_success:
                        return
                except httpx2.TransportError:
                    await asyncio.sleep(0.02)
    output.seek(0)
    raise AssertionError(f"it ended instead of answering: {output.read().decode()}")
