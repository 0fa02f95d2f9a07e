"""Options weighed by criteria, and what would have to change for another option to win. No model, only arithmetic."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Scores = Mapping[tuple[str, str], float]
"""From 0 to 10, by option and criterion; one that is missing is not known."""

PLACES = 3


@dataclass(frozen=True)
class Weighed:
    """The options by their totals, the best first, and the criteria that counted."""

    totals: Sequence[tuple[str, float]]
    counted: Sequence[str]
    unknown: Sequence[str]

    @property
    def is_tie(self) -> bool:
        """Whether no option is ahead of all others."""
        return len(self.totals) > 1 and self.totals[0][1] == self.totals[1][1]


@dataclass(frozen=True)
class Flip:
    """The weight of one criterion from which on another option wins, all other weights unchanged."""

    criterion: str
    weight: float
    flips_at: float
    winner: str


def weigh(options: Sequence[str], weights: Mapping[str, float], scores: Scores) -> Weighed:
    """Return each option's weighted mean of its scores.

    A criterion counts only if every option has a score for it: an option must not win by what is not known of it.
    """
    counted = [name for name in weights if all((option, name) in scores for option in options)]
    whole = sum(weights[name] for name in counted)
    totals = [
        (option, round(sum(weights[name] * scores[option, name] for name in counted) / whole, PLACES) if whole else 0.0)
        for option in options
    ]
    unknown = [name for name in weights if name not in counted]
    return Weighed(sorted(totals, key=lambda one: -one[1]), counted, unknown)


def flips(weighed: Weighed, weights: Mapping[str, float], scores: Scores) -> list[Flip]:
    """Return for each criterion the weight nearest to its own at which another option overtakes the best."""
    best = weighed.totals[0][0]
    found = [
        min(near, key=lambda one: abs(one.flips_at - one.weight))
        for name in weighed.counted
        if (near := list(_flips(name, best, weighed, weights, scores)))
    ]
    return sorted(found, key=lambda one: abs(one.flips_at - one.weight) / (one.weight or 1))


def _flips(name: str, best: str, weighed: Weighed, weights: Mapping[str, float], scores: Scores) -> Iterator[Flip]:
    for other, _ in weighed.totals[1:]:
        leads = {one: scores[best, one] - scores[other, one] for one in weighed.counted}
        rest = sum(weights[one] * lead for one, lead in leads.items() if one != name)
        if leads[name] == 0:
            continue
        at = -rest / leads[name]
        if at >= 0:
            yield Flip(name, weights[name], round(at, PLACES), other)
