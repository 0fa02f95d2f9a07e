"""What a metric came to."""

from prometheus_client import Counter, Gauge


def counted(metric: Counter | Gauge) -> dict[tuple[str, ...], float]:
    """Its numbers, by the values of its labels."""
    return {tuple(sample.labels.values()): sample.value for family in metric.collect() for sample in family.samples}
