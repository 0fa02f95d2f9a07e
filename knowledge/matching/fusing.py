"""Ranked lists into one, by how near each hit comes to the best of its list.

Scores rather than ranks: where one passage stands far above the others, its list says more than where many are alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.indexes.vectors import Hit

Unit = tuple[str, int] | str


@dataclass(frozen=True)
class Ranking:
    """One list of hits, best first, how much it weighs, and the score from which on a hit counts for something."""

    hits: Sequence[Hit]
    weight: float
    floor: float = 0.0

    def shares(self, units: Mapping[str, Unit]) -> Mapping[Unit, float]:
        """Return how near each unit's best hit comes to the best of all: 1 for that one, 0 at the floor."""
        known = [hit for hit in self.hits if hit.passage_id in units]
        best = max((hit.score for hit in known), default=self.floor) - self.floor
        shares: dict[Unit, float] = {}
        for hit in known:
            shares.setdefault(units[hit.passage_id], (hit.score - self.floor) / best if best > 0 else 1.0)
        return shares


def fused(rankings: Iterable[Ranking], units: Mapping[str, Unit]) -> list[tuple[Unit, float]]:
    """Fuse lists: units and scores, best first, 1 for what every list puts first.

    Args:
        rankings: the lists.
        units: by passage id, what counts as one; a passage that is not in it counts for nothing.
    """
    scores: defaultdict[Unit, float] = defaultdict(float)
    most = 0.0
    for ranking in rankings:
        most += ranking.weight
        for unit, share in ranking.shares(units).items():
            scores[unit] += ranking.weight * share
    return sorted(((unit, score / most) for unit, score in scores.items()), key=lambda pair: -pair[1])
