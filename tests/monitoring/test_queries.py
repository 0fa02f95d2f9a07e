"""That every query of a dashboard or an alert asks for metrics, labels and values that there are."""

from itertools import chain

import pytest

from storage.db import Sessions
from storage.settings import Settings
from tests.monitoring.documented import OF_TARGETS, documented, labels_of_samples
from tests.monitoring.lively import PAGE, TOOLS, open_lively
from tests.monitoring.queries import IN_LEGEND, Query, of_panels, of_rules

JOBS = {PAGE, TOOLS}


def values_of(name: str, label: str) -> frozenset[str]:
    """Return the values that a sample's label may have; none where any may be."""
    metrics = [metric for metric in chain.from_iterable(documented().values()) if name in metric.samples]
    return frozenset().union(*(metric.labels.get(label, frozenset()) for metric in metrics))


@pytest.mark.parametrize("query", [*of_panels(), *of_rules()], ids=str)
def test_a_query_asks_for_metrics_labels_and_values_that_there_are(query: Query) -> None:
    labels = labels_of_samples()

    selectors = query.selectors()
    assert [one.name for one in selectors if one.name not in labels] == []
    for selector in selectors:
        assert [label for label, _, _ in selector.matchers if label not in labels[selector.name]] == [], selector
        for label, value in selector.wanted:
            known = JOBS if label == "job" else values_of(selector.name, label)
            assert value in known or not known, (selector, value)
    for grouped, within in query.groupings():
        known = frozenset().union(*(labels[selector.name] for selector in within))
        assert grouped <= known, query.text


@pytest.mark.parametrize("query", of_panels(), ids=str)
def test_a_legend_names_labels_that_are_left(query: Query) -> None:
    left = query.shown() or frozenset().union(*(labels_of_samples()[one.name] for one in query.selectors()))

    assert set(IN_LEGEND.findall(query.legend)) <= left | OF_TARGETS


async def test_every_query_finds_samples_in_a_shop_where_everything_happened(
    settings: Settings, sessions: Sessions
) -> None:
    async with open_lively(settings, sessions) as shop:
        await shop.play()
        samples = list((await shop.exposed()).samples())

    empty = [
        (query.where, selector)
        for query in of_panels()
        if not query.may_be_empty
        for selector in query.selectors()
        if not any(map(selector.selects, samples))
    ]
    assert empty == []
