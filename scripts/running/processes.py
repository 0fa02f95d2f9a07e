"""The processes `shopdesk up` runs: started in order, restarted when one dies, and stopped together."""

import asyncio
import json
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import STDOUT, Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from scripts.running.rotation import earlier, rotated
from storage.settings import CannotStartError

READY_WITHIN_S = 60
ENDS_WITHIN_S = 5
LOOKS_EVERY_S = 0.05
MOST_ENDS, WITHIN_S = 3, 60
"""A part that dies or hangs this often within this many seconds is not restarted."""
ASKED_EVERY_S, ANSWERS_WITHIN_S = 5.0, 5.0
MOST_SILENT = 4
"""A part that misses this many health checks in a row is considered hung. One that reports itself unhealthy is not."""


class PortTakenError(CannotStartError):
    """Another program is listening on a port that is needed."""

    def __init__(self, part: "Part", port: int) -> None:
        super().__init__(f"Port {port} for the {part.name} is taken by another program. Stop it, or {part.way_out}.")


class PartEndedError(CannotStartError):
    """A process died."""

    def __init__(self, part: "Part", log: Path) -> None:
        lines = [line for file in (earlier(log), log) for line in _lines(file)]
        last = _said(lines[-1]) if lines else "it logged nothing"
        super().__init__(f"The {part.name} process exited unexpectedly: {last} (full log: {log})")


def _said(line: str) -> str:
    """Return what a line of a log says: of one in JSON its message, and how its traceback ends."""
    try:
        told = json.loads(line)
    except ValueError:
        return line
    if not isinstance(told, dict):
        return line
    return ": ".join(filter(None, [str(told.get("message", line)), *str(told.get("traceback", "")).splitlines()[-1:]]))


def _lines(file: Path) -> list[str]:
    return file.read_text(errors="replace").strip().splitlines() if file.exists() else []


class NotReadyError(CannotStartError):
    """A process is running but does not answer."""

    def __init__(self, part: "Part", log: Path) -> None:
        super().__init__(f"The {part.name} process did not answer within {READY_WITHIN_S} seconds. Log: {log}")


@dataclass(frozen=True)
class Part:
    """One process: its name, command, ports, health URL, how to move it to another port, and its own environment.

    The command is what comes after `program`, which is Python unless it says otherwise.
    """

    name: str
    command: tuple[str, ...]
    ports: tuple[int, ...]
    health: str
    way_out: str
    environment: Mapping[str, str] = field(default_factory=dict)
    program: str = sys.executable


@dataclass
class Started:
    """A running part, and the times at which it died."""

    part: Part
    log: Path
    process: Process
    ended: list[float] = field(default_factory=list)


def require_free(part: Part, host: str) -> None:
    """Check that all of a part's ports are free.

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
async def running(part: Part, logs: Path) -> AsyncIterator[Started]:
    """Start a part, yield it once it answers, and stop it on exit.

    Raises:
        PartEndedError: it died instead of answering.
        NotReadyError: it did not answer in time.
    """
    log = logs / f"{part.name.replace(' ', '-')}.log"
    log.write_bytes(b"")
    earlier(log).unlink(missing_ok=True)
    started = Started(part, log, await _launched(part, log))
    try:
        async with rotated(log):
            await _ready(part, started.process, log)
            yield started
    finally:
        await _end(started.process)


async def watch(started: Sequence[Started], tell: Callable[[str], None]) -> None:
    """Restart each part that dies or hangs, and report it, until one does so too often.

    Raises:
        PartEndedError: one did.
        NotReadyError: one does not answer any more.
    """
    watching = [asyncio.create_task(_kept(one, tell)) for one in started]
    try:
        await asyncio.gather(*watching)
    finally:
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)


async def _kept(one: Started, tell: Callable[[str], None]) -> None:
    while True:
        hung = await _hung_until_ended(one)
        one.ended = [*(at for at in one.ended if at > time.monotonic() - WITHIN_S), time.monotonic()]
        if len(one.ended) >= MOST_ENDS:
            raise PartEndedError(one.part, one.log)
        what = "stopped answering" if hung else "exited unexpectedly"
        tell(f"The {one.part.name} process {what} and was restarted. Log: {one.log}")
        one.process = await _launched(one.part, one.log)
        await _ready(one.part, one.process, one.log)
        tell(f"[green]✓[/] {one.part.name}")


async def _hung_until_ended(one: Started) -> bool:
    """Wait until a part has ended; return whether it was killed here because it hung."""
    ended, silent = asyncio.create_task(one.process.wait()), 0
    try:
        async with httpx2.AsyncClient(timeout=ANSWERS_WITHIN_S) as client:
            while silent < MOST_SILENT:
                await asyncio.wait({ended}, timeout=ASKED_EVERY_S)
                if ended.done():
                    return False
                silent = 0 if await _speaks(client, one.part.health) else silent + 1
        await _end(one.process)
        return True
    finally:
        ended.cancel()


async def _launched(part: Part, log: Path) -> Process:
    with log.open("ab") as output:
        # In its own session, so that Ctrl-C reaches only this program, which then stops the parts in order.
        return await asyncio.create_subprocess_exec(
            part.program,
            *part.command,
            env=os.environ | part.environment,
            stdout=output,
            stderr=STDOUT,
            start_new_session=True,
        )


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


async def _speaks(client: httpx2.AsyncClient, url: str) -> bool:
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            await client.get(url)
    except (httpx2.HTTPError, TimeoutError):
        return False
    return True


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
