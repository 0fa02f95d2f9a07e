"""Every metric of the shop, on prometheus_client: each process has a registry of its own, which `GET /metrics` shows.

No label names a customer, nor what a caller sent.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import Response

from storage.process.logs import note

logger = logging.getLogger(__name__)

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)

UNKNOWN = "unknown"
"""Counted in the place of a tool that there is not, or that its caller may not know of."""

Outcome = Literal["ok", "asked", "refused", "limited", "failed"]

# When a counter began is a metric more for each, and nobody asks for it.
disable_created_metrics()  # type: ignore[no-untyped-call] # the library gives this one no types


class CallMetrics:
    """What a process of tool servers counts; servers and tools are named by the shop, never by a caller."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.calls = Counter("shopdesk_calls", "Tool calls.", ["server", "tool", "outcome"], registry=registry)
        self.limited = Counter("shopdesk_limited", "Calls a limit refused.", ["server", "limit"], registry=registry)
        self.in_flight = Gauge("shopdesk_in_flight", "Calls being worked on.", ["server"], registry=registry)
        self.work_seconds = Histogram(
            "shopdesk_work_seconds",
            "Time a tool worked, without waiting for answers.",
            ["server", "tool"],
            buckets=BUCKETS_S,
            registry=registry,
        )
        # Looking a metric up by its labels takes longer than counting.
        self._ended: dict[tuple[str, str, Outcome], Counter] = {}
        self._working: dict[tuple[str, str], tuple[Gauge, Histogram]] = {}

    def count(self, server: str, tool: str, outcome: Outcome) -> None:
        """Count a call that ended."""
        key = (server, tool, outcome)
        if key not in self._ended:
            self._ended[key] = self.calls.labels(*key)
        self._ended[key].inc()

    def refuse(self, server: str, limit: str) -> None:
        """Count what a limit refused, and tell the log."""
        self.limited.labels(server, limit).inc()
        note(logger, "limit", server=server, limit=limit)

    @contextmanager
    def working(self, server: str, tool: str) -> Iterator[None]:
        """Count what runs inside as in progress, and how long it took."""
        key = (server, tool)
        if key not in self._working:
            self._working[key] = (self.in_flight.labels(server), self.work_seconds.labels(*key))
        in_flight, work_seconds = self._working[key]
        in_flight.inc()
        started = perf_counter()
        try:
            yield
        finally:
            in_flight.dec()
            work_seconds.observe(perf_counter() - started)


class PageMetrics:
    """What a process of the page counts: its turns, the calls of models in them, and what its limits refused."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.turns = Counter("shopdesk_turns", "Turns that ended.", ["status"], registry=registry)
        self.router = Counter("shopdesk_router", "Who chose the specialist.", ["by"], registry=registry)
        self.unsure = Counter(
            "shopdesk_router_unsure", "Choices of a specialist who was hardly the likeliest.", registry=registry
        )
        self.model_calls = Counter(
            "shopdesk_model_calls", "Model calls.", ["endpoint", "outcome", "in_place_of"], registry=registry
        )
        self.left_alone = Gauge("shopdesk_endpoint_left_alone", "1 while it rests.", ["endpoint"], registry=registry)
        self.tickets = Counter(
            "shopdesk_failed_turn_tickets", "Tickets opened for turns that failed.", registry=registry
        )
        self.limited = Counter("shopdesk_limited", "Requests a limit refused.", ["limit"], registry=registry)

    def refuse(self, limit: str) -> None:
        """Count what a limit refused, and tell the log."""
        self.limited.labels(limit).inc()
        note(logger, "limit", limit=limit)


def exposition(registry: CollectorRegistry) -> Response:
    """Return what `GET /metrics` answers."""
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)
