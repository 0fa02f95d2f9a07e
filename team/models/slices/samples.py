"""The load of every endpoint over the last hour, sampled a few times a minute and kept in memory."""

import asyncio
import logging
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from storage.db import now
from storage.endpoints import EndpointsError
from team.models.load import Load
from team.models.models import Models
from team.models.slices.gpu import Gpu, read_gpus

logger = logging.getLogger(__name__)

EVERY_S = 15.0
KEPT = 240
"""Samples per endpoint: an hour."""


@dataclass(frozen=True)
class Sample:
    """One endpoint at one moment; None means unknown. `prefix` is the share of looked-up tokens found since before."""

    at: str
    reachable: bool
    running: float | None
    waiting: float | None
    kv_cache: float | None
    tokens_s: float | None
    prompt_tokens_s: float | None
    prefix: float | None


class Samples:
    """The last hour of every endpoint, by its key, and the memory of this machine's GPUs a moment ago."""

    def __init__(self, models: Models) -> None:
        self.models = models
        self.gpus: list[Gpu] = []
        self._kept: dict[str, deque[Sample]] = {}
        self._before: dict[str, tuple[float, Load]] = {}

    async def run(self) -> None:
        """Sample until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.take()
            except EndpointsError as error:
                logger.debug("No sample was taken: %s", error)

    async def take(self) -> None:
        """Take one sample of each endpoint.

        Raises:
            EndpointsError: models.toml cannot be used.
        """
        endpoints = self.models.endpoints.endpoints
        loads, self.gpus = await asyncio.gather(self.models.loads.read(endpoints), read_gpus())
        at = asyncio.get_running_loop().time()
        for gone in self._kept.keys() - endpoints.keys():
            del self._kept[gone]
        for key, load in loads.items():
            self._kept.setdefault(key, deque(maxlen=KEPT)).append(self._sample(key, load, at))
            self._before[key] = (at, load)

    def of(self, key: str) -> list[dict[str, Any]]:
        """Return the samples of an endpoint, oldest first."""
        return [asdict(sample) for sample in self._kept.get(key, ())]

    def _sample(self, key: str, load: Load, at: float) -> Sample:
        since, before = self._before.get(key, (at, load))
        passed = at - since
        return Sample(
            at=now().isoformat(),
            reachable=load.reachable,
            running=load.running,
            waiting=load.waiting,
            kv_cache=load.kv_cache,
            tokens_s=_rate(before.generation_tokens, load.generation_tokens, passed),
            prompt_tokens_s=_rate(before.prompt_tokens, load.prompt_tokens, passed),
            prefix=_share(
                _rate(before.prefix_hits, load.prefix_hits, passed),
                _rate(before.prefix_queries, load.prefix_queries, passed),
            ),
        )


def _rate(before: float | None, after: float | None, seconds: float) -> float | None:
    """Return a counter's growth per second; None where it is unknown, or began anew with its server."""
    if before is None or after is None or after < before or not seconds:
        return None
    return round((after - before) / seconds, 2)


def _share(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else round(part / whole, 3)
