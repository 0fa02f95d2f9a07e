"""Models that do not fit on their cards together take turns: one is awake, the others sleep until they are asked.

With `takes_turns` in models.toml, vLLM's sleep mode keeps a sleeping model's weights in the machine's memory. A call
for one of them waits until the open calls of the one that is awake have ended, puts that to sleep, and wakes its own.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2

from storage.endpoints import Endpoint, Endpoints

PASSES_S = 5.0
"""For so long calls for the model that is awake may still pass one that waits for another."""
SWAPS_WITHIN_S = 300.0
"""The longest a model may take to fall asleep, its last calls included, or to wake up."""


@dataclass
class Room:
    """The cards that some models share: which is awake, its open calls, and how many calls wait for each."""

    awake: str = ""
    woken: float = 0.0
    open: int = 0
    swapping: bool = False
    waiting: Counter[str] = field(default_factory=Counter)
    since: dict[str, float] = field(default_factory=dict)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def may_pass(self, url: str) -> bool:
        """Whether a call for this server may begin, since its model is awake and no other has waited for long."""
        if self.swapping or self.awake != url:
            return False
        others = [began for other, began in self.since.items() if other != url]
        return not others or time.monotonic() - max(self.woken, min(others)) < PASSES_S

    def may_swap(self, url: str) -> bool:
        """Whether this server's model may be woken now."""
        goes_on = bool(self.waiting[self.awake]) and self.may_pass(self.awake)
        return not self.swapping and not self.open and self.awake != url and not goes_on


class Turns:
    """The rooms of a process."""

    def __init__(self, http: httpx2.AsyncClient, endpoints: Callable[[], Endpoints]) -> None:
        self._http = http
        self._endpoints = endpoints
        self._rooms: dict[str, Room] = {}

    @asynccontextmanager
    async def awake(self, endpoint: Endpoint) -> AsyncIterator[None]:
        """Keep an endpoint's model awake in this context; one that shares no cards always is.

        Raises:
            httpx2.HTTPError: it cannot be woken, or another not be put to sleep.
            TimeoutError: that takes too long.
        """
        name = "" if endpoint.serve is None else endpoint.serve.takes_turns
        if not name:
            yield
            return
        room = self._rooms.setdefault(name, Room())
        await self._enter(room, endpoint, name)
        try:
            yield
        finally:
            room.open -= 1
            async with room.changed:
                room.changed.notify_all()

    async def _enter(self, room: Room, endpoint: Endpoint, name: str) -> None:
        url = root_of(endpoint)
        async with room.changed:
            room.waiting[url] += 1
            room.since.setdefault(url, time.monotonic())
            try:
                await room.changed.wait_for(lambda: room.may_pass(url) or room.may_swap(url))
            finally:
                room.waiting[url] -= 1
                if not room.waiting[url]:
                    del room.since[url]
            room.open += 1
            if room.awake == url:
                return
            room.swapping = True
        try:
            async with asyncio.timeout(SWAPS_WITHIN_S):
                await self._swap(endpoint, name)
        except BaseException:
            # Nobody knows now which of them is awake.
            room.open, room.awake = room.open - 1, ""
            raise
        else:
            room.awake, room.woken = url, time.monotonic()
        finally:
            room.swapping = False
            async with room.changed:
                room.changed.notify_all()

    async def _swap(self, endpoint: Endpoint, name: str) -> None:
        """Put the others of the room to sleep, and wake this one."""
        there = self._endpoints().endpoints.values()
        others = {root_of(one): one for one in there if one.serve is not None and one.serve.takes_turns == name}
        others.pop(root_of(endpoint), None)
        for other in others.values():
            if not await self._sleeps(other):
                await self._post(other, "/sleep", {"level": "1", "mode": "wait"})
        if await self._sleeps(endpoint):
            await self._post(endpoint, "/wake_up", {})

    async def _sleeps(self, endpoint: Endpoint) -> bool:
        answer = await self._http.get(f"{root_of(endpoint)}/is_sleeping", headers=_key(endpoint))
        return bool(answer.raise_for_status().json()["is_sleeping"])

    async def _post(self, endpoint: Endpoint, path: str, told: dict[str, str]) -> None:
        answer = await self._http.post(
            f"{root_of(endpoint)}{path}", params=told, headers=_key(endpoint), timeout=SWAPS_WITHIN_S
        )
        answer.raise_for_status()


def root_of(endpoint: Endpoint) -> str:
    """Return the address of an endpoint's server, without the path of its API."""
    return endpoint.base_url.removesuffix("/").removesuffix("/v1")


def _key(endpoint: Endpoint) -> dict[str, str]:
    return {"Authorization": f"Bearer {endpoint.api_key}"}
