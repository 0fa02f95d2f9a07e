"""The benchmark of several models: what it expects of a majority, and that it loses no task."""

from pathlib import Path

from scripts.bench.cooperating.votes import share_right, vote


def test_the_majority_of_three_is_right_as_often_as_the_binomial_says() -> None:
    assert round(share_right([0.1, 0.2, 0.3]), 3) == 0.902
    assert share_right([0, 0, 1]) == 1
    assert share_right([0, 1, 1]) == 0


async def test_no_task_is_lost_and_every_disagreement_is_told(tmp_path: Path) -> None:
    found = await vote(tmp_path, "1", 6)

    assert (found.asked, found.ended, found.told) == (6, 6, found.differed)
    assert found.most_at_once <= 16
