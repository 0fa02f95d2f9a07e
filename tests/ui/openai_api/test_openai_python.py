"""OpenAI's Python package, as any program uses it: a conversation, a picture, a yes; streamed and whole."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from openai import NotFoundError

from storage.db import Sessions
from storage.moving.demo_data.pictures import draw
from storage.settings import Settings
from storage.shop.orders import OrderStatus
from tests.factories import add_customer
from tests.mcp_servers.vision.test_identify_product import add_pictured
from tests.ui.doors.programs import add_key
from tests.ui.openai_api.door import CANCEL, WHERE, Messages, ask, ask_streamed, data_url, open_door, said, user

REFUND = "$45.00 will be refunded to your Visa ending in 9212 within 5 to 7 business days."
ASKED = f"Cancel order #W1042 (1 item). {REFUND}\n\nPlease answer yes or no."
DONE = f"Order #W1042 is cancelled. {REFUND}"

Ask = Callable[..., Awaitable[str]]


@pytest.mark.parametrize("asking", [ask, ask_streamed])
async def test_an_order_is_looked_up_and_cancelled_by_the_next_message(
    settings: Settings, sessions: Sessions, asking: Ask
) -> None:
    talk: Messages = [{"role": "system", "content": "You are a pirate."}]
    async with open_door(settings, sessions) as door:
        client = await door.client()
        for text in (WHERE, CANCEL, "yes"):
            talk.append(user(text))
            talk.append(said(await asking(client, talk)))

        assert [message["content"] for message in talk if message["role"] == "assistant"][1:] == [ASKED, DONE]
        assert "is being prepared" in talk[2]["content"]
        assert (await door.status(), len(await door.conversations())) == (OrderStatus.CANCELLED, 1)


@pytest.mark.parametrize("asking", [ask, ask_streamed])
async def test_a_photo_in_a_message_is_looked_at(settings: Settings, sessions: Sessions, asking: Ask) -> None:
    await add_pictured(sessions, "2001", draw("2001"))
    parts = [
        {"type": "text", "text": "Which product is this?"},
        {"type": "image_url", "image_url": {"url": data_url(draw("2001")), "detail": "high"}},
    ]

    async with open_door(settings, sessions) as door:
        answer = await asking(await door.client(), [{"role": "user", "content": parts}])

    assert answer == "The photo looks most like:\n- Desk Lamp"


async def test_a_stream_begins_with_the_role_and_ends_with_the_usage_of_the_turn(
    settings: Settings, sessions: Sessions
) -> None:
    async with open_door(settings, sessions) as door:
        stream = await (await door.client()).chat.completions.create(
            model="shopdesk",
            messages=[{"role": "user", "content": WHERE}],
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = [chunk async for chunk in stream]
        [chat] = await door.conversations()
        [ended] = [step.data for step in await door.floor.desk.steps.stored(chat, 0) if step.kind == "turn_ended"]

    first, *told, last, usage = chunks
    assert (first.choices[0].delta.role, first.choices[0].delta.content) == ("assistant", "")
    assert all(chunk.choices[0].finish_reason is None and chunk.usage is None for chunk in [first, *told])
    assert (last.choices[0].finish_reason, last.choices[0].delta.content) == ("stop", None)
    assert usage.choices == []
    assert usage.usage is not None
    assert (usage.usage.prompt_tokens, usage.usage.completion_tokens) == (
        ended["prompt_tokens"],
        ended["completion_tokens"],
    )
    assert usage.usage.total_tokens == ended["prompt_tokens"] + ended["completion_tokens"] > 0
    assert len({chunk.id for chunk in chunks}) == 1


async def test_a_conversation_goes_on_by_its_id_with_the_new_message_alone(
    settings: Settings, sessions: Sessions
) -> None:
    async with open_door(settings, sessions) as door:
        client = await door.client()
        first = await client.chat.completions.create(model="shopdesk", messages=[{"role": "user", "content": CANCEL}])
        assert first.metadata is not None
        done = await ask(client, [user("yes")], metadata=dict(first.metadata))

        assert (done, await door.status()) == (DONE, OrderStatus.CANCELLED)


async def test_another_customers_conversation_is_not_found(settings: Settings, sessions: Sessions) -> None:
    stranger = await add_key(sessions, (await add_customer(sessions)).id)
    async with open_door(settings, sessions) as door:
        await ask(await door.client(), [user(WHERE)])
        [chat] = await door.conversations()
        with pytest.raises(NotFoundError, match=f"No conversation {chat} was found"):
            await ask(await door.client(stranger), [user("yes")], metadata={"conversation_id": chat})


@pytest.mark.parametrize("slash", ["", "/"])
async def test_the_team_is_a_model_and_staff_see_the_endpoints_too(
    settings: Settings, sessions: Sessions, slash: str
) -> None:
    async with open_door(settings, sessions) as door:
        customer = await door.client(base=f"/v1{slash}")
        staff = await door.client(await door.staff(), f"/v1{slash}")

        assert [model.id async for model in customer.models.list()] == ["shopdesk"]
        assert [model.id async for model in staff.models.list()] == ["shopdesk", "slice1", "slice2"]
        assert (await customer.models.retrieve("shopdesk")).owned_by == "shopdesk"
        with pytest.raises(NotFoundError, match="does not exist"):
            await customer.models.retrieve("slice1")


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_model_of_the_shop_answers_staff_itself(
    settings: Settings, sessions: Sessions, *, streamed: bool
) -> None:
    hello: Any = [user("hello")]
    async with open_door(settings, sessions) as door:
        client = await door.client(await door.staff())
        asking = ask_streamed if streamed else ask
        answer = await asking(client, hello, model="slice1")

        assert answer.startswith("Hello!")
        assert await door.conversations() == []
        with pytest.raises(NotFoundError, match="does not exist"):
            await asking(await door.client(), hello, model="slice1")
