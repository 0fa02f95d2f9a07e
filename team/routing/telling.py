"""A decision's reasons: what the message needs, and why this endpoint and not the next, with the figures."""

from collections.abc import Mapping

from storage.models.needs import Complexity, Rule, Strategy, Task
from storage.reasons import Code, Reason
from team.routing.estimating import Estimate
from team.routing.preferences import Preferences
from team.routing.reading import Need

KINDS: Mapping[Task, Code] = {
    Task.ORDER: Code.KIND_ORDER,
    Task.POLICY: Code.KIND_POLICY,
    Task.PRODUCT: Code.KIND_PRODUCT,
    Task.VISION: Code.KIND_VISION,
    Task.REASONING: Code.KIND_REASONING,
    Task.CODE: Code.KIND_CODE,
    Task.TRANSLATION: Code.KIND_TRANSLATION,
    Task.SMALL_TALK: Code.KIND_SMALL_TALK,
}
LEVELS: Mapping[Complexity, Code] = {
    Complexity.SIMPLE: Code.LEVEL_SIMPLE,
    Complexity.MEDIUM: Code.LEVEL_MEDIUM,
    Complexity.COMPLEX: Code.LEVEL_COMPLEX,
}
WISHES: Mapping[Strategy, Code] = {
    "fastest": Code.WISH_FASTEST,
    "cheapest": Code.WISH_CHEAPEST,
    "best": Code.WISH_BEST,
    "local_first": Code.WISH_LOCAL_FIRST,
}


def reasons_of(
    best: Estimate, other: Estimate | None, need: Need, preferences: Preferences, rule: Rule | None
) -> list[Reason]:
    """Return why `best` answers; `other` is the next, if there is one."""
    told = [_needs(need)]
    if rule is not None:
        told.append(Reason(Code.RULED, {"endpoints": list(rule.endpoints)}))
    told.append(_preferred(best, need, preferences))
    if other is not None:
        told.append(_ahead_of(other))
    told.append(_measured(best))
    if best.waiting:
        told.append(Reason(Code.WAITING, {"waiting": best.waiting}))
    return told


def dollars(cost: float) -> str:
    """Return US dollars as they are told: to a hundredth of a cent."""
    return f"{cost:.4f}"


def _needs(need: Need) -> Reason:
    kind, level = Reason(KINDS[need.task]), Reason(LEVELS[need.complexity])
    if need.asked:
        return Reason(Code.NEEDS_TOLD, {"kind": kind, "level": level, "tokens": need.tokens, "asked": need.asked})
    return Reason(Code.NEEDS, {"kind": kind, "level": level, "tokens": need.tokens})


def _preferred(best: Estimate, need: Need, preferences: Preferences) -> Reason:
    quality = round(100 * preferences.quality(need.complexity))
    return Reason(
        Code.PREFERRED,
        {
            "wish": Reason(Code.WISH_AUTO, {"quality": quality})
            if preferences.strategy == "auto"
            else Reason(WISHES[preferences.strategy]),
            "endpoint": best.key,
            "fit": f"{best.fit:.2f}",
            "seconds": round(best.seconds, 1),
            "cost": dollars(best.cost),
        },
    )


def _ahead_of(other: Estimate) -> Reason:
    return Reason(
        Code.AHEAD_OF,
        {
            "endpoint": other.key,
            "fit": f"{other.fit:.2f}",
            "seconds": round(other.seconds, 1),
            "cost": dollars(other.cost),
        },
    )


def _measured(best: Estimate) -> Reason:
    speed = best.speed
    if speed.first_s is None or speed.tokens_s is None:
        return Reason(Code.NOT_MEASURED)
    return Reason(
        Code.MEASURED,
        {
            "calls": speed.calls,
            "first": round(speed.first_s, 2),
            "rate": round(speed.tokens_s, 1),
            "failed": speed.failed,
        },
    )
