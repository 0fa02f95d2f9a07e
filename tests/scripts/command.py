"""The `shopdesk` command as a person runs it: a process, its output, its exit code."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """What a command said and how it ended."""

    code: int
    said: str
    complained: str


async def shopdesk(*arguments: str) -> Outcome:
    """Run the command to its end; it reads the settings of the test from the environment."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "scripts", *arguments, stdout=PIPE, stderr=PIPE
    )
    said, complained = await process.communicate()
    assert process.returncode is not None
    return Outcome(process.returncode, said.decode(), complained.decode())
