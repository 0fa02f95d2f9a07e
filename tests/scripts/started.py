"""The whole shop as its owner starts it: one command, on ports that are free, until Ctrl-C."""

import asyncio
import os
import re
import signal
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio

from storage.settings import REPOSITORY
from tests.processes import free_port

ENDS_WITHIN_S = 20


@dataclass(frozen=True)
class Started:
    """A shop that says it is running: what it printed, the ports of its parts, and its process."""

    printed: str
    ports: tuple[int, ...]
    process: Process

    @property
    def url(self) -> str:
        """Where its page is."""
        return f"http://127.0.0.1:{self.ports[0]}"

    async def end(self) -> str:
        """Press Ctrl-C, wait until it ended, and return what it printed since."""
        self.process.send_signal(signal.SIGINT)
        with anyio.fail_after(ENDS_WITHIN_S):
            output, _ = await self.process.communicate()
        return output.decode()

    async def open_ports(self) -> list[int]:
        """The ports that somebody still listens on."""
        return [port for port in self.ports if await _listens(port)]


@asynccontextmanager
async def started(
    command: list[str], home: Path, *, within_s: float, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Started]:
    """Run a command that starts the shop in this home, until its box is printed; end it at the end."""
    ports = ui, mcp, *_models = free_ports(home)
    settings = {"SHOPDESK_HOME": str(home), "UI_PORT": str(ui), "MCP_PORT": str(mcp), **(environment or {})}
    process = await asyncio.create_subprocess_exec(
        *command, env=os.environ | settings, stdout=PIPE, stderr=STDOUT, start_new_session=True
    )
    try:
        with anyio.fail_after(within_s):
            printed = await until(process, b"Claude Code")
        yield Started(printed, tuple(ports), process)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            await process.communicate()


def free_ports(home: Path) -> list[int]:
    """Free ports: the page, the tools, and both model slices, whose ports are in models.toml."""
    models = home / "models.toml"
    if not models.exists():
        home.mkdir(parents=True, exist_ok=True)
        text = (REPOSITORY / "team" / "models.toml").read_text()
        models.write_text(text.replace(":8081/", f":{free_port()}/").replace(":8082/", f":{free_port()}/"))
    return [free_port(), free_port(), *map(int, re.findall(r":(\d+)/v1", models.read_text()))]


async def until(process: Process, mark: bytes) -> str:
    """Read what a process prints, up to the line with this in it."""
    assert process.stdout is not None
    printed = b""
    while mark not in printed:
        line = await process.stdout.readline()
        assert line, f"it ended: {printed.decode()}"
        printed += line
    return printed.decode()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return False
    writer.close()
    return True
