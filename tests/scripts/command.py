"""The `shopdesk` command as a person runs it: a process, its output, its exit code."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What a command said and how it ended."""

    code: int
    said: str
    complained: str


async def shopdesk(*arguments: str, stdin: bytes = b"") -> Outcome:
    """Run the command to its end; it reads the settings of the test from the environment."""
    process = await started(*arguments, stdin=PIPE if stdin else DEVNULL)
    said, complained = await process.communicate(stdin or None)
    assert process.returncode is not None
    return Outcome(process.returncode, said.decode(), complained.decode())


async def started(*arguments: str, stdin: int) -> Process:
    """Start the command, which reads this file; in a session of its own no terminal of ours is asked instead."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "scripts", *arguments, stdin=stdin, stdout=PIPE, stderr=PIPE, start_new_session=True
    )
