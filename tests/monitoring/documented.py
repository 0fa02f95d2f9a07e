"""What docs/metrics.md says of each metric: its kind, its labels, and the values they may have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from storage.settings import REPOSITORY

MONITORING = REPOSITORY / "docs" / "monitoring"
PAGE = REPOSITORY / "docs" / "metrics.md"
ROW = re.compile(r"^\| (`[^|]+`) \| (counter|gauge|histogram) \|([^|]*)\|", re.MULTILINE)
LABEL = re.compile(r"`(\w+)`(?:: ((?:`\w+`(?:, )?)+))?(?:: [^`;|]*)?(?:[,;] |$)")
QUOTED = re.compile(r"`(\w+)`")
OF_TARGETS = frozenset({"job", "instance"})
"""Labels that Prometheus adds to every sample."""

OF_BUCKETS = "le"


@dataclass(frozen=True)
class Metric:
    """One row; the values of a label are none where the shop names them: its servers, tools, roles and endpoints."""

    name: str
    kind: str
    labels: dict[str, frozenset[str]]

    @property
    def samples(self) -> dict[str, frozenset[str]]:
        """The labels of each sample's name."""
        labels = frozenset(self.labels) | OF_TARGETS
        if self.kind != "histogram":
            return {self.name: labels}
        return {f"{self.name}_{part}": labels for part in ("sum", "count")} | {
            f"{self.name}_bucket": labels | {OF_BUCKETS}
        }


def documented() -> dict[str, list[Metric]]:
    """Return the rows of each section."""
    _, *sections = PAGE.read_text().split("\n## ")
    return {section.partition("\n")[0]: list(_rows(section)) for section in sections}


def labels_of_samples() -> dict[str, frozenset[str]]:
    """Return the labels of every sample's name, in whichever process, those of Prometheus' own `up` too."""
    labels: dict[str, frozenset[str]] = {"up": OF_TARGETS}
    for metric in chain.from_iterable(documented().values()):
        for name, found in metric.samples.items():
            labels[name] = labels.get(name, frozenset()) | found
    return labels


def _rows(section: str) -> Iterator[Metric]:
    for names, kind, told in ROW.findall(section):
        labels = {name: frozenset(QUOTED.findall(values)) for name, values in LABEL.findall(told.strip())}
        for name in QUOTED.findall(names):
            yield Metric(name, kind, labels)
