"""What Prometheus reads: the documented names, and nothing beside them."""

import pytest

from storage.process.metrics import CallMetrics, PageMetrics, exposition


def lines_of(metrics: CallMetrics | PageMetrics) -> list[str]:
    return bytes(exposition(metrics.registry).body).decode().splitlines()


def test_calls_are_counted_by_server_tool_and_outcome_and_timed() -> None:
    metrics = CallMetrics()
    with metrics.working("orders", "get_order"):
        during = lines_of(metrics)
    metrics.count("orders", "get_order", "ok")
    metrics.refuse("orders", "rate")

    lines = lines_of(metrics)
    assert 'shopdesk_in_flight{server="orders"} 1.0' in during
    assert 'shopdesk_in_flight{server="orders"} 0.0' in lines
    assert 'shopdesk_calls_total{outcome="ok",server="orders",tool="get_order"} 1.0' in lines
    assert 'shopdesk_limited_total{limit="rate",server="orders"} 1.0' in lines
    assert 'shopdesk_work_seconds_bucket{le="20.0",server="orders",tool="get_order"} 1.0' in lines
    assert 'shopdesk_work_seconds_count{server="orders",tool="get_order"} 1.0' in lines


def test_what_fails_inside_is_no_longer_in_progress_either() -> None:
    metrics = CallMetrics()

    with pytest.raises(LookupError), metrics.working("orders", "get_order"):
        raise LookupError

    lines = lines_of(metrics)
    assert 'shopdesk_in_flight{server="orders"} 0.0' in lines
    assert 'shopdesk_work_seconds_count{server="orders",tool="get_order"} 1.0' in lines


def test_no_metric_tells_when_another_began() -> None:
    metrics = PageMetrics()
    metrics.turns.labels("done").inc()
    metrics.refuse("messages")

    assert [line for line in lines_of(metrics) if "_created" in line] == []
