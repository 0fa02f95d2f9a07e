"""A circuit breaker: an endpoint that failed again and again is left alone for a while, then tried by one call.

It is our own, since pybreaker and its like wrap one call, and none of them rests for as long as an endpoint asks for.
"""

import time
from collections.abc import Callable

FAILURES = 3
"""So many failures one after the other open it."""

OPEN_S = 10.0


class Breaker:
    """Whether an endpoint may be asked now.

    Args:
        clock: tells the seconds.
        failures: so many, one after the other, open it.
        open_s: how long it stays open, in seconds.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, failures: int = FAILURES, open_s: float = OPEN_S
    ) -> None:
        self._clock = clock
        self._most_failures = failures
        self._open_s = open_s
        self._failures = 0
        self._until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it is left alone at this moment."""
        return self.left_s > 0

    @property
    def left_s(self) -> float:
        """How long it is still left alone."""
        return max(0.0, self._until - self._clock())

    def admits(self) -> bool:
        """Whether to ask now; when the time is over, one call tries it and the others keep away until it is known."""
        if self.is_open:
            return False
        if self._failures >= self._most_failures:
            self._until = self._clock() + self._open_s
        return True

    def worked(self) -> None:
        """Note an answer."""
        self._failures, self._until = 0, 0.0

    def failed(self) -> None:
        """Note a failure."""
        self._failures += 1
        if self._failures >= self._most_failures:
            self._until = self._clock() + self._open_s

    def rest(self, seconds: float) -> None:
        """Leave it alone for as long as it asked for."""
        self._until = max(self._until, self._clock() + seconds)
