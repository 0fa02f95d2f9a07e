"""How fast each endpoint really is, and how often it fails: measured on the shop's own calls, by what they were for."""

import time
from collections import deque
from collections.abc import AsyncGenerator, Collection, Iterator, Mapping
from contextlib import aclosing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from statistics import median
from types import TracebackType
from typing import Any, TypeVar

from storage.endpoints import Endpoint

KEPT = 100
"""Calls of an endpoint for one purpose that are kept; the oldest go first."""
OLD_S = 3_600.0
"""From this age on a call says nothing about now."""
FEWEST_TOKENS = 2
"""A reply of a single token has no speed."""

T = TypeVar("T")
Where = tuple[str, str]
"""An endpoint's address and model, which are the same after an edit of models.toml that is about something else."""


@dataclass(frozen=True)
class Call:
    """One call: when it ended, how long it took, how long until the first word, and the tokens written.

    `first_s` is None for a reply in one piece, whose first word is not heard.
    """

    at: float
    failed: bool
    s: float
    first_s: float | None
    tokens: int

    @property
    def tokens_s(self) -> float | None:
        """Return the tokens it wrote per second after the first; None where that cannot be told."""
        if self.first_s is None or self.tokens < FEWEST_TOKENS or self.s <= self.first_s:
            return None
        return (self.tokens - 1) / (self.s - self.first_s)


@dataclass(frozen=True)
class Speed:
    """What an endpoint's last calls showed. `first_s` and `tokens_s` are medians; None where no call told."""

    calls: int = 0
    failed: int = 0
    first_s: float | None = None
    tokens_s: float | None = None

    @property
    def failures(self) -> float:
        """Return the share of the calls that failed, from 0 to 1."""
        return self.failed / self.calls if self.calls else 0.0


class Speeds:
    """The last calls of every endpoint, by what they were for: a role of the team, or a task."""

    def __init__(self) -> None:
        self._calls: dict[Where, dict[str, deque[Call]]] = {}
        self._known: dict[tuple[Where, frozenset[str]], tuple[float, Speed]] = {}

    def timing(self, endpoint: Endpoint) -> "Timing":
        """Begin to time a call; what it is for is what `doing` says."""
        return Timing(self, (endpoint.base_url, endpoint.model), _doing.get())

    def note(self, where: Where, purpose: str, call: Call) -> None:
        """Keep a call."""
        kept = self._calls.setdefault(where, {}).setdefault(purpose, deque(maxlen=KEPT))
        kept.append(call)
        self._known.clear()

    def of(self, endpoint: Endpoint, purposes: Collection[str] | None = None) -> Speed:
        """Return how fast an endpoint is at these purposes; at all of them where none are given."""
        where = (endpoint.base_url, endpoint.model)
        kept = self._calls.get(where, {})
        wanted = frozenset(kept if purposes is None else kept.keys() & set(purposes))
        if not wanted:
            return Speed()
        at, known = self._known.get((where, wanted), (0.0, Speed()))
        # Calls grow old while none is made.
        if not at or time.monotonic() - at > OLD_S / 60:
            known = speed_of([call for purpose in wanted for call in kept[purpose]])
            self._known[where, wanted] = time.monotonic(), known
        return known

    def by_purpose(self, endpoint: Endpoint) -> Mapping[str, Speed]:
        """Return how fast an endpoint is at each purpose it was asked for."""
        purposes = self._calls.get((endpoint.base_url, endpoint.model), {})
        return {purpose: self.of(endpoint, {purpose}) for purpose in sorted(purposes)}


def speed_of(calls: Collection[Call]) -> Speed:
    """Return what these calls show; those that are too old are left out."""
    fresh = [call for call in calls if time.monotonic() - call.at <= OLD_S]
    answered = [call for call in fresh if not call.failed]
    first = [call.first_s for call in answered if call.first_s is not None]
    rates = [rate for call in answered if (rate := call.tokens_s) is not None]
    return Speed(
        calls=len(fresh),
        failed=len(fresh) - len(answered),
        first_s=median(first) if first else None,
        tokens_s=median(rates) if rates else None,
    )


class Timing:
    """Times one call. As a context it notes that none began; `end` notes the reply, and `fail` that it broke off."""

    def __init__(self, speeds: Speeds, where: Where, purpose: str) -> None:
        self._keep = speeds.note
        self._where, self._purpose = where, purpose
        self._began = time.monotonic()
        self._first: float | None = None
        self._tokens = 0

    def __enter__(self) -> "Timing":
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        # One that was cancelled says nothing about its endpoint.
        if isinstance(error, Exception):
            self.fail()

    def hear(self, piece: Mapping[str, Any]) -> None:
        """Take a piece of a streamed reply."""
        choices = piece.get("choices")
        delta = choices[0].get("delta") if isinstance(choices, list) and choices and isinstance(choices[0], dict) else 0
        if isinstance(delta, dict) and any(value for name, value in delta.items() if name != "role"):
            self._first = self._first or time.monotonic()
            self._tokens += 1
        usage = piece.get("usage")
        if isinstance(usage, dict) and isinstance(usage.get("completion_tokens"), int):
            self._tokens = usage["completion_tokens"]

    def end(self) -> None:
        """The reply is complete."""
        self._note(failed=False)

    def fail(self) -> None:
        """There was no reply, or it broke off."""
        self._note(failed=True)

    def _note(self, *, failed: bool) -> None:
        now = time.monotonic()
        first = None if self._first is None else self._first - self._began
        self._keep(self._where, self._purpose, Call(now, failed, now - self._began, first, self._tokens))


async def timed(pieces: AsyncGenerator[T, None], timing: Timing) -> AsyncGenerator[T, None]:
    """Yield the pieces of a reply, and note how it ended."""
    try:
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece
    except Exception:
        timing.fail()
        raise
    timing.end()


_doing: ContextVar[str] = ContextVar("doing", default="")


@contextmanager
def doing(purpose: str) -> Iterator[None]:
    """Say what the calls in this context are for."""
    token = _doing.set(purpose)
    try:
        yield
    finally:
        _doing.reset(token)
