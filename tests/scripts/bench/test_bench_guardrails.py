"""The guardrails find what they should in the benchmark's messages, and leave the harmless ones alone."""

from pathlib import Path

import pytest

from scripts.bench.guardrail.counting import figures_of

SETS = Path(__file__).parents[3] / "scripts/bench/guardrail"


@pytest.mark.parametrize("name", ["messages", "unseen", "later", "fresh"])
def test_the_guardrails_are_as_good_as_they_have_to_be(name: str) -> None:
    figures = figures_of(SETS / f"{name}.toml")

    assert [one for one in figures.counts if one.messages == 0] == []
    assert figures.recall >= 0.95
    assert figures.false_alarms <= 0.01
