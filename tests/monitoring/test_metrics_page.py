"""That docs/metrics.md and `/metrics` say the same: every metric, every label, every value of a label."""

from collections import Counter
from itertools import chain

from prometheus_client import CollectorRegistry

from storage.db import Sessions
from storage.process.metrics import CallMetrics, PageMetrics
from storage.settings import Settings
from team.turn.trouble import Trouble
from tests.monitoring.documented import documented, labels_of_samples
from tests.monitoring.lively import CACHED, Exposed, open_lively


def families(registry: CollectorRegistry) -> set[tuple[str, str]]:
    return {
        (f"{family.name}_total" if family.type == "counter" else family.name, family.type)
        for family in registry.collect()
    }


def test_the_page_lists_every_metric_of_each_process_and_no_other() -> None:
    listed = {section: {(metric.name, metric.kind) for metric in metrics} for section, metrics in documented().items()}

    assert families(PageMetrics().registry) == listed["Page"] | listed["Both"]
    assert families(CallMetrics().registry) == listed["Tool servers"] | listed["Both"]


def test_the_page_names_every_trouble() -> None:
    [troubles] = [metric for metric in documented()["Page"] if metric.name == "shopdesk_turn_troubles_total"]

    assert troubles.labels["trouble"] == set(Trouble)


def by_endpoint_and_role(told: Exposed, name: str, **labels: str) -> dict[tuple[str, str], float]:
    found: Counter[tuple[str, str]] = Counter()
    for sample in told.samples():
        if sample.name == name and labels.items() <= sample.labels.items():
            found[sample.labels["endpoint"], sample.labels["role"]] += int(sample.value)
    return {key: count for key, count in found.items() if count}


def cached_tokens(told: Exposed) -> dict[tuple[str, str], float]:
    return by_endpoint_and_role(told, "shopdesk_model_tokens_total", kind="cached")


def answered_calls(told: Exposed) -> dict[tuple[str, str], float]:
    return by_endpoint_and_role(told, "shopdesk_model_calls_total", outcome="answered")


async def test_every_metric_has_the_labels_and_values_that_the_page_lists_and_names_nobody(
    settings: Settings, sessions: Sessions
) -> None:
    async with open_lively(settings, sessions) as shop:
        await shop.play()
        told = await shop.exposed()

    values = " ".join(value for sample in told.samples() for value in sample.labels.values()).lower()
    assert [
        word for word in ("w1042", "olivia", "mina", "customer_", "account.", "10001", "97201") if word in values
    ] == []
    assert cached_tokens(told) == {sample: CACHED * calls for sample, calls in answered_calls(told).items()}
    labels, samples = labels_of_samples(), list(told.samples())
    assert {sample.name for sample in samples} == set(labels)
    assert [sample for sample in samples if not set(sample.labels) <= labels[sample.name]] == []
    for metric in chain.from_iterable(documented().values()):
        found = [sample for sample in samples if sample.name in metric.samples]
        assert [name for name in metric.labels if not any(name in sample.labels for sample in found)] == []
        for label, allowed in metric.labels.items():
            if allowed:
                assert {sample.labels[label] for sample in found if label in sample.labels} <= allowed, metric.name
