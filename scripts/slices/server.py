"""One model server: a process group of vLLM, its log, and whether it answers."""

import asyncio
import os
import signal
import socket
import time
from asyncio.subprocess import STDOUT, Process
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from scripts.running.rotation import rotated
from scripts.sizing.sums import Slice
from scripts.slices.stages import Reading, reason
from storage.settings import CannotStartError

LOOKS_EVERY_S = 0.2
ASKED_EVERY_S, ANSWERS_WITHIN_S = 5.0, 10.0
SLEEPS_WITHIN_S = 300.0
MOST_SILENT = 6
"""A server that misses this many health checks in a row hangs, and is ended."""
ENDS_WITHIN_S = 20.0
OUT_OF_MEMORY = ", which is also how the system ends a program when the machine's memory runs out"
DIED = "died"


class PortTakenError(CannotStartError):
    """Another program listens where a model is to be served."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is taken: a model server is running already, or another program. End it first.")


@dataclass
class Server:
    """A slice's server, and what is known of it at the moment."""

    number: int
    slice: Slice
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    stage: str = "waits for its turn"
    ready: bool = False
    process: Process | None = None
    reading: Reading | None = None
    began: float = field(default_factory=time.monotonic)

    @property
    def url(self) -> str:
        """Return its address, without a path."""
        return f"http://127.0.0.1:{self.slice.wanted.port}"

    @property
    def reason(self) -> str:
        """Return what it died of: the signal that killed it, or what its log says."""
        code = self.process.returncode if self.process else None
        if code is not None and code < 0:
            told = signal.Signals(-code).name
            return f"killed by {told}{OUT_OF_MEMORY if told == 'SIGKILL' else ''}"
        return reason(self.log)


def require_port(server: Server) -> None:
    """Check that nobody listens on a server's port.

    Raises:
        PortTakenError: somebody does.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", server.slice.wanted.port))
        except OSError as error:
            raise PortTakenError(server.slice.wanted.port) from error


async def launch(server: Server) -> None:
    """Start the server in a process group of its own, so that it and all it starts can be ended together."""
    server.log.write_bytes(b"")
    server.began, server.ready, server.stage = time.monotonic(), False, "starting"
    server.reading = Reading(server.log)
    with server.log.open("ab") as output:
        server.process = await asyncio.create_subprocess_exec(
            *server.command,
            stdout=output,
            stderr=STDOUT,
            env=os.environ | server.environment,
            start_new_session=True,
        )


async def until_ready(server: Server) -> bool:
    """Wait until the server answers, however long it loads; return False if it ended instead."""
    assert server.process is not None  # noqa: S101 - it was launched
    assert server.reading is not None  # noqa: S101
    async with httpx2.AsyncClient(timeout=ANSWERS_WITHIN_S) as client, rotated(server.log):
        while server.process.returncode is None:
            server.stage = server.reading.look()
            if await _is_healthy(client, server):
                server.reading.look()
                server.ready, server.stage = True, "ready"
                return True
            await asyncio.sleep(LOOKS_EVERY_S)
    server.stage = DIED
    return False


async def put_to_sleep(server: Server) -> None:
    """Have a server give its memory back, and keep its weights aside, until it is woken.

    Raises:
        httpx2.HTTPError: it does not.
    """
    server.stage = "goes to sleep"
    async with httpx2.AsyncClient(timeout=SLEEPS_WITHIN_S) as client:
        (await client.post(f"{server.url}/sleep", params={"level": 1, "mode": "wait"})).raise_for_status()
    server.stage = "sleeps"


async def until_ended(server: Server) -> str:
    """Wait until the server ends or hangs; end it then, and return what it died of."""
    assert server.process is not None  # noqa: S101 - it was launched
    ended, silent = asyncio.create_task(server.process.wait()), 0
    try:
        async with httpx2.AsyncClient(timeout=ANSWERS_WITHIN_S) as client, rotated(server.log):
            while silent < MOST_SILENT:
                await asyncio.wait({ended}, timeout=ASKED_EVERY_S)
                if ended.done():
                    return server.reason
                silent = 0 if await _is_healthy(client, server) else silent + 1
        return f"it did not answer for {MOST_SILENT * ASKED_EVERY_S:g} seconds"
    finally:
        ended.cancel()
        server.ready, server.stage = False, DIED


async def end(server: Server, within_s: float = ENDS_WITHIN_S) -> None:
    """End the server and all it started: asked first, killed after a while."""
    if server.process is None:
        return
    _signal(server, signal.SIGTERM)
    try:
        async with asyncio.timeout(within_s):
            await server.process.wait()
    except TimeoutError:
        pass
    finally:
        kill(server)
    await server.process.wait()
    server.ready = False


def kill(server: Server) -> None:
    """Kill what is left of the server's processes."""
    _signal(server, signal.SIGKILL)


def _signal(server: Server, number: signal.Signals) -> None:
    if server.process is not None:
        try:
            os.killpg(server.process.pid, number)
        except ProcessLookupError:
            return  # all of them have ended


async def _is_healthy(client: httpx2.AsyncClient, server: Server) -> bool:
    try:
        return (await client.get(f"{server.url}/health")).is_success
    except httpx2.HTTPError:
        return False
