"""A choice follows what a message needs, what is preferred, what the shop's rules say, and what was measured."""

from typing import Any

import pytest

from storage.models.needs import Complexity, Task
from storage.reasons import Code
from team.models.load import Load
from team.routing.choosing import NobodyCanError, choose
from team.routing.preferences import Preferences
from team.routing.reading import Need
from tests.team.routing.endpoints import known, made, measured

SIMPLE = Need(Task.ORDER, Complexity.SIMPLE, 20, pictured=False)
HARD = Need(Task.REASONING, Complexity.COMPLEX, 300, pictured=False)
PICTURE = Need(Task.VISION, Complexity.SIMPLE, 20, pictured=True)
HELLO = Need(Task.SMALL_TALK, Complexity.SIMPLE, 3, pictured=False)
LONG = Need(Task.POLICY, Complexity.COMPLEX, 60_000, pictured=False)

CHOICES = [
    # what is needed, what is preferred, who answers
    (SIMPLE, {}, "small"),
    (HELLO, {}, "small"),
    (HARD, {}, "hosted"),
    (PICTURE, {}, "hosted"),
    (LONG, {}, "hosted"),
    (SIMPLE, {"strategy": "fastest"}, "small"),
    (HARD, {"strategy": "fastest"}, "small"),
    (PICTURE, {"strategy": "fastest"}, "hosted"),
    (SIMPLE, {"strategy": "cheapest"}, "small"),
    (PICTURE, {"strategy": "cheapest"}, "large"),
    (SIMPLE, {"strategy": "best"}, "hosted"),
    (HARD, {"strategy": "best"}, "hosted"),
    (HARD, {"strategy": "local_first"}, "thinker"),
    (PICTURE, {"strategy": "local_first"}, "large"),
    (LONG, {"strategy": "local_first"}, "hosted"),
    (SIMPLE, {"quality_priority": 1.0}, "hosted"),
    (HARD, {"quality_priority": 0.0}, "small"),
    (HARD, {"max_cost": 0.0}, "thinker"),
    (HARD, {"max_cost": 0.0, "strategy": "fastest"}, "small"),
    (HARD, {"max_cost": 0.0, "strategy": "best"}, "thinker"),
    (HARD, {"max_latency_s": 9.0, "max_cost": 0.0}, "small"),
    (HARD, {"max_latency_s": 10.0, "strategy": "best"}, "hosted"),
]


@pytest.mark.parametrize(("need", "wishes", "chosen"), CHOICES)
def test_preferences_change_the_choice(need: Need, wishes: dict[str, Any], chosen: str) -> None:
    endpoints = made()

    decision = choose(need, Preferences(**wishes), endpoints, known(measured(endpoints)))

    assert decision.key == chosen


def test_a_decision_says_its_reasons_with_figures_in_both_languages() -> None:
    endpoints = made()

    decision = choose(HARD, Preferences(), endpoints, known(measured(endpoints, hosted=1)))

    assert [str(one) for one in decision.reasons] == [
        "by its words it is a question to think about, difficult, about 300 tokens",
        "the best in all, quality counting 80%: thinker with quality 0.85, 23.8 s and $0.0000",
        "next would be hosted with quality 0.81, 10.2 s and $0.0076",
        "measured on the last 10 calls: first word after 0.5 s, 30 tokens a second, 0 failed",
    ]
    assert "thinker, 품질 0.85, 23.8초" in decision.reasons[1].told("ko")


def test_a_rule_binds_whatever_is_preferred_and_what_it_leaves_out_is_named() -> None:
    endpoints = made({"rules": [{"tasks": ["order", "policy"], "endpoint": ["small", "thinker"]}]})

    decision = choose(SIMPLE, Preferences(strategy="best"), endpoints, known(measured(endpoints)))

    left_out = {one.estimate.key: one.left_out.code for one in decision.considered if one.left_out}
    assert (decision.key, decision.others) == ("small", ["thinker"])
    assert left_out == {"large": Code.NOT_RULED, "hosted": Code.NOT_RULED}


def test_the_fallback_answers_what_a_rule_leaves_to_endpoints_that_cannot() -> None:
    rules = [{"tasks": ["policy"], "endpoint": "small"}]
    endpoints, alone = made({"rules": rules, "fallback": "hosted"}), made({"rules": rules})

    decision = choose(LONG, Preferences(), endpoints, known(measured(endpoints)))

    assert decision.key == "hosted"
    with pytest.raises(NobodyCanError, match="small: it takes 16,384 tokens, and this needs 60,700"):
        choose(LONG, Preferences(), alone, known(measured(alone)))


def test_nobody_answers_beyond_the_limits_and_each_is_told_why() -> None:
    endpoints = made()

    with pytest.raises(NobodyCanError) as refused:
        choose(HARD, Preferences(max_cost=0, max_latency_s=1), endpoints, known(measured(endpoints)))

    assert "hosted: $0.0076 is more than $0.0000" in str(refused.value)
    assert "small: 7.9 s is more than 1 s" in str(refused.value)


def test_one_that_fails_waits_or_is_away_stands_behind() -> None:
    endpoints = made()
    small, thinker = endpoints.endpoints["small"], endpoints.endpoints["thinker"]
    busy = {small: Load(True, waiting=90.0)}
    away = {small: Load(False)}
    quick = Preferences(strategy="fastest")

    first = choose(SIMPLE, quick, endpoints, known(measured(endpoints)))
    failing = choose(SIMPLE, quick, endpoints, known(measured(endpoints, small=8)))
    waiting = choose(SIMPLE, quick, endpoints, known(measured(endpoints), loads=busy))
    gone = choose(SIMPLE, quick, endpoints, known(measured(endpoints), loads=away))
    resting = choose(SIMPLE, quick, endpoints, known(measured(endpoints), small, thinker))

    assert [one.key for one in (first, failing, waiting, gone, resting)] == ["small", *["hosted"] * 4]


def test_where_all_rest_the_best_is_asked_all_the_same() -> None:
    endpoints = made()

    decision = choose(SIMPLE, Preferences(), endpoints, known(measured(endpoints), *endpoints.endpoints.values()))

    assert decision.key == "small"


def test_what_was_measured_counts_and_what_was_not_is_said_to_be_assumed() -> None:
    endpoints = made(small={"quality": 0.9})
    new = choose(SIMPLE, Preferences(strategy="fastest"), endpoints, known(measured(made())))
    unknown = choose(SIMPLE, Preferences(), made(), known(type(measured(made()))()))

    assert new.key == "small"
    assert Code.NOT_MEASURED in {one.code for one in unknown.reasons}
