"""Ranked lists into one, by reciprocal rank."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.vectors import Hit

RANK_OFFSET = 10
"""Small, since a handbook has few right passages and the first ranks say most."""

Unit = tuple[str, int] | str


@dataclass(frozen=True)
class Ranking:
    """One list of hits and how much its ranks weigh."""

    hits: Sequence[Hit]
    weight: float


def fused(rankings: Iterable[Ranking], units: Mapping[str, Unit]) -> list[tuple[Unit, float]]:
    """Fuse lists by reciprocal rank: units and scores, best first, 1 for what every list puts first.

    Args:
        rankings: the lists.
        units: by passage id, what counts as one; a passage that is not in it counts for nothing.
    """
    scores: defaultdict[Unit, float] = defaultdict(float)
    most = 0.0
    for ranking in rankings:
        most += ranking.weight / (RANK_OFFSET + 1)
        known = [units[hit.passage_id] for hit in ranking.hits if hit.passage_id in units]
        for rank, unit in enumerate(dict.fromkeys(known), start=1):
            scores[unit] += ranking.weight / (RANK_OFFSET + rank)
    return sorted(((unit, score / most) for unit, score in scores.items()), key=lambda pair: -pair[1])
