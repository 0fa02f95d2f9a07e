"""Clients that leave while they are answered."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.requests import Request

T = TypeVar("T")


GONE = 499
"""The status of an answer that nobody reads, by which logs know it."""


async def unless_left(request: Request, work: Awaitable[T], left: Callable[[], Awaitable[None]]) -> T | None:
    """Return what work comes to; where the client leaves before that, do what is due then and return None."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        await left()
        return None
    finally:
        for one in (working, leaving):
            one.cancel()
        await asyncio.wait({working, leaving})


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        continue
