"""Free memory of cards, and the ids of MIG devices: what `nvidia-smi` says at this moment."""

import asyncio
import re
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable

from scripts.sizing.cards import MIB
from scripts.sizing.sums import Slice, gib
from storage.settings import CannotStartError

FREE = ("nvidia-smi", "--query-gpu=memory.free", "--format=csv,noheader,nounits")
LISTED = ("nvidia-smi", "-L")
MIG_ID = re.compile(r"UUID: (MIG-[0-9a-fA-F/-]+)")
LOOKS_EVERY_S = 1.0
PATIENCE_S = 120.0
"""How long a card may take to free the memory of a server that ended."""


class NoMigDeviceError(CannotStartError):
    """A plan wants MIG devices that are not there."""

    def __init__(self, wanted: int, found: int) -> None:
        super().__init__(
            f"The plan wants {wanted} MIG devices and `nvidia-smi -L` lists {found}. docs/gpu.md says how to make them."
        )


class MemoryTakenError(CannotStartError):
    """A card does not have the memory that a slice was planned with."""

    def __init__(self, one: Slice, missing: int) -> None:
        super().__init__(
            f"{one.wanted.model.name} needs {gib(one.needed)} of {one.card.name}; {gib(missing)} of it are not free. "
            "End the program that has them (`nvidia-smi` lists it), or plan for less: --gpu with a smaller size."
        )


async def until_free(one: Slice, tell: Callable[[str], None], patience_s: float = PATIENCE_S) -> None:
    """Wait until a slice's card has the memory that vLLM asks for when it starts; a processor has it at once.

    Raises:
        MemoryTakenError: other programs keep it.
    """
    if one.card.processor or one.card.is_mig:
        return
    last = time.monotonic() + patience_s
    while (missing := one.needed - min([await _free(device) for device in one.devices])) > 0:
        if time.monotonic() > last:
            raise MemoryTakenError(one, missing)
        tell(f"waiting for {gib(missing)} of the card to be free")
        await asyncio.sleep(LOOKS_EVERY_S)


async def mig_ids(wanted: int) -> list[str]:
    """Return the ids of the machine's MIG devices.

    Raises:
        NoMigDeviceError: there are fewer.
    """
    found = MIG_ID.findall(await _said(*LISTED))
    if len(found) < wanted:
        raise NoMigDeviceError(wanted, len(found))
    return found


async def _free(device: int) -> int:
    """Return the free bytes of a card."""
    return int((await _said(*FREE)).splitlines()[device]) * MIB


async def _said(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=DEVNULL)
    said, _ = await process.communicate()
    return said.decode()
