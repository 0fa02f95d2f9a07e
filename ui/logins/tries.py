"""How often somebody may try before they have to wait, and how long."""

import time
from collections import deque
from dataclasses import dataclass

from storage.errors import ShopError

# Beyond so many names at once, the one tried longest ago is forgotten: a flood of names must not fill the memory.
NAMES_KEPT = 10_000


class TooManyTriesError(ShopError):
    """This email or address has failed too often."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"Too many tries. Wait {wait_s} seconds, then try again.")
        self.wait_s = wait_s


class Tries:
    """The tries of the last `window_s` seconds by name; `limit` of them are allowed."""

    def __init__(self, *, limit: int, window_s: float) -> None:
        self._limit = limit
        self._window_s = window_s
        self._tries: dict[str, deque[float]] = {}

    def take(self, name: str) -> None:
        """Count one more try, before it is known how it ends, so that tries at the same time are counted too.

        Raises:
            TooManyTriesError: there were too many; the message says how long to wait.
        """
        at = time.monotonic()
        tries = self._tries.pop(name, deque())
        self._tries[name] = tries
        while tries and tries[0] <= at - self._window_s:
            tries.popleft()
        if len(tries) >= self._limit:
            raise TooManyTriesError(int(tries[0] + self._window_s - at) + 1)
        tries.append(at)
        if len(self._tries) > NAMES_KEPT:
            del self._tries[next(iter(self._tries))]

    def forgive(self, name: str) -> None:
        """Forget the last try: it was the right password."""
        tries = self._tries.get(name)
        if tries:
            tries.pop()


@dataclass
class Failures:
    """How often in a row a name has failed, and when it may try again."""

    count: int = 0
    wait_until: float = 0.0


class Backoff:
    """Exponential backoff by name: `free` tries without a wait, then `first_wait_s`, and twice as long after each.

    The wait is never longer than `longest_wait_s`; who then lets as long pass again starts anew.
    """

    def __init__(self, *, free: int, first_wait_s: float, longest_wait_s: float) -> None:
        self._free = free
        self._first_wait_s = first_wait_s
        self._longest_wait_s = longest_wait_s
        self._failures: dict[str, Failures] = {}

    def take(self, name: str) -> None:
        """Count one more failure, before it is known how it ends, so that tries at the same time are counted too.

        Raises:
            TooManyTriesError: it is too soon; the message says how long to wait.
        """
        at = time.monotonic()
        failures = self._failures.pop(name, Failures())
        if at < failures.wait_until:
            self._failures[name] = failures
            raise TooManyTriesError(int(failures.wait_until - at) + 1)
        if at >= failures.wait_until + self._longest_wait_s:
            failures = Failures()
        count = failures.count + 1
        self._failures[name] = Failures(count, at + self._wait_s(count))
        if len(self._failures) > NAMES_KEPT:
            del self._failures[next(iter(self._failures))]

    def _wait_s(self, failures: int) -> float:
        doublings = failures - self._free
        # The power is bounded, since a large one fits no float.
        return 0 if doublings < 0 else min(self._first_wait_s * 2.0 ** min(doublings, 30), self._longest_wait_s)

    def clear(self, name: str) -> None:
        """Forget every failure of a name: it was the right password."""
        self._failures.pop(name, None)
