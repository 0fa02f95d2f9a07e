"""Which specialist was the likeliest is read from the tokens of their labels, and said only where it is true."""

import math
from typing import Any

import pytest
from openai.types.chat.chat_completion_token_logprob import ChatCompletionTokenLogprob
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storage.db import Sessions
from storage.process.metrics import exposition
from storage.reasons import Code
from storage.settings import Settings
from team.crew.likelihoods import BEGINNING, labels_of, likelihoods, margin
from team.roster import load_roster
from tests.factories import add_conversation, add_order
from tests.team.faulty import Fault, Pair
from tests.team.shopfloor import only, open_shopfloor

Place = tuple[str, dict[str, float]]
"""The token a model wrote, and every token it might have written there with its probability."""


def as_json(place: Place) -> dict[str, Any]:
    written, might = place
    top = [{"token": one, "logprob": math.log(share), "bytes": None} for one, share in might.items()]
    return {"token": written, "logprob": math.log(might[written]), "bytes": None, "top_logprobs": top}


def shares(*places: Place, labels: list[str]) -> dict[str, float]:
    tokens = [ChatCompletionTokenLogprob.model_validate(as_json(place)) for place in places]
    return {label: round(math.exp(weight), 2) for label, weight in likelihoods(tokens, labels).items()}


def test_the_shops_labels_are_the_specialists_names_and_no_two_begin_alike() -> None:
    names = list(load_roster())

    labels = labels_of(names)

    assert sorted(labels) == sorted(names)
    assert len({label[:BEGINNING].lower() for label in labels}) == len(names)


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (["OrderTracker", "OrderInsightsDesk"], ["OrderTracker", "InsightsDeskOrder"]),
        (["OrderInsightsDesk", "OrderTracker"], ["InsightsDeskOrder", "OrderTracker"]),
        (["Order", "Orders"], ["Order", "0Orders"]),
    ],
)
def test_of_two_names_that_begin_alike_the_longer_is_turned(names: list[str], labels: list[str]) -> None:
    found = {name: label for label, name in labels_of(names).items()}

    assert [found[name] for name in names] == labels


def test_a_first_token_that_tells_all_apart_gives_their_shares_among_the_labels_alone() -> None:
    first = ("Order", {"Order": 0.4, "Return": 0.2, "The": 0.4})

    found = shares(first, ("Tracker", {"Tracker": 1.0}), labels=["OrderTracker", "ReturnsAgent"])

    assert found == {"OrderTracker": 0.67, "ReturnsAgent": 0.33}


def test_a_token_that_two_labels_share_is_followed_to_where_they_part() -> None:
    places = [("Order", {"Order": 0.8, "Policy": 0.2}), ("Editor", {"Tracker": 0.75, "Editor": 0.25})]

    found = shares(*places, labels=["OrderTracker", "OrderEditor", "PolicyGuide"])

    assert found == {"OrderTracker": 0.6, "OrderEditor": 0.2, "PolicyGuide": 0.2}


def test_a_label_written_in_several_pieces_has_the_sum_of_them() -> None:
    places = [("\n", {"\n": 0.5, "Policy": 0.5}), ("Pol", {"Pol": 0.5, "Policy": 0.3, "Order": 0.2})]

    assert shares(*places, labels=["OrderTracker", "PolicyGuide"]) == {"PolicyGuide": 0.9, "OrderTracker": 0.1}


def test_a_reply_without_log_probabilities_tells_of_nobody() -> None:
    assert likelihoods([], ["OrderTracker"]) == {}
    assert margin({}) == (1.0, "")
    assert margin({"OrderTracker": 0.0}) == (1.0, "")


def routing(name: str, *places: Place) -> Fault:
    """A router's model that chooses this, with these probabilities; what specialists ask goes to the model."""

    async def answer(request: Request) -> Response | None:
        asked = await request.json()
        if asked.get("stream"):
            return None
        message = {"role": "assistant", "content": name}
        logprobs = {"content": [as_json(place) for place in places]} if places else None
        choice = {"index": 0, "finish_reason": "stop", "message": message, "logprobs": logprobs}
        return JSONResponse(
            {"id": "x", "object": "chat.completion", "created": 0, "model": asked["model"], "choices": [choice]}
        )

    return answer


@pytest.mark.parametrize(
    ("places", "code", "facts"),
    [
        ([("Order", {"Order": 0.9, "Policy": 0.1})], Code.LIKELIEST, {}),
        (
            [("Order", {"Order": 0.5, "Policy": 0.45, "Tick": 0.05})],
            Code.UNSURE,
            {"other": "PolicyGuide", "percent": 5},
        ),
        ([("Order", {"Order": 0.2, "Policy": 0.8})], Code.CHOSEN, {}),
        ([], Code.CHOSEN, {}),
    ],
)
async def test_the_router_says_how_sure_the_choice_was(
    settings: Settings, sessions: Sessions, places: list[Place], code: Code, facts: dict[str, Any]
) -> None:
    order = await add_order(sessions, id="#W1042")
    chat = await add_conversation(sessions, customer_id=order.customer_id)
    pair = Pair()
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        pair.slices[1].fault = routing("OrderTracker", *places)
        steps = await floor.say(chat.id, "Where is my order #W1042?")
        unsure = exposition(floor.desk.steps.metrics.registry).body

    [router] = only(steps, "router")
    assert (router["choice"], router["by"]) == ("OrderTracker", "model")
    assert (router["reason_code"], router["reason_facts"]) == (code, facts)
    assert f"shopdesk_router_unsure_total {float(code is Code.UNSURE)}\n".encode() in bytes(unsure)


async def test_how_sure_a_choice_has_to_be_is_a_setting(settings: Settings, sessions: Sessions) -> None:
    order = await add_order(sessions, id="#W1042")
    chat = await add_conversation(sessions, customer_id=order.customer_id)
    pair = Pair()
    async with open_shopfloor(
        settings.model_copy(update={"router_margin": 0.0}), sessions, around=pair.around
    ) as floor:
        pair.slices[1].fault = routing("OrderTracker", ("Order", {"Order": 0.5, "Policy": 0.45}))
        steps = await floor.say(chat.id, "Where is my order #W1042?")

    assert only(steps, "router")[0]["reason_code"] == Code.LIKELIEST
