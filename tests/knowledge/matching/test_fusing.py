"""Fusing ranked lists: by how near each hit comes to the best of its list."""

import pytest

from knowledge.indexes.vectors import Hit
from knowledge.matching.fusing import Ranking, fused

UNITS = {"a": "a", "b": "b", "c": "c"}


def ranking(weight: float = 1.0, floor: float = 0.0, **scores: float) -> Ranking:
    return Ranking([Hit(name, score) for name, score in scores.items()], weight, floor)


def test_what_every_list_puts_first_scores_one() -> None:
    found = fused([ranking(a=8, b=4), ranking(0.5, a=0.9, c=0.3)], UNITS)

    assert found[0] == ("a", 1.0)


def test_a_passage_far_above_the_others_outweighs_one_that_is_hardly_the_first_of_a_heavier_list() -> None:
    found = fused([ranking(1.0, a=8.1, b=8), ranking(0.5, b=0.9, a=0.1)], UNITS)

    assert [unit for unit, _ in found] == ["b", "a"]


def test_a_hit_at_the_floor_of_its_list_counts_for_nothing() -> None:
    found = dict(fused([ranking(floor=0.4, a=0.8, b=0.6, c=0.4)], UNITS))

    assert found == pytest.approx({"a": 1.0, "b": 0.5, "c": 0.0})


def test_the_only_hit_of_a_list_counts_in_full() -> None:
    assert fused([ranking(floor=0.4, a=0.4)], UNITS) == [("a", 1.0)]


def test_one_text_told_in_two_languages_counts_once_and_by_its_better_hit() -> None:
    found = fused([ranking(a=8, b=6, c=4)], {"a": ("returns", 1), "b": ("returns", 1), "c": "c"})

    assert found == [(("returns", 1), 1.0), ("c", 0.5)]


def test_a_passage_that_may_not_answer_is_no_measure_for_the_others() -> None:
    assert fused([ranking(a=8, b=4)], {"b": "b"}) == [("b", 1.0)]
