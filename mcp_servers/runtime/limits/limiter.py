"""How often one caller may call: a token bucket each, whichever server they call and on however many connections."""

from storage.process.limits import MINUTE_S, LimitError, TokenBuckets


class TooManyCallsError(LimitError):
    """A caller called more often than the shop allows."""

    limit = "rate"

    def __init__(self, per_minute: int, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(
            f"Too many calls: at most {per_minute} a minute. Nothing was done. Try again in {wait_s} seconds."
        )


class CallLimiter:
    """The token buckets of all callers."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._buckets = TokenBuckets(per_minute, MINUTE_S)

    def take(self, subject: str) -> None:
        """Take one token from a caller's bucket; where the shop sets no rate, all may call.

        Raises:
            TooManyCallsError: it is empty; the message says when there is a token again.
        """
        if wait_s := self._buckets.take(subject):
            raise TooManyCallsError(self.per_minute, wait_s)
