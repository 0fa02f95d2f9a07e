"""Request bodies: each must arrive in time and in full before anything is done with it."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.process.addresses import address_of
from storage.process.limits import LimitReachedError, Semaphores

PROMPT_S = 1.0
"""A body that takes longer than this counts as slow."""
SLOW_AT_ONCE = 20
"""Slow bodies per address at the same time."""
SLOWEST_BYTES_S = 16 * 1024
"""A large body earns more time as it arrives, such as a photo over a slow mobile connection."""
COME_BACK_S = 5
WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


class BodyError(LimitReachedError):
    """The body did not arrive; `status` is the HTTP status for it."""

    status: ClassVar[int]

    def __init__(self, told: str) -> None:
        super().__init__(told, COME_BACK_S)


class SlowBodyError(BodyError):
    """The body did not arrive in time."""

    limit, status = "slow_body", 408

    def __init__(self) -> None:
        super().__init__("The request took too long to arrive. Nothing was done.")


class TooManySlowBodiesError(BodyError):
    """Too many other requests from the same address are already arriving slowly."""

    limit, status = "slow_bodies", 429

    def __init__(self) -> None:
        super().__init__("Too many requests from this address are still arriving. Nothing was done.")


class BrokenOffError(BodyError):
    """The client disconnected before its body was complete; nobody reads the response."""

    limit, status = "broken_body", 400

    def __init__(self) -> None:
        super().__init__("The request was aborted.")


class PromptBodies:
    """Middleware in which reading a body either returns all of it or raises a `BodyError` for handlers to answer.

    Args:
        app: what reads the body.
        wait_s: how long a body may take, in seconds; it gets one more second per 16 KiB received.
    """

    def __init__(self, app: ASGIApp, wait_s: float) -> None:
        self._app = app
        self._wait_s = wait_s
        self._slow = Semaphores(SLOW_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] not in WITHOUT_BODY:
            with self._arriving(address_of(scope), receive) as arriving:
                await self._app(scope, arriving, send)
        else:
            await self._app(scope, receive, send)

    @contextmanager
    def _arriving(self, address: str, receive: Receive) -> Iterator[Receive]:
        arriving = _Arriving(receive, self._wait_s, address, self._slow)
        try:
            yield arriving.next
        finally:
            arriving.end()


class _Arriving:
    """One body: how much of it is here, by when the rest has to be, and whether it is one of the slow ones."""

    def __init__(self, receive: Receive, wait_s: float, address: str, slow: Semaphores) -> None:
        self._receive, self._wait_s, self._address, self._slow = receive, wait_s, address, slow
        self._started = 0.0
        self._received = 0
        self._is_whole = self._is_slow = False

    async def next(self) -> Message:
        """Return the next chunk of the body, then whatever follows it.

        Raises:
            SlowBodyError: it does not arrive in time.
            TooManySlowBodiesError: it is slow, like too many others.
            BrokenOffError: the client disconnected.
        """
        if self._is_whole:
            return await self._receive()
        message = await self._in_time()
        if message["type"] == "http.disconnect":
            raise BrokenOffError
        self._received += len(message.get("body", b""))
        if not message.get("more_body", False):
            self._is_whole = True
            self.end()
        return message

    def end(self) -> None:
        """Be no longer one of the slow ones."""
        if self._is_slow:
            self._is_slow = False
            self._slow.release(self._address)

    async def _in_time(self) -> Message:
        now = time.monotonic()
        self._started = self._started or now
        ends = self._started + self._wait_s + self._received / SLOWEST_BYTES_S
        if not self._is_slow:
            message = await self._within(min(self._started + PROMPT_S, ends) - now)
            if message is not None:
                return message
            self._count_as_slow()
        message = await self._within(ends - time.monotonic())
        if message is None:
            raise SlowBodyError
        return message

    async def _within(self, seconds: float) -> Message | None:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                return await self._receive()
        except TimeoutError:
            return None

    def _count_as_slow(self) -> None:
        if not self._slow.acquire(self._address):
            raise TooManySlowBodiesError
        self._is_slow = True
