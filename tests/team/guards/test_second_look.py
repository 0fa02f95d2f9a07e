"""The role `guard`: a model looks at what comes in and goes out, where a shop wants it, and never holds a turn up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storage.db import Sessions
from storage.settings import Settings
from team.desk.second_look import ANSWER, MESSAGE
from team.standin.understanding.classifier import load
from team.turn.steps import Step
from team.words.language import say
from tests.factories import add_conversation, add_order
from tests.team.faulty import Fault, Pair, hang, status
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor

ASKED, TOLD = "Where is my order #W1042?", "pending"
LIMIT_S = 0.6
ROLE = '\n[roles.guard]\nendpoint = "slice1"\nfallback = ""\ntimeout_s = {limit_s}\n'


def on_looks(does: Callable[[str, Request], Awaitable[Response | None]]) -> Fault:
    """Do this for the guard's requests, by what they look at; everything else is the stand-in's."""

    async def look(request: Request) -> Response | None:
        prompt = str((await request.json())["messages"][0]["content"])
        return await does(prompt, request) if prompt in {MESSAGE, ANSWER} else None

    return look


def word(said: str) -> Response:
    """A model's whole reply."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said}}
    usage = {"prompt_tokens": 90, "completion_tokens": 1, "total_tokens": 91}
    return JSONResponse({"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice],
        "usage": usage})  # fmt: skip


def says(at_message: str, at_answer: str = "fine") -> Fault:
    async def judge(prompt: str, _: Request) -> Response:
        return word(at_message if prompt == MESSAGE else at_answer)

    return on_looks(judge)


def breaks(fault: Fault) -> Fault:
    async def fail(_: str, request: Request) -> Response | None:
        return await fault(request)

    return on_looks(fail)


@pytest.fixture
def pair() -> Pair:
    return Pair()


@pytest.fixture
async def shop(settings: Settings, sessions: Sessions, pair: Pair) -> AsyncIterator[Shopfloor]:
    # The stand-in reads its weights at the first question, which takes longer than the guard waits.
    await asyncio.to_thread(load)
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        give_guard(floor, 10)
        yield floor


def give_guard(floor: Shopfloor, limit_s: float) -> None:
    """Have the shop ask a guard's model, which may look for so long."""
    path = floor.settings.shopdesk_home / "models.toml"
    path.write_text(path.read_text().partition("\n[roles.guard]")[0] + ROLE.format(limit_s=limit_s))


async def new_chat(shop: Shopfloor) -> str:
    order = await add_order(shop.sessions, id="#W1042")
    return (await add_conversation(shop.sessions, customer_id=order.customer_id)).id


def looks(steps: list[Step]) -> list[tuple[str, str, str]]:
    """What the guard's model said of the message and of the answer."""
    found = [one for one in only(steps, "guard") if one["name"].endswith("_model")]
    return [(one["name"], one["verdict"], one.get("reason_code", "")) for one in found]


async def test_both_looks_pass_and_what_they_cost_is_told(shop: Shopfloor, pair: Pair) -> None:
    pair.slices[1].fault = says("fine")

    steps = await shop.say(await new_chat(shop), ASKED)

    assert looks(steps) == [("message_model", "passed", ""), ("answer_model", "passed", "")]
    assert [
        (one["prompt_tokens"], one["completion_tokens"]) for one in only(steps, "model") if one["role"] == "guard"
    ] == [(90, 1)] * 2
    assert only(steps, "turn_ended")[0]["prompt_tokens"] > 180
    assert TOLD in answer_of(steps)


async def test_a_message_that_the_model_calls_orders_reaches_no_specialist(shop: Shopfloor, pair: Pair) -> None:
    pair.slices[1].fault = says("orders")

    steps = await shop.say(await new_chat(shop), ASKED)

    assert looks(steps) == [("message_model", "acted", "orders")]
    assert answer_of(steps) == say("no_orders", "en")
    assert [one["role"] for one in only(steps, "model")] == ["guard"]
    assert only(steps, "tool_call") == []


async def test_an_insult_is_answered_once_and_then_a_person_is_offered(shop: Shopfloor, pair: Pair) -> None:
    pair.slices[1].fault = says("insult")
    chat = await new_chat(shop)

    told = [answer_of(await shop.say(chat, text)) for text in (ASKED, "And this one?")]

    assert told == [say("insulted", "en"), say("offer_person", "en")]


@pytest.mark.parametrize(("said", "code"), [("personal", "personal"), ("promise", "promise")])
async def test_an_answer_with_something_wrong_in_it_is_not_told_and_a_person_gets_it(
    shop: Shopfloor, pair: Pair, said: str, code: str
) -> None:
    pair.slices[1].fault = says("fine", said)

    steps = await shop.say(await new_chat(shop), ASKED)

    assert looks(steps)[1] == ("answer_model", "acted", code)
    assert TOLD not in answer_of(steps)
    assert only(steps, "ticket")[0]["opened"]


@pytest.mark.parametrize(
    ("fault", "why"),
    [(breaks(hang), "no_model"), (breaks(status(500)), "no_model"), (says("perhaps", "no idea"), "nobody_named")],
    ids=["slow", "broken", "undecided"],
)
async def test_a_guard_that_says_nothing_in_time_is_told_of_and_the_turn_goes_on(
    shop: Shopfloor, pair: Pair, fault: Fault, why: str
) -> None:
    chat = await new_chat(shop)
    pair.slices[1].fault = fault
    give_guard(shop, LIMIT_S if why == "no_model" else 10)

    # A hang is for ever: that the turn ends shows that each of the two looks gave up at its limit.
    steps = await shop.say(chat, ASKED)
    pair.slices[1].fault = says("fine")

    assert looks(steps) == [("message_model", "not run", why), ("answer_model", "not run", why)]
    assert TOLD in answer_of(steps)
    assert only(steps, "router")[0]["by"] == "model"


async def test_the_guard_looks_while_the_router_thinks(shop: Shopfloor, pair: Pair) -> None:
    seen = {"guard": asyncio.Event(), "router": asyncio.Event()}

    async def together(request: Request) -> Response | None:
        asked = await request.json()
        prompt = str(asked["messages"][0]["content"])
        own, other = ("guard", "router") if prompt == MESSAGE else ("router", "guard")
        if not asked.get("stream") and prompt != ANSWER:
            seen[own].set()
            # Only a request that is made meanwhile lets either of them go on.
            await seen[other].wait()
        return word("fine") if prompt in {MESSAGE, ANSWER} else None

    pair.slices[1].fault = together

    steps = await shop.say(await new_chat(shop), ASKED)

    assert [verdict for _, verdict, _ in looks(steps)] == ["passed", "passed"]
    assert only(steps, "router")[0]["by"] == "model"


async def test_a_slow_guard_does_not_rest_the_endpoint_that_others_use_too(shop: Shopfloor, pair: Pair) -> None:
    chat = await new_chat(shop)
    pair.slices[1].fault = breaks(hang)
    give_guard(shop, LIMIT_S)

    turns = [await shop.say(chat, ASKED) for _ in range(3)]

    assert [only(steps, "router")[0]["endpoint"] for steps in turns] == ["slice1"] * 3


async def test_a_shop_without_the_role_asks_no_guard(settings: Settings, sessions: Sessions, pair: Pair) -> None:
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        pair.slices[1].fault = says("orders")
        steps = await floor.say(await new_chat(floor), ASKED)

    assert looks(steps) == []
    assert TOLD in answer_of(steps)
