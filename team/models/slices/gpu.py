"""The memory of this machine's GPUs, as nvidia-smi measures it; unknown where there is none or it does not answer."""

import asyncio
import shutil
from dataclasses import dataclass

PROGRAM = "nvidia-smi"
ASKED = ("--query-gpu=index,name,memory.used,memory.total", "--format=csv,noheader,nounits")
FIELDS = 4
TIMEOUT_S = 5.0
MIB = 1024 * 1024


@dataclass(frozen=True)
class Gpu:
    """One GPU. Memory is in bytes, that of all programs on it together."""

    index: int
    name: str
    used: int
    total: int


async def read_gpus() -> list[Gpu]:
    """Return this machine's GPUs; none where nvidia-smi is missing or fails."""
    program = shutil.which(PROGRAM)
    if program is None:
        return []
    process = await asyncio.create_subprocess_exec(
        program, *ASKED, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(TIMEOUT_S):
            told, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return []
    return gpus_in(told.decode(errors="replace"))


def gpus_in(told: str) -> list[Gpu]:
    """Parse nvidia-smi's lines; one that is no GPU's, such as a message, or of a GPU in slices, is left out."""
    rows = [[field.strip() for field in line.split(",")] for line in told.splitlines()]
    return [
        Gpu(int(row[0]), row[1], int(row[2]) * MIB, int(row[3]) * MIB)
        for row in rows
        if len(row) == FIELDS and all(row[at].isdigit() for at in (0, 2, 3))
    ]
