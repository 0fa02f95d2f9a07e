"""Metrics that somebody else counts: the database, the model endpoints, the machine."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

Families = Mapping[str, tuple[str, Sequence[str]]]
"""What each metric means, and its labels, by its name; one whose name ends in `_total` only grows."""


class Found(NamedTuple):
    """One value of a metric that is looked up; None where nobody knows it."""

    name: str
    value: float | None
    labels: tuple[str, ...] = ()


class Looked(Collector):
    """Metrics that somebody else counts: they are looked up when `/metrics` is asked, and absent where nobody knows.

    Args:
        families: what there is to look up.
    """

    def __init__(self, families: Families) -> None:
        self._families = families
        self._found: list[Found] = []

    def tell(self, found: Iterable[Found]) -> None:
        """Take what was found now in the place of what was found before."""
        self._found = [one for one in found if one.value is not None]

    def collect(self) -> Iterator[Metric]:
        """Yield what was told last."""
        for name, (meaning, labels) in self._families.items():
            family: CounterMetricFamily | GaugeMetricFamily
            if name.endswith("_total"):
                family = CounterMetricFamily(name, meaning, labels=labels)
            else:
                family = GaugeMetricFamily(name, meaning, labels=labels)
            for one in self._found:
                if one.name == name and one.value is not None:
                    family.add_metric(one.labels, one.value)
            yield family
