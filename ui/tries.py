"""How often somebody may try a password before they have to wait."""

import time
from collections import deque

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
