"""How often one caller may call: a bucket of calls each, which fills again as time goes by."""

import math
import time
from collections import OrderedDict
from dataclasses import dataclass

from mcp_servers.runtime.limits import LimitError

MINUTE_S = 60
REMEMBERED = 10_000
"""Callers whose buckets are kept; the one seen longest ago is forgotten first, and its bucket is full by then."""


class TooManyCallsError(LimitError):
    """A caller called more often than the shop allows."""

    limit = "rate"

    def __init__(self, a_minute: int, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(
            f"Too many calls: at most {a_minute} a minute. Nothing was done. Try again in {wait_s} seconds."
        )


@dataclass
class Bucket:
    """The calls a caller has left, as of a moment on the monotonic clock."""

    left: float
    at: float


class Rates:
    """One bucket for each caller, whichever server they call and on however many connections."""

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, subject: str) -> None:
        """Take one call from a caller's bucket; where the shop sets no rate, all may pass.

        Raises:
            TooManyCallsError: it is empty; the message says when there is a call again.
        """
        if not self.a_minute:
            return
        bucket = self._filled(subject)
        if bucket.left < 1:
            raise TooManyCallsError(self.a_minute, math.ceil((1 - bucket.left) * MINUTE_S / self.a_minute))
        bucket.left -= 1

    def _filled(self, subject: str) -> Bucket:
        at = time.monotonic()
        bucket = self._buckets.setdefault(subject, Bucket(self.a_minute, at))
        self._buckets.move_to_end(subject)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        bucket.left = min(self.a_minute, bucket.left + (at - bucket.at) * self.a_minute / MINUTE_S)
        bucket.at = at
        return bucket
