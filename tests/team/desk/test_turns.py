"""A turn's bounds: its deadline, its lease, a picture, a customer's own words."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import event

from storage.chats.conversations import ConversationBusyError, ConversationNotFoundError, get_conversation
from storage.db import Sessions, now, reading, writing
from storage.owners import TheShop
from storage.settings import Settings
from team.desk.desk import open_desk
from tests.factories import add_conversation, add_customer, add_image, add_order
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor, stored


async def test_a_turn_that_takes_too_long_ends_with_an_honest_answer(settings: Settings, sessions: Sessions) -> None:
    settings = settings.model_copy(update={"turn_deadline_s": 0.5})
    chat = await add_conversation(sessions)
    async with open_shopfloor(settings, sessions, delay_ms=500) as floor:
        steps = await floor.say(chat.id, "hello")

    [ended] = only(steps, "turn_ended")
    assert "taking too long" in answer_of(steps)
    assert ended["status"] == "failed"
    assert ended["ms"] < 2_000


async def test_closing_the_desk_leaves_its_turns_to_who_comes_next(settings: Settings, sessions: Sessions) -> None:
    chat = await add_conversation(sessions)
    async with open_shopfloor(settings, sessions, delay_ms=500) as floor:
        await floor.desk.send(chat.id, "hello")

    assert only(await stored(floor.desk, chat.id), "turn_ended") == []
    async with sessions() as session:
        left = (await get_conversation(session, chat.id, TheShop())).lease_until
    assert left is not None
    assert left <= now()


async def test_two_desks_do_not_answer_one_conversation_at_once(settings: Settings, sessions: Sessions) -> None:
    chat = await add_conversation(sessions)
    async with open_shopfloor(settings, sessions, delay_ms=20) as floor, open_desk(floor.settings, sessions) as other:
        results = await asyncio.gather(
            *(desk.send(chat.id, "hello") for desk in (floor.desk, other)), return_exceptions=True
        )
        await floor.desk.idle(chat.id)
        await other.idle(chat.id)
        steps = await stored(floor.desk, chat.id)

    assert [type(result) for result in results if result is not None] == [ConversationBusyError]
    assert len(only(steps, "turn_ended")) == 1


async def test_a_turn_that_outlived_its_lease_leaves_the_state_to_the_next(floor: Shopfloor) -> None:
    chat = await add_conversation(floor.sessions)
    await floor.desk.send(chat.id, "hello")
    async with writing(floor.sessions) as session:
        (await get_conversation(session, chat.id, TheShop())).lease_holder = "another turn"

    await floor.desk.idle(chat.id)

    async with floor.sessions() as session:
        found = await get_conversation(session, chat.id, TheShop())
    assert (found.lease_holder, found.state) == ("another turn", None)
    assert only(await stored(floor.desk, chat.id), "turn_ended") == []


async def test_a_message_to_no_conversation_is_refused(floor: Shopfloor) -> None:
    with pytest.raises(ConversationNotFoundError):
        await floor.desk.send("c_none", "hello")


async def test_a_picture_reaches_the_tools_by_its_id(floor: Shopfloor) -> None:
    customer = await add_customer(floor.sessions)
    picture = await add_image(floor.sessions, _png(), customer_id=customer.id)
    chat = await add_conversation(floor.sessions, customer_id=customer.id)

    steps = await floor.say(chat.id, "What is in this picture?", picture.id)

    call = only(steps, "tool_call")[-1]
    assert (call["server"], call["arguments"]["image_id"]) == ("vision", picture.id)
    assert only(steps, "tool_result")[0]["is_error"] is False
    assert only(steps, "message")[0]["image_ids"] == [picture.id]


async def test_the_conversation_is_named_after_its_first_message_and_keeps_the_language(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)

    await floor.say(chat.id, "제 주문 목록 보여 주세요")
    steps = await floor.say(chat.id, "#W1042")

    async with floor.sessions() as session:
        found = await get_conversation(session, chat.id, TheShop())
    assert (found.title, found.language) == ("제 주문 목록 보여 주세요", "ko")
    assert only(steps, "message")[-1]["language"] == "ko"


@pytest.mark.parametrize(("text", "expected"), [("a" * 4001, "too long"), ("가" * 4001, "너무 깁니다")])
async def test_a_message_that_is_too_long_is_answered_without_a_model(
    floor: Shopfloor, text: str, expected: str
) -> None:
    chat = await add_conversation(floor.sessions)

    steps = await floor.say(chat.id, text)

    assert expected in answer_of(steps)
    assert only(steps, "guard")[0]["verdict"] == "acted"
    assert only(steps, "turn_ended")[0]["model_calls"] == 0


def _png() -> bytes:
    content = BytesIO()
    Image.effect_noise((640, 480), 60).save(content, "PNG")
    return content.getvalue()


async def test_a_turn_reads_what_was_said_before_in_one_statement(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    await floor.say(chat.id, "Where is my order #W1042?")
    async with reading(floor.sessions) as session:
        read_only = session.get_bind()
    look_backs: list[str] = []

    def hear(_: object, __: object, statement: str, *___: object) -> None:
        if "events.data" in statement and "events.kind = " in statement:
            look_backs.append(statement)

    for engine in (floor.sessions.engine.sync_engine, read_only):
        event.listen(engine, "before_cursor_execute", hear)
    await floor.desk.send(chat.id, "Cancel order #W1042")
    await floor.desk.idle(chat.id)

    assert only(await stored(floor.desk, chat.id), "question") != []
    assert len(look_backs) == 1
