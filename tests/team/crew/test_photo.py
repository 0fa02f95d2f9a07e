"""A customer asks what their photo shows."""

import pytest

from storage.db import Sessions
from storage.moving.demo_data.pictures import draw
from storage.settings import Settings
from tests.factories import add_conversation, add_customer, add_image
from tests.mcp_servers.vision.test_identify_product import add_pictured
from tests.team.faulty import Pair, status
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor


@pytest.mark.parametrize(
    ("text", "found", "not_found"),
    [
        ("Which product is this?", "The photo looks most like:\n- Desk Lamp", "I found none of our products"),
        ("이 사진 속 상품이 뭐예요?", "사진과 가장 비슷한 상품입니다.\n- Desk Lamp", "저희 상품을 찾지 못했습니다"),
    ],
)
async def test_a_photo_of_a_product_is_recognized_and_another_is_described(
    floor: Shopfloor, text: str, found: str, not_found: str
) -> None:
    await add_pictured(floor.sessions, "2001", draw("2001"))
    owner = await add_customer(floor.sessions)
    await add_image(floor.sessions, draw("2001"), id="img_a1", customer_id=owner.id)
    await add_image(floor.sessions, draw("another"), id="img_b2", customer_id=owner.id)
    chat = await add_conversation(floor.sessions, customer_id=owner.id)

    seen = await floor.say(chat.id, text, "img_a1")
    unknown = await floor.say(chat.id, text, "img_b2")

    assert answer_of(seen) == found
    assert not_found in answer_of(unknown)
    assert [call["tool"] for call in only(unknown, "tool_call")] == ["identify_product", "inspect_image"]


async def test_a_photo_is_looked_at_by_the_other_slice_where_its_own_is_down_and_the_events_say_so(
    settings: Settings, sessions: Sessions
) -> None:
    pair = Pair()
    owner = await add_customer(sessions)
    await add_image(sessions, draw("another"), id="img_b2", customer_id=owner.id)
    chat = await add_conversation(sessions, customer_id=owner.id)

    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        pair.slices[1].fault = status(503)
        steps = await floor.say(chat.id, "이 사진에 뭐가 보여요?", "img_b2")

    looked = [
        (one["endpoint"], one.get("in_place_of"), one.get("error"))
        for one in only(steps, "model")
        if one["role"] == "vision"
    ]
    # It is compared with the products first, then described.
    assert looked == 2 * [
        ("slice1", None, "status 503"),
        ("slice2", "slice1", None),
    ]
    assert "색" in answer_of(steps)
    [ended] = only(steps, "turn_ended")
    assert (ended["status"], ended["model_calls"]) == ("done", len(only(steps, "model")) + 1)
