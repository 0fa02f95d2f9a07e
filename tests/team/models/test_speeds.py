"""An endpoint's speed is a recount of its calls: how often it failed, its first word, and its tokens a second."""

import time
from collections.abc import AsyncGenerator
from statistics import median

import pytest

from storage.endpoints import Endpoint
from team.models.slices import speeds as measuring
from team.models.slices.speeds import Call, Speeds, doing, timed

HERE = Endpoint(base_url="http://127.0.0.1:1/v1", model="m")
WHERE = (HERE.base_url, HERE.model)


def calls(count: int) -> list[Call]:
    at = time.monotonic()
    return [
        Call(at, number % 7 == 3, 2.0 + number / 10, 0.1 * (1 + number % 5), 20 + number) for number in range(count)
    ]


def test_figures_are_a_recount_of_the_last_calls_of_each_purpose() -> None:
    speeds, told = Speeds(), {"orders": calls(250), "policies": calls(30)}
    for purpose, made in told.items():
        for call in made:
            speeds.note(WHERE, purpose, call)

    kept = {purpose: made[-measuring.KEPT :] for purpose, made in told.items()}
    for purposes in ({"orders"}, {"policies"}, {"orders", "policies"}):
        mine = [call for purpose in purposes for call in kept[purpose]]
        answered = [call for call in mine if not call.failed]
        found = speeds.of(HERE, purposes)
        assert (found.calls, found.failed) == (len(mine), len(mine) - len(answered))
        assert found.first_s == median(call.first_s for call in answered if call.first_s)
        assert found.tokens_s == median(
            (call.tokens - 1) / (call.s - call.first_s) for call in answered if call.first_s
        )
    assert speeds.of(HERE) == speeds.of(HERE, {"orders", "policies"})


def test_old_calls_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    speeds = Speeds()
    speeds.note(WHERE, "orders", calls(1)[0])
    monkeypatch.setattr(measuring, "OLD_S", -1.0)
    speeds.note(WHERE, "policies", calls(1)[0])

    assert speeds.of(HERE).calls == 0


async def test_a_reply_thonebreaks_off_is_a_failure_and_one_thoneis_left_is_none() -> None:
    speeds = Speeds()

    async def pieces(*, broken: bool) -> AsyncGenerator[int, None]:
        yield 1
        if broken:
            raise TimeoutError
        yield 2

    with doing("orders"):
        whole = [piece async for piece in timed(pieces(broken=False), speeds.timing(HERE))]
        with pytest.raises(TimeoutError):
            [piece async for piece in timed(pieces(broken=True), speeds.timing(HERE))]
        left = timed(pieces(broken=False), speeds.timing(HERE))
        await anext(left)
        await left.aclose()

    found = speeds.by_purpose(HERE)
    assert whole == [1, 2]
    assert {purpose: (one.calls, one.failed) for purpose, one in found.items()} == {"orders": (2, 1)}
