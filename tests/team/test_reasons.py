"""Each step that has a reason carries its code and its facts, beside the sentence."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from storage.db import Sessions
from storage.moving.demo_data.pictures import draw
from storage.reasons import Code, Reason
from storage.settings import Settings
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.understanding.classifier import load
from team.standin.wire import ChatRequest
from team.turn.steps import Step
from tests.factories import add_conversation, add_image, add_order
from tests.team.faulty import Fault, Pair, calls, first, hang, other_language, raw, says, status
from tests.team.shopfloor import Shopfloor, only, open_shopfloor
from tests.team.visitor import RIGHT, add_known_customer, visit

ASKED = "Where is my order #W1042?"

pytestmark = pytest.mark.filterwarnings("ignore:No text content or tool calls")  # AutoGen warns of what is tested here


@pytest.fixture
def pair() -> Pair:
    return Pair()


@pytest.fixture
async def shop(settings: Settings, sessions: Sessions, pair: Pair) -> AsyncIterator[Shopfloor]:
    # The stand-in reads its weights at the first question.
    await asyncio.to_thread(load)
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        path = floor.settings.shopdesk_home / "models.toml"
        path.write_text(path.read_text().replace('"slice2"\n', '"slice2"\ntimeout_s = 3\n'))
        yield floor


async def asked(shop: Shopfloor, text: str = ASKED) -> list[Step]:
    """A customer's question, answered."""
    order = await add_order(shop.sessions, id="#W1042")
    chat = await add_conversation(shop.sessions, customer_id=order.customer_id)
    return await shop.say(chat.id, text)


def why(data: dict[str, Any], field: str = "reason") -> dict[str, Any]:
    """The fields of a step that say why."""
    return {name: data[name] for name in data if name.startswith(field)}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (status(401), Reason(Code.STATUS, {"status": 401})),
        (status(429, {"Retry-After": "1"}), Reason(Code.STATUS_AGAIN, {"status": 429, "seconds": 1.0})),
        (hang, Reason(Code.LATE)),
        (raw("data: {broken\n\n", "text/event-stream"), Reason(Code.UNREADABLE, {"error": "JSONDecodeError"})),
        (says(""), Reason(Code.EMPTY_REPLY)),
        (says("Your order is on its w", "length"), Reason(Code.CUT)),
        (says("<tool_call>{not json</tool_call>"), Reason(Code.BAD_CALL)),
        (calls("get_order", "{nope"), Reason(Code.BAD_ARGUMENTS)),
        (other_language, Reason(Code.FOREIGN)),
        (says("It is `call_0123456789`."), Reason(Code.LEAKS, {"kinds": [Reason(Code.INTERNAL_ID)]})),
    ],
)
async def test_a_models_call_that_failed_says_why(shop: Shopfloor, pair: Pair, fault: Fault, reason: Reason) -> None:
    pair.slices[2].fault = first(1, fault)

    steps = await asked(shop)

    assert why(only(steps, "model")[0], "error") == reason.as_fields("error")


async def test_a_router_that_nobody_answered_says_what_was_wrong_with_the_last_who_was_asked(
    shop: Shopfloor, pair: Pair
) -> None:
    pair.slices[1].fault = pair.slices[2].fault = status(503)

    steps = await asked(shop)

    status_503 = Reason(Code.STATUS, {"status": 503})
    assert why(only(steps, "router")[0]) == Reason(Code.NO_MODEL, {"why": status_503}).as_fields("reason")
    assert why(only(steps, "model")[0], "error") == status_503.as_fields("error")
    assert why(only(steps, "ticket")[0]) == Reason(Code.MODEL_DOWN).as_fields("reason")


async def test_a_router_says_what_the_model_named_instead_of_a_specialist(
    settings: Settings, sessions: Sessions
) -> None:
    def mind(request: ChatRequest) -> Reply:
        return Reply("Everyone!") if request.structured_outputs else answer(request)

    async with open_shopfloor(settings, sessions, mind) as floor:
        steps = await asked(floor)

    assert why(only(steps, "router")[0]) == Reason(Code.NOBODY_NAMED, {"said": "Everyone!"}).as_fields("reason")


async def test_a_router_says_that_a_question_was_answered(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    first_turn = await floor.say(chat.id, "Cancel order #W1042")
    second = await floor.press(chat.id, only(first_turn, "question")[0]["question_id"], yes=True)

    assert why(only(first_turn, "router")[0]) == Reason(Code.LIKELIEST).as_fields("reason")
    assert why(only(second, "router")[0]) == Reason(Code.QUESTION_ANSWERED).as_fields("reason")


async def test_a_router_says_that_a_specialist_waited_for_the_customer(floor: Shopfloor) -> None:
    await add_known_customer(floor.sessions)
    chat = await visit(floor)
    await floor.say(chat, ASKED)

    steps = await floor.say(chat, RIGHT)

    assert why(only(steps, "router")[0]) == Reason(Code.WAITED_FOR_CUSTOMER).as_fields("reason")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a" * 4001, Reason(Code.TOO_LONG, {"characters": 4001, "most": 4000})),
        ("\u200b", Reason(Code.NO_TEXT)),
    ],
)
async def test_the_guard_says_why_a_message_was_blocked(floor: Shopfloor, text: str, reason: Reason) -> None:
    steps = await asked(floor, text)

    assert only(steps, "guard")[0] == {"name": "message", "verdict": "acted", **reason.as_fields("reason")}


async def test_the_guard_says_what_it_took_out_of_an_answer(shop: Shopfloor, pair: Pair) -> None:
    pair.slices[1].fault = pair.slices[2].fault = says("Shall I use get_order for it?")

    steps = await asked(shop)

    reworded = Reason(Code.TOOL_NAMES, {"names": ["get_order"]})
    assert only(steps, "guard")[-1] == {"name": "answer", "verdict": "acted", **reworded.as_fields("reason")}


async def test_a_look_at_a_picture_that_failed_says_why(shop: Shopfloor, pair: Pair) -> None:
    order = await add_order(shop.sessions, id="#W1042")
    await add_image(shop.sessions, draw("another"), id="img_b2", customer_id=order.customer_id)
    chat = await add_conversation(shop.sessions, customer_id=order.customer_id)
    pair.slices[1].fault = status(503)

    steps = await shop.say(chat.id, "What do you see in this picture?", "img_b2")

    looked = [one for one in only(steps, "model") if one["role"] == "vision"]
    assert why(looked[0], "error") == Reason(Code.STATUS, {"status": 503}).as_fields("error")
    assert why(looked[1], "error") == {}
