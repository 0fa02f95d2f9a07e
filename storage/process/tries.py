"""How often somebody may fail before they have to wait, and how long.

A try is counted before it is known how it ends, and taken back where it was right. No library does that, nor lets the
wait grow with each failure: `limits` and throttled-py only ever count up.
"""

import time
from collections import deque
from dataclasses import dataclass
from typing import TypeVar

from storage.process.limits import REMEMBERED, LimitError

T = TypeVar("T")


class TooManyTriesError(LimitError):
    """This email or address has failed too often, and has to wait `wait_s` seconds."""

    limit = "tries"

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"Too many attempts. Wait {wait_s} seconds, then try again.")
        self.wait_s = wait_s


class SlidingWindow:
    """At most `limit` tries of each key within the last `window_s` seconds."""

    def __init__(self, *, limit: int, window_s: float) -> None:
        self._limit = limit
        self._window_s = window_s
        self._tries: dict[str, deque[float]] = {}

    def take(self, key: str) -> None:
        """Count an attempt before its outcome is known, so that simultaneous attempts count too.

        Raises:
            TooManyTriesError: there were too many; the message says how long to wait.
        """
        at = time.monotonic()
        tries = self._tries.pop(key, deque())
        self._tries[key] = tries
        while tries and tries[0] <= at - self._window_s:
            tries.popleft()
        if len(tries) >= self._limit:
            raise TooManyTriesError(int(tries[0] + self._window_s - at) + 1)
        tries.append(at)
        _forget_one(self._tries)

    def take_back(self, key: str) -> None:
        """Remove the last attempt: the password was right."""
        tries = self._tries.get(key)
        if tries:
            tries.pop()


@dataclass
class Failures:
    """How often in a row a key has failed, and when it may try again."""

    count: int = 0
    wait_until: float = 0.0


class Backoff:
    """Exponential backoff by key: `free` tries without a wait, then `first_wait_s`, and twice as long after each.

    The wait is at most `longest_wait_s`; after that long without attempts, the count starts over.
    """

    def __init__(self, *, free: int, first_wait_s: float, longest_wait_s: float) -> None:
        self._free = free
        self._first_wait_s = first_wait_s
        self._longest_wait_s = longest_wait_s
        self._failures: dict[str, Failures] = {}

    def take(self, key: str) -> None:
        """Count a failure before the outcome is known, so that simultaneous attempts count too.

        Raises:
            TooManyTriesError: it is too soon; the message says how long to wait.
        """
        at = time.monotonic()
        failures = self._failures.pop(key, Failures())
        if at < failures.wait_until:
            self._failures[key] = failures
            raise TooManyTriesError(int(failures.wait_until - at) + 1)
        if at >= failures.wait_until + self._longest_wait_s:
            failures = Failures()
        count = failures.count + 1
        self._failures[key] = Failures(count, at + self._wait_s(count))
        _forget_one(self._failures)

    def clear(self, key: str) -> None:
        """Forget every failure of a key: it was the right password."""
        self._failures.pop(key, None)

    def _wait_s(self, failures: int) -> float:
        doublings = failures - self._free
        # The exponent is bounded, since a large one overflows a float.
        return 0 if doublings < 0 else min(self._first_wait_s * 2.0 ** min(doublings, 30), self._longest_wait_s)


def _forget_one(kept: dict[str, T]) -> None:
    if len(kept) > REMEMBERED:
        del kept[next(iter(kept))]
