"""What callers are held to, everywhere in the shop: how often, and how much at the same time.

Token buckets are throttled-py's: GCRA, which takes several tokens at a time, tells when to come back, and forgets the
key used longest ago. The library `limits` has windows and no token bucket, and its memory grows with the keys.
"""

import math
from collections import Counter
from datetime import timedelta
from typing import ClassVar

from throttled import RateLimiterType, Throttled
from throttled.rate_limiter import per_duration
from throttled.store import MemoryStore

from storage.errors import ShopError

MINUTE_S = 60
ADDRESS_SHARE = 10
"""How many times a person's capacity everybody at one address has together."""
REMEMBERED = 10_000
"""Keys that are kept; the one used longest ago is forgotten first, so that a flood of keys does not fill the memory."""


class LimitError(ShopError):
    """Somebody met one of the limits; `limit` names it where refusals are counted."""

    limit: ClassVar[str]


class LimitReachedError(LimitError):
    """Somebody has used up what the shop allows, for `wait_s` seconds."""

    def __init__(self, told: str, wait_s: int) -> None:
        super().__init__(f"{told} Try again in {wait_s} seconds.")
        self.wait_s = wait_s


class TokenBuckets:
    """A token bucket for each key: full at first, and filled again at a steady rate, up to its capacity.

    Args:
        capacity: how many tokens a bucket holds; with 0 there are no buckets, and everybody may take all they like.
        period_s: in how many seconds an empty bucket is full again.
    """

    def __init__(self, capacity: int, period_s: float) -> None:
        self._buckets = None
        if capacity:
            self._buckets = Throttled(
                using=RateLimiterType.GCRA.value,
                quota=per_duration(timedelta(seconds=period_s), capacity, burst=capacity),
                store=MemoryStore(options={"MAX_SIZE": REMEMBERED}),
            )

    def take(self, key: str, tokens: int = 1) -> int:
        """Take tokens and return 0; where there are too few take none, and return in how many seconds there are."""
        if self._buckets is None:
            return 0
        found = self._buckets.limit(key, tokens)
        return max(1, math.ceil(found.state.retry_after)) if found.limited else 0


class RateLimiter:
    """How much one person, and everybody at their address, may do in a period; 0 for as much as they like."""

    def __init__(self, capacity: int, period_s: float = MINUTE_S) -> None:
        self._persons = TokenBuckets(capacity, period_s)
        self._addresses = TokenBuckets(ADDRESS_SHARE * capacity, period_s)

    def take(self, person: str, address: str, tokens: int = 1) -> int:
        """Take tokens of both and return 0, or return in how many seconds to come back."""
        return self._persons.take(person, tokens) or self._addresses.take(address, tokens)


class Semaphores:
    """A semaphore for each key, which nobody waits for; one that nobody holds is not remembered.

    Args:
        capacity: how often each is held at the same time; 0 for as often as they like.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._held: Counter[str] = Counter()

    def acquire(self, key: str) -> bool:
        """Return whether it was acquired; then `release` is called once."""
        if self._capacity and self._held[key] >= self._capacity:
            return False
        self._held[key] += 1
        return True

    def release(self, key: str) -> None:
        """Give it back."""
        self._held[key] -= 1
        if not self._held[key]:
            del self._held[key]


class ConcurrencyLimiter:
    """How much one person, and everybody at their address, may have at the same time; 0 for as much as they like."""

    def __init__(self, capacity: int) -> None:
        self._persons = Semaphores(capacity)
        self._addresses = Semaphores(ADDRESS_SHARE * capacity)

    def acquire(self, person: str, address: str) -> bool:
        """Return whether one more was acquired; then `release` is called once."""
        if not self._persons.acquire(person):
            return False
        if not self._addresses.acquire(address):
            self._persons.release(person)
            return False
        return True

    def release(self, person: str, address: str) -> None:
        """Give one back."""
        self._persons.release(person)
        self._addresses.release(address)
