"""`decision_support`: arithmetic decides, evidence is quoted, and nothing is written."""

from typing import Any

import httpx2
import pytest

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.orders import OrderStatus
from team.services.decisions.weighing import flips, weigh
from tests.factories import add_order
from tests.team.services.scripted import scripted

OPTIONS = ["refund", "replace"]


async def decide(client: httpx2.AsyncClient, content: str, **parameters: Any) -> httpx2.Response:  # noqa: ANN401 - JSON
    body = {"service_type": "decision_support", "content": content, "parameters": parameters}
    return await client.post("/service", json=body)


def test_the_weight_at_which_the_order_turns_makes_both_equal() -> None:
    weights = {"cost": 3.0, "speed": 1.0}
    scores = {("refund", "cost"): 4.0, ("refund", "speed"): 9.0, ("replace", "cost"): 6.0, ("replace", "speed"): 5.0}

    weighed = weigh(OPTIONS, weights, scores)
    turning = flips(weighed, weights, scores)

    assert weighed.totals == [("replace", 5.75), ("refund", 5.25)]
    assert [(one.criterion, one.flips_at, one.winner) for one in turning] == [
        ("cost", 2.0, "refund"),
        ("speed", 1.5, "refund"),
    ]
    for one in turning:
        assert weigh(OPTIONS, {**weights, one.criterion: one.flips_at}, scores).is_tie


def test_a_criterion_that_is_unknown_for_one_option_does_not_count() -> None:
    weighed = weigh(
        OPTIONS, {"cost": 1, "speed": 5}, {("refund", "cost"): 5, ("replace", "cost"): 6, ("refund", "speed"): 10}
    )

    assert (weighed.totals[0][0], list(weighed.unknown)) == ("replace", ["speed"])


async def test_a_damaged_item_is_refunded_or_replaced_on_quoted_evidence(
    settings: Settings, sessions: Sessions
) -> None:
    order = await add_order(sessions, status=OrderStatus.DELIVERED)

    def writes(_: str) -> str:
        return (
            'refund | policy | 8 | "status": "delivered"\nreplace | policy | 3 | "status": "delivered"\n'
            "replace | cost | 10 | this stands nowhere\nrefund | cost | 11 | delivered\n"
        )

    async with scripted(settings, sessions, writes) as client:
        answer = await decide(
            client,
            f"The item of order {order.id} arrived damaged: refund or replace it?",
            options=OPTIONS,
            criteria=[
                {"name": "policy", "weight": 2},
                {"name": "cost", "weight": 1, "scores": {"refund": 4, "replace": 6}},
            ],
            evidence=[{"tool": "get_order", "arguments": {"order_id": order.id}}],
        )
        korean = await decide(
            client,
            "파손된 상품을 환불할까요, 교환할까요?",
            options=["환불", "교환"],
            criteria=[{"name": "비용", "scores": {"환불": 4, "교환": 6}}],
        )

    told = answer.json()
    assert (told["status"], told["recommendation"]) == ("answered", "refund")
    by_model = [one for one in told["scores"] if one["by"] == "model"]
    assert [(one["option"], one["criterion"], one["score"], one["evidence"]) for one in by_model] == [
        ("refund", "policy", 8.0, 1),
        ("replace", "policy", 3.0, 1),
    ]
    assert all(one["quote"] in told["evidence"][0]["text"] for one in by_model)
    assert told["would_change"][0]["winner"] == "replace"
    assert korean.json()["answer"].startswith("10점 만점에 6점으로 ‘교환’ 쪽이 앞섭니다.")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"evidence": [{"tool": "cancel_order", "arguments": {}}]}, "only read"),
        ({"evidence": [{"tool": "get_fortune"}]}, "only read"),
        ({"options": ["refund"]}, "parameters.options"),
        ({"options": ["refund", "refund"]}, "twice"),
        ({"criteria": [{"name": "cost", "scores": {"wait": 1}}]}, "no option"),
        ({"criteria": [{"name": "cost", "scores": {"refund": 11}}]}, "less than or equal to 10"),
    ],
)
async def test_what_cannot_be_weighed_is_refused(
    parameters: dict[str, Any], said: str, settings: Settings, sessions: Sessions
) -> None:
    usual: dict[str, Any] = {"options": OPTIONS, "criteria": [{"name": "cost"}]}
    async with scripted(settings, sessions, lambda _: "") as client:
        answer = await decide(client, "Refund or replace?", **(usual | parameters))

    assert answer.status_code == 400
    assert said in answer.json()["error"]
