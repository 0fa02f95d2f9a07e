"""Gates before the models and tools, at which each conversation can be held while others go on."""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.team.faulty import PATHS, hang, replayed

TOOLS, ROUTER, SPECIALIST = 0, 1, 2
"""The servers by number, as `Around` has them: slice 1 has the router, slice 2 whoever cancels an order."""


@dataclass(frozen=True)
class Place:
    """A request of a conversation: the `nth` at this server; `answered`: held when its work is done, and not told."""

    server: int
    nth: int
    answered: bool = False


@dataclass
class Gates:
    """What holds conversations, each known by the order it speaks of."""

    holds: dict[str, Place] = field(default_factory=dict)
    arrived: defaultdict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))
    _seen: Counter[tuple[str, int]] = field(default_factory=Counter)

    def around(self, number: int, app: ASGIApp) -> ASGIApp:
        """Put a gate before a server."""

        async def gate(scope: Scope, receive: Receive, send: Send) -> None:
            await self._pass(number, app, scope, receive, send)

        return gate

    async def _pass(self, number: int, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith(PATHS):
            await app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        order = next((one for one in self.holds if one.encode() in body), "")
        self._seen[order, number] += 1
        place = self.holds.get(order)
        if place is None or (place.server, place.nth) != (number, self._seen[order, number]):
            await app(scope, replayed(body, receive), send)
            return
        if place.answered:
            await app(scope, replayed(body, receive), _nowhere)
        self.arrived[order].set()
        await hang(Request(scope, replayed(b"", receive)))


async def _nowhere(_: Message) -> None:
    """Drop what is sent."""
