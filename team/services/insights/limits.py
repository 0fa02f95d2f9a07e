"""What a question and a query say of numbers and of days: each one, compared in the same way."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from team.services.insights.plain import Plain
from team.services.insights.question import Asked, Period

DATED = re.compile(r"\d{4}-\d{2}(-\d{2})?%?|20\d\d(-?%)?")
DAYS = frozenset({"ordered_on", "ordered_month", "created_on", "created_month"})
OPEN_ENDED = {"lower": ("since", "after", "from", "이후", "부터"), "upper": ("before", "until", "이전", "까지")}
ONE = 1.0


@dataclass(frozen=True)
class Differs:
    """One way in which a query and its question differ: a code, and the word or value it is about."""

    code: str
    about: str = ""


def numbers(asked: Asked, plain: Plain) -> Iterator[Differs]:
    """Every number is in both, compared in the same way, with items or with money as the question has it."""
    compared = [
        (one, float(value))
        for one in plain.all_conditions
        if not one.is_text and one.column not in {*DAYS, "available"}
        for value in one.values
    ]
    for one, number in compared:
        how = (one.how, number)
        said = how in asked.limits or (one.how == "EQ" and number in asked.numbers and not asked.limits)
        if not said or one.column not in asked.measures or (number in asked.pieces) != (one.column == "items"):
            yield Differs("added", f"{one.column} {one.how} {number:g}")
    if plain.first is not None and not (plain.first in asked.numbers or (plain.first == 1 and _is_ranked(asked))):
        yield Differs("added", f"LIMIT {plain.first}")
    texts = " ".join(value for one in plain.all_conditions for value in one.values if one.is_text)
    found = {number for _, number in compared} | {float(digits) for digits in re.findall(r"\d+", texts)}
    left = asked.numbers - found - {float(plain.first or 0)} - {ONE}
    yield from (Differs("left_out", f"{number:g}") for number in sorted(left))
    done = {(one.how, number) for one, number in compared}
    yield from (Differs("compares", how) for how, number in sorted(asked.limits) if (how, number) not in done)
    yield from (Differs("compares", how) for how in sorted(asked.compares - {how for how, _ in asked.limits}))


def _is_ranked(asked: Asked) -> bool:
    return bool(asked.kinds & {"most", "least"})


def periods(asked: Asked, plain: Plain) -> Iterator[Differs]:
    """Every period is in both, from its first day to its last."""
    dated = [(one.how, value) for one in plain.all_conditions if one.column in DAYS for value in one.values]
    for how, text in dated:
        if not any(_bounds(how, text, period) for period in asked.periods):
            yield Differs("added", text)
    needed = {side for side, words in OPEN_ENDED.items() if any(word in asked.text for word in words)}
    for period in asked.periods:
        sides = {side for how, text in dated for side in _bounds(how, text, period)}
        if not {"lower", "upper"} <= sides and not (len(needed) == 1 and sides == needed):
            yield Differs("left_out", f"{period.first} – {period.after - timedelta(days=1)}")


def _bounds(how: str, written: str, period: Period) -> set[str]:
    """Return which ends of a period a comparison stands for: none if it is not about this period."""
    text = written.rstrip("%-")
    length = len(text)
    first, after = period.first.isoformat()[:length], period.after.isoformat()[:length]
    last = (period.after - timedelta(days=1)).isoformat()[:length]
    before = (period.first - timedelta(days=1)).isoformat()[:length]
    if how in {"EQ", "LIKE"}:
        return {"lower", "upper"} if text == first == last else set()
    ends = {"GTE": (first, "lower"), "GT": (before, "lower"), "LT": (after, "upper"), "LTE": (last, "upper")}
    end = ends.get(how)
    return {end[1]} if end is not None and end[0] == text else set()
