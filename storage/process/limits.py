"""What callers are held to: token buckets and places at once, for each person and for everybody at their address."""

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
"""Keys whose buckets are kept; the one used longest ago is forgotten first, and its bucket is full by then."""


class LimitReachedError(ShopError):
    """Somebody has used up what the shop allows; `limit` names it where refusals are counted."""

    limit: ClassVar[str]

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


class RateLimit:
    """How much one person, and everybody at their address, may do in a period; 0 for as much as they like."""

    def __init__(self, capacity: int, period_s: float = MINUTE_S) -> None:
        self._persons = TokenBuckets(capacity, period_s)
        self._addresses = TokenBuckets(ADDRESS_SHARE * capacity, period_s)

    def take(self, person: str, address: str, tokens: int = 1) -> int:
        """Take tokens of both and return 0, or return in how many seconds to come back."""
        return self._persons.take(person, tokens) or self._addresses.take(address, tokens)


class PlaceLimit:
    """How much one person, and everybody at their address, may have at the same time; 0 for as much as they like."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._taken: Counter[tuple[str, str]] = Counter()

    def take(self, person: str, address: str) -> bool:
        """Take a place, which `leave` gives back, and return whether there was one."""
        places = {("person", person): self._capacity, ("address", address): ADDRESS_SHARE * self._capacity}
        if self._capacity and any(self._taken[key] >= most for key, most in places.items()):
            return False
        self._taken.update(places.keys())
        return True

    def leave(self, person: str, address: str) -> None:
        """Give a place back."""
        for key in (("person", person), ("address", address)):
            self._taken[key] -= 1
            # Whoever has nothing going on is not remembered, however many come and go.
            if not self._taken[key]:
                del self._taken[key]
