"""Every metric of the shop, on prometheus_client: each process has a registry of its own, which `GET /metrics` shows.

docs/metrics.md lists them. No label names a customer, nor what a caller sent; each has few values, which the shop sets.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import Response

from storage.process.logs import note
from storage.process.looked import Families, Found, Looked

logger = logging.getLogger(__name__)

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)
"""For what programs wait for."""

PATIENCE_S = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0)
"""For what people wait for, from "at once" to longer than a turn may take."""

UNKNOWN = "unknown"
"""Counted in the place of a tool that there is not, or that its caller may not know of."""

Outcome = Literal["ok", "asked", "refused", "limited", "failed"]
"""Of a call, as the server tells it."""

CallEnd = Literal["ok", "asked", "refused", "unreachable", "stopped"]
"""Of a call, as the team sees it: of a refusal it cannot tell whose fault it is."""

ENDS = ("done", "asked", "failed", "stopped", "lost")
"""Of a turn; a lost one ended with its process, and is taken up by another."""

OUTAGES = ("busy", "gone", "full")
"""Why the database refused."""

# When a counter began is a metric more for each, and nobody asks for it.
disable_created_metrics()  # type: ignore[no-untyped-call] # the library gives this one no types


class CallMetrics:
    """What a process of tool servers counts; servers and tools are named by the shop, never by a caller."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.calls = Counter("shopdesk_calls", "Tool calls.", ["server", "tool", "outcome"], registry=registry)
        self.limited = Counter("shopdesk_limited", "Calls a limit refused.", ["server", "limit"], registry=registry)
        self.in_flight = Gauge("shopdesk_in_flight", "Calls being worked on.", ["server"], registry=registry)
        self.waiting = Gauge("shopdesk_waiting", "Calls that wait for others to end.", ["server"], registry=registry)
        self.work_seconds = Histogram(
            "shopdesk_work_seconds",
            "Time a tool worked, without waiting for answers.",
            ["server", "tool"],
            buckets=BUCKETS_S,
            registry=registry,
        )
        self.looked = Looked(
            {
                "shopdesk_database_refusals_total": ("Statements the database refused.", ["reason"]),
                "shopdesk_mcp_sessions": ("Open sessions of MCP clients.", []),
            }
        )
        registry.register(self.looked)
        ProcessCollector(registry=registry)
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
    """What a process of the page counts: its turns, the calls of models and tools in them, and who was refused."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._count_turns(registry)
        self._count_models(registry)
        self._count_tools(registry)
        self._count_people(registry)
        self.looked = Looked(LOOKED_BY_PAGE)
        registry.register(self.looked)
        ProcessCollector(registry=registry)

    def _count_turns(self, registry: CollectorRegistry) -> None:
        self.turns = Counter("shopdesk_turns", "Turns that ended.", ["status"], registry=registry)
        self.turn_seconds = Histogram(
            "shopdesk_turn_seconds", "Time of a turn.", ["status"], buckets=PATIENCE_S, registry=registry
        )
        self.first_word_seconds = Histogram(
            "shopdesk_first_word_seconds",
            "Time until a customer read the first word of an answer.",
            buckets=PATIENCE_S,
            registry=registry,
        )
        self.troubles = Counter(
            "shopdesk_turn_troubles", "What kept turns from their answers.", ["trouble"], registry=registry
        )
        self.router = Counter("shopdesk_router", "Who chose the specialist.", ["by"], registry=registry)
        self.unsure = Counter(
            "shopdesk_router_unsure", "Choices of a specialist who was hardly the likeliest.", registry=registry
        )
        self.tickets = Counter(
            "shopdesk_failed_turn_tickets", "Tickets opened for turns that failed.", registry=registry
        )
        self.tasks = Counter(
            "shopdesk_cooperation_tasks", "Tasks of several models that ended.", ["mode", "status"], registry=registry
        )
        # A rate needs to see the zero before the first one.
        for status in ENDS:
            self.turns.labels(status)
        for by in ("rule", "model", "fallback"):
            self.router.labels(by)

    def _count_models(self, registry: CollectorRegistry) -> None:
        asked = ["endpoint", "role"]
        self.model_calls = Counter(
            "shopdesk_model_calls", "Model calls.", [*asked, "outcome", "in_place_of"], registry=registry
        )
        self.model_seconds = Histogram(
            "shopdesk_model_seconds", "Time of a model call.", asked, buckets=PATIENCE_S, registry=registry
        )
        self.model_tokens = Counter(
            "shopdesk_model_tokens",
            "Tokens of model calls; the cached ones are a part of the prompt's.",
            [*asked, "kind"],
            registry=registry,
        )
        self.model_retries = Counter(
            "shopdesk_model_retries", "Model calls that were made once more.", asked, registry=registry
        )
        self.left_alone = Gauge("shopdesk_endpoint_left_alone", "1 while it rests.", ["endpoint"], registry=registry)

    def _count_tools(self, registry: CollectorRegistry) -> None:
        called = ["server", "tool"]
        self.tool_calls = Counter(
            "shopdesk_team_tool_calls", "Tool calls of the team.", [*called, "outcome"], registry=registry
        )
        self.tool_seconds = Histogram(
            "shopdesk_team_tool_seconds",
            "Time until the team had a tool's result.",
            called,
            buckets=BUCKETS_S,
            registry=registry,
        )
        self.tool_retries = Counter(
            "shopdesk_team_tool_retries", "Tool calls that were made once more.", called, registry=registry
        )

    def _count_people(self, registry: CollectorRegistry) -> None:
        self.answers = Counter(
            "shopdesk_answers", "Answers to questions before a change.", ["answer", "by"], registry=registry
        )
        self.identifications = Counter(
            "shopdesk_identifications", "Visitors who were asked who they are.", ["status"], registry=registry
        )
        self.logins = Counter("shopdesk_logins", "Logins by password.", ["outcome"], registry=registry)
        self.limited = Counter("shopdesk_limited", "Requests a limit refused.", ["limit"], registry=registry)
        for outcome in ("ok", "refused"):
            self.logins.labels(outcome)
        for answer in ("yes", "no"):
            for by in ("message", "button"):
                self.answers.labels(answer, by)

    def count_tool(self, server: str, tool: str, end: CallEnd, seconds: float) -> None:
        """Count a call of the team that ended."""
        self.tool_calls.labels(server, tool, end).inc()
        self.tool_seconds.labels(server, tool).observe(seconds)

    def refuse(self, limit: str) -> None:
        """Count what a limit refused, and tell the log."""
        self.limited.labels(limit).inc()
        note(logger, "limit", limit=limit)


LOOKED_BY_PAGE: Families = {
    "shopdesk_turns_running": ("Turns that run now.", []),
    "shopdesk_turns_waiting": ("Turns whose process ended, and that no other has taken up.", []),
    "shopdesk_viewers": ("Streams of conversations that are connected.", []),
    "shopdesk_open_questions": ("Questions before a change that wait for a yes or no.", []),
    "shopdesk_handovers_open": ("Chats that a person has.", []),
    "shopdesk_handovers_waiting": ("Of these, chats whose last word is the customer's.", []),
    "shopdesk_handover_oldest_wait_seconds": ("How long the first of them waits; 0 where none does.", []),
    "shopdesk_endpoint_up": ("1 where the endpoint answers.", ["endpoint"]),
    "shopdesk_endpoint_serves": ("1 for each endpoint that may speak for a role.", ["endpoint", "role"]),
    "shopdesk_endpoint_requests": ("The endpoint's requests, everybody's.", ["endpoint", "state"]),
    "shopdesk_endpoint_kv_cache_usage_ratio": ("Share of its KV cache in use.", ["endpoint"]),
    "shopdesk_endpoint_prefix_cache_queries_total": ("Tokens looked for in its prefix cache.", ["endpoint"]),
    "shopdesk_endpoint_prefix_cache_hits_total": ("Tokens found there.", ["endpoint"]),
    "shopdesk_database_up": ("1 where the database answers.", []),
    "shopdesk_database_refusals_total": ("Statements the database refused.", ["reason"]),
    "shopdesk_disk_free_bytes": ("Room on the disk with SHOPDESK_HOME.", []),
    "shopdesk_disk_size_bytes": ("Size of that disk.", []),
}


def refusals(counted: Mapping[str, int]) -> Iterator[Found]:
    """Yield how often the database refused, for each reason."""
    for reason in OUTAGES:
        yield Found("shopdesk_database_refusals_total", counted.get(reason, 0), (reason,))


def exposition(registry: CollectorRegistry) -> Response:
    """Return what `GET /metrics` answers."""
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)
