"""What a process counted, in the text that Prometheus reads. No label names a caller, nor what a caller sent."""

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mcp_servers.runtime.limits.tally import BUCKETS_S, Tally, Times

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics_route(tally: Tally) -> Route:
    """Return `GET /metrics`."""
    exposition = _exposition(tally)

    async def metrics(_: Request) -> Response:
        return Response(exposition(), media_type=CONTENT_TYPE)

    return Route("/metrics", metrics)


def _exposition(tally: Tally) -> Callable[[], bytes]:
    # Slow to import, and stdio does not need it.
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

    class Counts:
        """Hands the numbers over at the moment they are asked for."""

        def collect(self) -> Iterator[Any]:
            calls = CounterMetricFamily("shopdesk_calls", "Tool calls.", labels=["server", "tool", "outcome"])
            _add(calls, tally.calls)
            limited = CounterMetricFamily("shopdesk_limited", "Calls a limit refused.", labels=["server", "limit"])
            _add(limited, tally.limited)
            running = GaugeMetricFamily("shopdesk_in_flight", "Calls being worked on.", labels=["server"])
            _add(running, {(server,): number for server, number in tally.running.items()})
            times = HistogramMetricFamily(
                "shopdesk_work_seconds", "Time a tool worked, without waiting for answers.", labels=["server", "tool"]
            )
            for labels, taken in tally.times.items():
                times.add_metric(labels, buckets=_cumulative(taken), sum_value=taken.sum_s)
            yield from (calls, limited, running, times)

    registry = CollectorRegistry()
    registry.register(Counts())
    return lambda: generate_latest(registry)


def _add(family: Any, counts: Mapping[Any, float]) -> None:  # noqa: ANN401 - any family, labels as a tuple
    for labels, number in counts.items():
        family.add_metric(labels, number)


def _cumulative(taken: Times) -> list[tuple[str, float]]:
    return list(zip([*map(str, BUCKETS_S), "+Inf"], accumulate(taken.counts), strict=True))
