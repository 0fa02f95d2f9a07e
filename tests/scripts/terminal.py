"""A terminal with a program in it, and somebody who reads and types."""

import asyncio
import fcntl
import os
import pty
import re
import sys
import termios
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

WITHIN_S = 15
ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|[=>])")


@dataclass
class Terminal:
    """What a program wrote since it was last read, and its process."""

    process: Process
    descriptor: int
    written: str = ""
    more: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, pattern: str) -> str:
        """Read until this is written, and return everything before and with it."""
        try:
            async with asyncio.timeout(WITHIN_S):
                while (found := re.search(pattern, self.written, re.DOTALL)) is None:
                    self.more.clear()
                    await self.more.wait()
        except TimeoutError as error:
            raise AssertionError(f"no {pattern!r} in {self.written!r}") from error
        read, self.written = self.written[: found.end()], self.written[found.end() :]
        return read

    def type(self, keys: str) -> None:
        """Press keys; \\r is Enter, \\x03 is Ctrl-C."""
        os.write(self.descriptor, keys.encode())

    def _read(self) -> None:
        try:
            self.written += ESCAPES.sub("", os.read(self.descriptor, 65_536).decode(errors="replace"))
        except OSError:
            # The program closed its end.
            asyncio.get_running_loop().remove_reader(self.descriptor)
        self.more.set()


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@asynccontextmanager
async def terminal(*arguments: str) -> AsyncIterator[Terminal]:
    """Run `shopdesk` in a terminal of its own."""
    ours, theirs = pty.openpty()
    # Nothing here answers where the cursor is, which a real terminal would.
    environment = os.environ | {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "LC_ALL": "C.UTF-8"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scripts",
        *arguments,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
        # Only a program whose own terminal this is gets Ctrl-C from it.
        preexec_fn=_take_terminal,
    )
    os.close(theirs)
    opened = Terminal(process, ours)
    asyncio.get_running_loop().add_reader(ours, opened._read)
    try:
        yield opened
    finally:
        asyncio.get_running_loop().remove_reader(ours)
        os.close(ours)
        if process.returncode is None:
            process.kill()
        await process.wait()
