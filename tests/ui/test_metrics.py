"""What Prometheus reads of the page's process."""

import httpx2

from storage.db import Sessions
from storage.settings import Settings
from tests.factories import add_conversation, add_order
from tests.team.faulty import Pair, status
from tests.team.shopfloor import open_shopfloor
from ui.app import build_app


async def test_turns_choices_calls_breakers_and_tickets_are_counted_and_nobody_is_named(
    settings: Settings, sessions: Sessions
) -> None:
    pair = Pair()
    order = await add_order(sessions, id="#W1042")
    chat = await add_conversation(sessions, customer_id=order.customer_id)
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        await floor.say(chat.id, "Where is my order #W1042?")
        pair.slices[2].fault = status(500)
        await floor.say(chat.id, "Where is my order #W1042?")
        pair.slices[1].fault = status(500)
        await floor.say(chat.id, "Where is my order #W1042?")
        app = build_app(floor.settings, sessions, floor.desk)
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost") as client:
            told = (await client.get("/metrics")).text

    lines = told.splitlines()
    assert 'shopdesk_turns_total{status="done"} 2.0' in lines
    assert 'shopdesk_turns_total{status="failed"} 1.0' in lines
    assert 'shopdesk_router_total{by="model"} 2.0' in lines
    assert 'shopdesk_router_total{by="fallback"} 1.0' in lines
    model = 'shopdesk_model_calls_total{endpoint="slice1",in_place_of="slice2",outcome="answered",role="orders"}'
    assert f"{model} 2.0" in lines
    assert 'shopdesk_endpoint_left_alone{endpoint="slice2"} 1.0' in lines
    assert "shopdesk_failed_turn_tickets_total 1.0" in lines
    assert "W1042" not in told
    assert order.customer_id not in told
