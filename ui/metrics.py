"""What this process's turns came to, in the text that Prometheus reads."""

from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage.endpoints import EndpointsError
from team.models.models import Models
from team.turn.counts import Counts
from ui.limits import Limits
from ui.parts import parts_of

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


async def metrics(request: Request) -> Response:
    """Tell the numbers of this process."""
    # Slow to import, and no page needs it.
    from prometheus_client import CollectorRegistry, generate_latest

    parts = parts_of(request)
    desk = parts.desk
    registry = CollectorRegistry()
    registry.register(_Families(desk.steps.counts, desk.answering.models, parts.limits))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE)


class _Families:
    """Hands the numbers over at the moment they are asked for."""

    def __init__(self, counts: Counts, models: Models, limits: Limits) -> None:
        self.counts, self.models, self.limits = counts, models, limits

    def collect(self) -> Iterator[Any]:
        """Yield each family of numbers."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        turns = CounterMetricFamily("shopdesk_turns", "Turns that ended.", labels=["status"])
        for status, number in self.counts.turns.items():
            turns.add_metric([status], number)
        chosen = CounterMetricFamily("shopdesk_router", "Who chose the specialist.", labels=["by"])
        for by, number in self.counts.chosen.items():
            chosen.add_metric([by], number)
        calls = CounterMetricFamily(
            "shopdesk_model_calls", "Model calls.", labels=["endpoint", "outcome", "in_place_of"]
        )
        for labels, number in self.counts.calls.items():
            calls.add_metric(labels, number)
        left_alone = GaugeMetricFamily("shopdesk_endpoint_left_alone", "1 while it rests.", labels=["endpoint"])
        for key, is_open in _breakers(self.models).items():
            left_alone.add_metric([key], is_open)
        tickets = CounterMetricFamily("shopdesk_failed_turn_tickets", "Tickets opened for turns that failed.")
        tickets.add_metric([], self.counts.tickets)
        limited = CounterMetricFamily("shopdesk_limited", "Requests a limit refused.", labels=["limit"])
        for limit, number in self.limits.refused.items():
            limited.add_metric([limit], number)
        yield from (turns, chosen, calls, left_alone, tickets, limited)


def _breakers(models: Models) -> dict[str, bool]:
    try:
        configured = models.endpoints
    except EndpointsError:
        return {}
    return {key: models.breaker(endpoint).is_open for key, endpoint in configured.endpoints.items()}


ROUTES = [Route("/metrics", metrics)]
