"""Fusing ranked lists into one, by each hit's score relative to the best in its list.

Scores rather than ranks: a list where one passage is far ahead says more than one where many are close.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.indexes.vectors import Hit

Unit = tuple[str, int] | str


@dataclass(frozen=True)
class Ranking:
    """A list of hits, best first, with its weight and the minimum score for a hit to count."""

    hits: Sequence[Hit]
    weight: float
    floor: float = 0.0

    def shares(self, units: Mapping[str, Unit]) -> Mapping[Unit, float]:
        """Return each unit's best score, scaled from 0 at the floor to 1 for the best hit."""
        known = [hit for hit in self.hits if hit.passage_id in units]
        best = max((hit.score for hit in known), default=self.floor) - self.floor
        shares: dict[Unit, float] = {}
        for hit in known:
            shares.setdefault(units[hit.passage_id], (hit.score - self.floor) / best if best > 0 else 1.0)
        return shares


def fused(rankings: Iterable[Ranking], units: Mapping[str, Unit]) -> list[tuple[Unit, float]]:
    """Fuse lists; return units and scores, best first, with 1 for a unit that every list ranks first.

    Args:
        rankings: the lists.
        units: unit by passage id; passages not in it are ignored.
    """
    scores: defaultdict[Unit, float] = defaultdict(float)
    most = 0.0
    for ranking in rankings:
        most += ranking.weight
        for unit, share in ranking.shares(units).items():
            scores[unit] += ranking.weight * share
    return sorted(((unit, score / most) for unit, score in scores.items()), key=lambda pair: -pair[1])
