"""The chat tells when an order was placed, who carries it and when it comes, and no day that no tool told."""

from datetime import UTC, date, datetime

import pytest

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.orders import OrderStatus, Shipment
from team.standin.completion import Call, Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from tests.factories import add_conversation, add_order
from tests.team.shopfloor import Mind, answer_of, only, open_shopfloor

ORDERED = datetime(2126, 3, 4, 9, 30, tzinfo=UTC)
CARRIED = {"carrier": "CJ대한통운", "shipped_on": date(2126, 3, 5), "expected_on": date(2126, 3, 11)}


def telling(*answers: str) -> Mind:
    """A specialist who looks the order up and says these, one after the other as long as they are not let through."""
    left = list(answers)

    def mind(asked: ChatRequest) -> Reply:
        if asked.structured_outputs:
            return answer(asked)
        if not any(message.role == "tool" for message in asked.messages):
            return Reply(call=Call("get_order", {"order_id": "#W1042"}))
        return Reply(left.pop(0) if len(left) > 1 else left[0])

    return mind


async def told(settings: Settings, sessions: Sessions, text: str, *answers: str) -> tuple[str, str]:
    """How a turn about an order that is carried ended, and what the customer was told last."""
    carried = Shipment(number=1, tracking_ids=["357962501027"], item_ids=["1001"], **CARRIED)
    order = await add_order(
        sessions, id="#W1042", status=OrderStatus.PROCESSED, ordered_at=ORDERED, shipments=[carried]
    )
    chat = await add_conversation(sessions, customer_id=order.customer_id)
    async with open_shopfloor(settings, sessions, telling(*answers)) as floor:
        steps = await floor.say(chat.id, text)
    return only(steps, "turn_ended")[0]["status"], answer_of(steps)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("When did I order #W1042?", "You placed order #W1042 on March 4, 2126."),
        ("When will #W1042 come?", "It should be with you by Monday, 11 March, which is the carrier's date."),
        ("Which carrier has #W1042?", "CJ대한통운 has had it since March 5; the tracking number is 357962501027."),
        ("#W1042 언제 주문했어요?", "주문 #W1042는 2126년 3월 4일에 주문하셨습니다."),
        ("#W1042 언제 와요?", "주문 #W1042는 3월 11일 월요일까지 도착할 예정입니다."),
        ("#W1042 어느 택배사예요?", "CJ대한통운에서 2126. 3. 5.부터 배송하고 있으며 운송장 번호는 357962501027입니다."),
    ],
)
async def test_what_the_order_tells_of_its_days_and_carrier_is_told(
    settings: Settings, sessions: Sessions, text: str, said: str
) -> None:
    assert await told(settings, sessions, text, said) == ("done", said)


@pytest.mark.parametrize(
    ("text", "made_up", "said"),
    [
        ("When will #W1042 come?", "It comes on March 8.", "It comes by March 11."),
        ("#W1042 언제 와요?", "3월 8일에 도착합니다.", "3월 11일까지 도착할 예정입니다."),
    ],
)
async def test_a_day_that_no_tool_told_is_not_told(
    settings: Settings, sessions: Sessions, text: str, made_up: str, said: str
) -> None:
    assert await told(settings, sessions, text, made_up, said) == ("done", said)
