"""Many concurrent conversations in this process: how long each turn takes besides its model, and the memory used."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from statistics import median

import httpx2

from scripts.bench.turns.sides import Buyer, Ours
from storage.db import Sessions
from team.desk.desk import Desk

TURNS_OF_ONE = 5
"""How many turns each conversation of the long run has."""
REFS = count(1_000)
SEED = 7


@dataclass
class Load:
    """The turns of one load: seconds outside the model per turn, total seconds, and CPU seconds of this process."""

    overhead: list[float] = field(default_factory=list)
    seconds: float = 0.0
    processor: float = 0.0

    def percentile(self, share: float) -> float:
        """Return the overhead within which this share of the turns stayed."""
        return sorted(self.overhead)[int(share * (len(self.overhead) - 1))]


async def at_once(
    desk: Desk, sessions: Sessions, buyers: Sequence[Buyer], model: httpx2.AsyncClient, turns: int, *, think_s: float
) -> Load:
    """Run one conversation per buyer concurrently, each with this many turns.

    Before each message its customer thinks for half to one and a half times `think_s`; with 0 they all write at once,
    and
    again as soon as they are answered.
    """
    times: dict[str, float] = {}
    await model.get("/taken")
    chance = Random(SEED)  # noqa: S311 - not used for anything secret
    started, processor = time.perf_counter(), time.process_time()

    async def converse(buyer: Buyer) -> None:
        await asyncio.sleep(think_s * chance.random())
        side = Ours(desk, sessions)
        await side.open(buyer)
        for _ in range(turns):
            ref = f"ref-{next(REFS)}"
            times[ref] = await side.turn(f"Where is my order {buyer.order}? {ref}")
            await asyncio.sleep(think_s * (0.5 + chance.random()))

    await asyncio.gather(*map(converse, buyers))
    load = Load(seconds=time.perf_counter() - started, processor=time.process_time() - processor)
    taken = (await model.get("/taken")).json()
    load.overhead = [seconds - taken[ref]["seconds"] for ref, seconds in times.items()]
    return load


async def long_run(
    desk: Desk, sessions: Sessions, buyers: Sequence[Buyer], model: httpx2.AsyncClient, turns: int
) -> list[tuple[int, float]]:
    """Run this many turns, always in new conversations, and return the memory after each round, in MiB."""
    samples, done = [], 0
    a_round = len(buyers) * TURNS_OF_ONE
    while done < turns:
        await at_once(desk, sessions, buyers, model, TURNS_OF_ONE, think_s=0)
        done += a_round
        samples.append((done, resident_mib()))
    return samples


def growth(samples: Sequence[tuple[int, float]]) -> float:
    """Return the MiB that a thousand turns add: the median slope between samples after the first quarter."""
    settled = samples[len(samples) // 4 :]
    slopes = [
        (later - earlier) / (to - since) * 1000
        for at, (since, earlier) in enumerate(settled)
        for to, later in settled[at + 1 :]
    ]
    return median(slopes) if slopes else 0.0


def resident_mib() -> float:
    """Return the resident memory of this process, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20
