"""How often one caller may call: a token bucket each, whichever server they call and on however many connections."""

from mcp_servers.runtime.limits.refusals import LimitError
from storage.process.limits import MINUTE_S, TokenBuckets


class TooManyCallsError(LimitError):
    """A caller called more often than the shop allows."""

    limit = "rate"

    def __init__(self, a_minute: int, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(
            f"Too many calls: at most {a_minute} a minute. Nothing was done. Try again in {wait_s} seconds."
        )


class Rates:
    """The buckets of all callers."""

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._buckets = TokenBuckets(a_minute, MINUTE_S)

    def take(self, subject: str) -> None:
        """Take one call from a caller's bucket; where the shop sets no rate, all may pass.

        Raises:
            TooManyCallsError: it is empty; the message says when there is a call again.
        """
        if wait_s := self._buckets.take(subject):
            raise TooManyCallsError(self.a_minute, wait_s)
