"""The processes `shopdesk up` runs: started in order, watched, and ended together."""

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import STDOUT, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from storage.settings import CannotStartError

READY_WITHIN_S = 60
ENDS_WITHIN_S = 5
LOOKS_EVERY_S = 0.05


class PortTakenError(CannotStartError):
    """Another program listens on a port that is needed."""

    def __init__(self, part: "Part", port: int) -> None:
        super().__init__(f"Port {port} for the {part.name} is taken by another program. Stop it, or {part.way_out}.")


class PartEndedError(CannotStartError):
    """A process ended by itself."""

    def __init__(self, part: "Part", log: Path) -> None:
        lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
        last = lines[-1] if lines else "it wrote nothing"
        super().__init__(f"The {part.name} ended by itself: {last} (all of it: {log})")


class NotReadyError(CannotStartError):
    """A process runs but does not answer."""

    def __init__(self, part: "Part", log: Path) -> None:
        super().__init__(f"The {part.name} did not answer within {READY_WITHIN_S} seconds. Its log: {log}")


@dataclass(frozen=True)
class Part:
    """One process: its name, its command, the ports it takes, where it says that it is ready, and how to move it."""

    name: str
    command: tuple[str, ...]
    ports: tuple[int, ...]
    health: str
    way_out: str


def require_free(part: Part, host: str) -> None:
    """Do nothing when each port of a part is free.

    Raises:
        PortTakenError: one is not.
    """
    for port in part.ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise PortTakenError(part, port) from error


@asynccontextmanager
async def running(part: Part, logs: Path) -> AsyncIterator[Process]:
    """Start a part, yield it once it answers, and end it at the end.

    Raises:
        PartEndedError: it ended instead of answering.
        NotReadyError: it did not answer in time.
    """
    path = _log_of(part, logs)
    with path.open("wb") as log:
        # A session of its own: Ctrl-C reaches this program alone, which then ends the parts in turn.
        process = await asyncio.create_subprocess_exec(
            sys.executable, *part.command, stdout=log, stderr=STDOUT, start_new_session=True
        )
    try:
        await _ready(part, process, path)
        yield process
    finally:
        await _end(process)


async def watch(started: Mapping[Part, Process], logs: Path) -> None:
    """Wait until one of the processes ends by itself.

    Raises:
        PartEndedError: one did.
    """
    waits = {asyncio.create_task(process.wait()): part for part, process in started.items()}
    try:
        done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waits:
            task.cancel()
    part = waits[done.pop()]
    raise PartEndedError(part, _log_of(part, logs))


def _log_of(part: Part, logs: Path) -> Path:
    return logs / f"{part.name.replace(' ', '-')}.log"


async def _ready(part: Part, process: Process, log: Path) -> None:
    try:
        async with asyncio.timeout(READY_WITHIN_S), httpx2.AsyncClient() as client:
            while not await _answers(client, part.health):
                if process.returncode is not None:
                    raise PartEndedError(part, log)
                await asyncio.sleep(LOOKS_EVERY_S)
    except TimeoutError as error:
        raise NotReadyError(part, log) from error


async def _answers(client: httpx2.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).is_success
    except httpx2.TransportError:
        return False


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(ENDS_WITHIN_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
