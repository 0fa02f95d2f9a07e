"""Which of a role's endpoints is asked: the least loaded, as far as its server or our own open calls tell."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from storage.endpoints import Endpoint
from team.models.load import Load, Loads

LOOKED_WITHIN_S = 0.25
"""The longest a turn waits for endpoints to say how busy they are; after that it goes by what is known."""

FULL = 0.9
"""From this share of its KV cache on, a server has to make others wait soon."""

Named = tuple[str, Endpoint]
"""An endpoint, and its key in models.toml."""


class Balance:
    """The open calls of this process by endpoint, and what the endpoints said last."""

    def __init__(self, loads: Loads) -> None:
        self._loads = loads
        self._open: Counter[Endpoint] = Counter()
        self._known: dict[Endpoint, tuple[Load, int]] = {}
        self._looking: asyncio.Task[None] | None = None

    @contextmanager
    def calling(self, endpoint: Endpoint) -> Iterator[None]:
        """Count a call for as long as it is open."""
        self._open[endpoint] += 1
        try:
            yield
        finally:
            self._open[endpoint] -= 1

    async def look(self, endpoints: Mapping[str, Endpoint]) -> None:
        """Find out how busy these are, at most every few seconds; who takes long is looked at in the background."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(endpoints))
        await asyncio.wait({self._looking}, timeout=LOOKED_WITHIN_S)

    async def close(self) -> None:
        """Stop looking."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})

    def is_away(self, endpoint: Endpoint) -> bool:
        """Whether the endpoint did not answer when it was looked at last."""
        known = self._known.get(endpoint)
        return known is not None and not known[0].reachable

    def least_loaded_first(self, endpoints: Sequence[Named]) -> list[Named]:
        """Return the endpoints in the order in which to ask them; of equals, the first in the file."""
        return sorted(endpoints, key=lambda named: self._weight(named[1]))

    async def _look(self, endpoints: Mapping[str, Endpoint]) -> None:
        for key, load in (await self._loads.read(endpoints)).items():
            endpoint = endpoints[key]
            if self._known.get(endpoint, (None, 0))[0] is not load:
                self._known[endpoint] = load, self._open[endpoint]

    def _weight(self, endpoint: Endpoint) -> tuple[bool, bool, float, float]:
        """Weigh whether it is away, whether it makes callers wait, its calls, and the share of its cache in use.

        What a server reported includes the calls we had open then: those opened since are added, those closed are not
        counted twice.
        """
        load, ours_then = self._known.get(endpoint, (Load(reachable=True), 0))
        ours = self._open[endpoint]
        waits = bool(load.waiting) or (load.kv_cache or 0) >= FULL
        calls = float(ours) if load.running is None else max(0.0, load.running + (load.waiting or 0) + ours - ours_then)
        return not load.reachable, waits, calls, load.kv_cache or 0.0
