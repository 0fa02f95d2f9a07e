"""Chooses an endpoint: who may answer, what each would be worth, and why one is preferred, with the figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storage.endpoints import Endpoint, Endpoints
from storage.errors import ShopError
from storage.models.needs import Rule
from storage.reasons import Code, Reason
from team.models.load import Load
from team.models.slices.speeds import Speeds
from team.routing.estimating import Estimate, estimate
from team.routing.preferences import Preferences
from team.routing.reading import Need
from team.routing.telling import dollars, reasons_of

CHEAP = 0.002
"""US dollars at which a cost counts half."""
SLOW_S = 5.0
"""Seconds at which a time counts half."""
TIME_SHARE = 0.7
"""What time counts against cost, in all that does not count as quality."""


@dataclass(frozen=True)
class Considered:
    """One endpoint in a decision: what it would be worth, and why it was left out, if it was."""

    estimate: Estimate
    score: float
    left_out: Reason | None


@dataclass(frozen=True)
class Decision:
    """Which endpoint answers, and why.

    Attributes:
        key: its key in models.toml.
        need: what the message needs.
        preferences: what was wished for.
        reasons: why it is this one.
        considered: every endpoint, the best first.
    """

    key: str
    need: Need
    preferences: Preferences
    reasons: Sequence[Reason]
    considered: Sequence[Considered]

    @property
    def others(self) -> list[str]:
        """Return the endpoints to ask when the chosen one does not answer, the best first."""
        return [one.estimate.key for one in self.considered if one.left_out is None and one.estimate.key != self.key]


class NobodyCanError(ShopError):
    """No endpoint may answer a message, or none keeps to its limits."""

    def __init__(self, considered: Sequence[Considered]) -> None:
        why = "; ".join(f"{one.estimate.key}: {one.left_out}" for one in considered)
        super().__init__(f"No endpoint can answer this ({why}). Ask for less, or raise max_cost or max_latency_s.")


@dataclass(frozen=True)
class Known:
    """What is known of the endpoints now: their speeds, their loads, and which are left alone for a while."""

    speeds: Speeds
    load: Callable[[Endpoint], Load | None]
    rests: Callable[[Endpoint], bool]


def choose(need: Need, preferences: Preferences, endpoints: Endpoints, known: Known) -> Decision:
    """Return the decision. Endpoints that do not answer at the moment are taken only where all others cannot.

    Raises:
        NobodyCanError: no endpoint may answer this, or none keeps to the limits.
    """
    rule = endpoints.routing.rule_for(need.task)
    made = [
        (one, estimate(key, one, need, known.speeds, known.load(one)))
        for key, one in endpoints.endpoints.items()
        if not one.bridges
    ]
    ranked = sorted(made, key=lambda pair: _rank(pair[1], need, preferences), reverse=True)
    found = [(one, _considered(told, need, preferences, rule)) for one, told in ranked]
    able = [pair for pair in found if pair[1].left_out is None]
    fallback = endpoints.routing.fallback
    if not able and rule is not None and fallback:
        # The fallback answers what a rule leaves to endpoints that cannot.
        found = [(one, _considered(told, need, preferences, None)) for one, told in ranked if told.key == fallback]
        able = [pair for pair in found if pair[1].left_out is None]
    if not able:
        raise NobodyCanError([told for _, told in found])
    there = [told for one, told in able if not _is_away(one, known)] or [told for _, told in able]
    best, *rest = there
    return Decision(
        best.estimate.key,
        need,
        preferences,
        reasons_of(best.estimate, rest[0].estimate if rest else None, need, preferences, rule),
        [told for _, told in found],
    )


def score(one: Estimate, quality: float) -> float:
    """Return what an estimate is worth in all, 0 to 1; `quality` is what its fit counts against time and cost."""
    time, cheap = 1 / (1 + one.seconds / SLOW_S), 1 / (1 + one.cost / CHEAP)
    return quality * one.fit + (1 - quality) * (TIME_SHARE * time + (1 - TIME_SHARE) * cheap)


def _rank(one: Estimate, need: Need, preferences: Preferences) -> tuple[float, float]:
    """Return what is compared: what the strategy asks for, and among equals what is worth more in all."""
    whole = score(one, preferences.quality(need.complexity))
    match preferences.strategy:
        case "fastest":
            return -one.seconds, whole
        case "cheapest":
            return -one.cost, whole
        case "best":
            return one.fit, whole
        case "local_first":
            return float(one.endpoint.is_local), whole
    return whole, 0.0


def _considered(one: Estimate, need: Need, preferences: Preferences, rule: Rule | None) -> Considered:
    worth = round(score(one, preferences.quality(need.complexity)), 4)
    return Considered(one, worth, _left_out(one, need, preferences, rule))


def _left_out(one: Estimate, need: Need, preferences: Preferences, rule: Rule | None) -> Reason | None:
    """Return why an endpoint may not answer; None if it may."""
    most_cost, most_s, room = preferences.max_cost, preferences.max_latency_s, one.endpoint.context_tokens
    if rule is not None and one.key not in rule.endpoints:
        return Reason(Code.NOT_RULED)
    if need.pictured and not one.endpoint.vision:
        return Reason(Code.NO_PICTURES, {"model": one.endpoint.model})
    if need.tokens + need.reply_tokens > room:
        return Reason(Code.NO_ROOM, {"context": room, "tokens": need.tokens + need.reply_tokens})
    if most_cost is not None and one.cost > most_cost:
        return Reason(Code.TOO_DEAR, {"cost": dollars(one.cost), "most": dollars(most_cost)})
    if most_s is not None and one.seconds > most_s:
        return Reason(Code.TOO_LATE, {"seconds": round(one.seconds, 1), "most": most_s})
    return None


def _is_away(endpoint: Endpoint, known: Known) -> bool:
    load = known.load(endpoint)
    return known.rests(endpoint) or (load is not None and not load.reachable)
