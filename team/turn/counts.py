"""Counts this process's turns from their steps; no metric names a customer or what they said."""

from collections.abc import Mapping
from typing import Any

from storage.process.metrics import PageMetrics
from storage.reasons import Code


def count_step(metrics: PageMetrics, kind: str, data: Mapping[str, Any]) -> None:
    """Count one step."""
    match kind:
        case "turn_ended":
            metrics.turns.labels(data["status"]).inc()
        case "router":
            metrics.router.labels(data["by"]).inc()
            metrics.unsure.inc(data.get("reason_code") == Code.UNSURE)
            if data["model"] and data["by"] == "model":
                _count_call(metrics, data)
        case "model":
            _count_call(metrics, data)
        case "ticket":
            metrics.tickets.inc(data["opened"])


def _count_call(metrics: PageMetrics, data: Mapping[str, Any]) -> None:
    outcome = "failed" if data.get("error") else "answered"
    metrics.model_calls.labels(data["endpoint"], outcome, data.get("in_place_of") or "").inc()
