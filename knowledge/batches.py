"""A long row of things taken a few at a time."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def batched(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield things in lists of one size; the last may be shorter."""
    left = iter(things)
    while some := list(islice(left, size)):
        yield some


def one_ahead(work: Callable[[T], R], things: Iterable[T]) -> Iterator[R]:
    """Yield the work done on each thing, while another thread already does the next."""
    with ThreadPoolExecutor(1) as thread:
        waiting: Future[R] | None = None
        for thing in things:
            following = thread.submit(work, thing)
            if waiting is not None:
                yield waiting.result()
            waiting = following
        if waiting is not None:
            yield waiting.result()
