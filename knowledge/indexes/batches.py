"""Processing many items a few at a time."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Coroutine, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def batched(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield items in lists of one size; the last may be shorter."""
    left = iter(things)
    while some := list(islice(left, size)):
        yield some


async def at_once(work: Callable[[T], Coroutine[Any, Any, R]], things: Iterable[T], most: int) -> list[R]:
    """Return the result for each item, processing this many at once; if one fails, the others are cancelled."""
    free = asyncio.Semaphore(most)

    async def done(thing: T) -> R:
        async with free:
            return await work(thing)

    running = [asyncio.create_task(done(thing)) for thing in things]
    try:
        return await asyncio.gather(*running)
    finally:
        await _ended(running)


async def one_ahead(work: Callable[[T], Coroutine[Any, Any, R]], things: AsyncIterable[T]) -> AsyncGenerator[R, None]:
    """Yield the result for each item while the next is already being processed; leaving early cancels that too."""
    running = list[asyncio.Task[R]]()
    try:
        async for thing in things:
            done = [await running.pop()] if running else []
            running.append(asyncio.create_task(work(thing)))
            for one in done:
                yield one
        if running:
            yield await running.pop()
    finally:
        await _ended(running)


async def _ended(running: Iterable[asyncio.Task[R]]) -> None:
    tasks = [task for task in running if task.cancel()]
    await asyncio.gather(*tasks, return_exceptions=True)
