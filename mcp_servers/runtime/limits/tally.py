"""What a process counts of its calls: plain numbers, which /metrics shows."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)

UNKNOWN = "unknown"
"""Counted in the place of a tool that there is not, or that its caller may not know of."""

Outcome = Literal["ok", "asked", "refused", "limited", "failed"]


class Times:
    """How long something took: how often within each bucket (the last is for the rest), and the sum of seconds."""

    def __init__(self) -> None:
        self.counts = [0] * (len(BUCKETS_S) + 1)
        self.sum_s = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BUCKETS_S, seconds)] += 1
        self.sum_s += seconds


@dataclass
class Tally:
    """Counts by server and tool; both names are the shop's own, never a caller's."""

    calls: Counter[tuple[str, str, Outcome]] = field(default_factory=Counter)
    limited: Counter[tuple[str, str]] = field(default_factory=Counter)
    running: Counter[str] = field(default_factory=Counter)
    times: dict[tuple[str, str], Times] = field(default_factory=dict)

    def limit(self, server: str, limit: str) -> None:
        """Count one refusal."""
        self.limited[server, limit] += 1

    @contextmanager
    def working(self, server: str, tool: str) -> Iterator[None]:
        """Count what runs inside as in progress, and how long it took."""
        self.running[server] += 1
        started = time.perf_counter()
        try:
            yield
        finally:
            self.running[server] -= 1
            self.times.setdefault((server, tool), Times()).add(time.perf_counter() - started)
