"""A customer sends a screenshot of an order: its number is read from the picture, and looked up as theirs."""

import json
import re

import pytest

from storage.db import Sessions
from storage.moving.demo_data.pictures import draw
from storage.settings import Settings
from storage.shop.orders import OrderStatus
from team.standin.completion import Call, Reply
from team.standin.wire import ChatRequest
from team.turn.steps import Step
from tests.factories import add_conversation, add_customer, add_image, add_order
from tests.team.shopfloor import Mind, answer_of, only, open_shopfloor

NUMBER = re.compile(r"#W\d+")


def reading(written: str, found: str, not_found: str) -> Mind:
    """An order desk that reads this in the picture, looks up the number in it, and says what came of it."""

    def mind(asked: ChatRequest) -> Reply:
        if asked.structured_outputs is not None:
            return Reply("OrderTracker")
        if asked.messages[-1].images:
            return Reply(json.dumps({"description": "A screenshot of an order.", "text": written}))
        results = [message.text for message in asked.messages if message.role == "tool"]
        if not results:
            return Reply(call=Call("inspect_image", {"image_id": "img_b2"}))
        if len(results) == 1:
            [number] = set(NUMBER.findall(results[0]))
            return Reply(call=Call("get_order", {"order_id": number}))
        return Reply(not_found if "No order" in results[1] else found)

    return mind


async def told(settings: Settings, sessions: Sessions, text: str, mind: Mind) -> list[Step]:
    """The turn of the customer of #W1042, who sends the picture with these words; #W1050 is somebody else's."""
    owner = await add_customer(sessions)
    await add_order(sessions, id="#W1042", customer_id=owner.id, status=OrderStatus.PROCESSED)
    await add_order(sessions, id="#W1050", status=OrderStatus.PROCESSED)
    await add_image(sessions, draw("a screenshot"), id="img_b2", customer_id=owner.id)
    chat = await add_conversation(sessions, customer_id=owner.id)
    async with open_shopfloor(settings, sessions, mind) as floor:
        return await floor.say(chat.id, text, "img_b2")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Where is this order?", "Order #W1042 is on its way; its tracking number is 357962501027."),
        ("이 주문 어디쯤 왔어요?", "주문 #W1042는 배송 중이며 운송장 번호는 357962501027입니다."),
    ],
)
async def test_the_order_whose_number_stands_in_the_picture_is_looked_up(
    settings: Settings, sessions: Sessions, text: str, found: str
) -> None:
    steps = await told(settings, sessions, text, reading("My orders\nOrder #W1042\nOn its way", found, "never"))

    assert answer_of(steps) == found
    assert [(call["tool"], call["arguments"]) for call in only(steps, "tool_call")] == [
        ("inspect_image", {"image_id": "img_b2"}),
        ("get_order", {"order_id": "#W1042"}),
    ]


async def test_a_number_of_somebody_elses_order_in_a_picture_finds_nothing(
    settings: Settings, sessions: Sessions
) -> None:
    said = "I cannot find order #W1050. Please check the order number."

    steps = await told(settings, sessions, "Where is this order?", reading("Order #W1050", "never", said))

    result = only(steps, "tool_result")[-1]
    assert (result["is_error"], result["text"]) == (
        True,
        "No order #W1050 was found. Check the order id, or list the orders.",
    )
    assert answer_of(steps) == said
