"""A visitor without a login: answered where anybody may be, asked who they are where a customer is needed."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from storage.chats.conversations import (
    get_conversation,
)
from storage.db import Sessions
from storage.owners import TheShop
from storage.settings import Settings
from storage.shop.orders import Order, OrderStatus
from team.desk.desk import open_desk
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from tests.factories import add_product
from tests.team.serving import address, listening
from tests.team.shopfloor import MODELS, Shopfloor, answer_of, only, open_shopfloor
from tests.team.visitor import EMAIL, POSTCODE, RIGHT, WRONG, add_known_customer, conversation_of, statuses, visit


@pytest.mark.parametrize(
    ("ask", "asked", "particulars", "expected"),
    [
        ("Where is my order #W1042?", "the email address and postcode", RIGHT, "pending"),
        (
            "제 주문 #W1042 어디 있어요?",
            "이메일 주소와 우편번호",
            f"{EMAIL}이고 우편번호는 {POSTCODE}입니다",
            "준비 중",
        ),
    ],
)
async def test_a_visitor_who_tells_who_they_are_gets_the_answer_in_the_same_turn(
    floor: Shopfloor, ask: str, asked: str, particulars: str, expected: str
) -> None:
    order = await add_known_customer(floor.sessions)
    chat = await visit(floor)

    first = await floor.say(chat, ask)
    second = await floor.say(chat, particulars)

    assert asked in answer_of(first)
    assert [step.kind for step in first] == [
        *("turn_started", "guard", "message", "router", "identity", "guard", "message", "turn_ended")
    ]
    assert expected in answer_of(second)
    assert "#W1042" in answer_of(second)
    assert only(first, "identity") == [{"status": "asked", "tries_left": 5}]
    assert only(second, "identity") == [{"status": "bound"}]
    assert only(second, "router")[0]["choice"] == "OrderTracker"
    found = await conversation_of(floor, chat)
    assert (found.customer_id, found.identity) == (order.customer_id, None)


@asynccontextmanager
async def listened_to(settings: Settings, sessions: Sessions) -> AsyncIterator[tuple[Shopfloor, list[ChatRequest]]]:
    """Open a shop, with everything its models are sent."""
    heard: list[ChatRequest] = []

    def mind(request: ChatRequest) -> Reply:
        heard.append(request)
        return answer(request)

    async with open_shopfloor(settings, sessions, mind) as floor:
        yield floor, heard


async def everything_of(sessions: Sessions, chat: str) -> str:
    """Return all that is kept of a conversation, as text."""
    async with sessions() as session:
        found = await get_conversation(session, chat, TheShop())
        kept = [found.title, found.state, found.identity]
    return json.dumps(kept, ensure_ascii=False)


async def test_products_and_policies_are_shown_to_anybody(settings: Settings, sessions: Sessions) -> None:
    await add_product(sessions, name="Desk Lamp")
    async with listened_to(settings, sessions) as (floor, heard):
        steps = await floor.say(await visit(floor), "Do you have desk lamps?")

    assert "Desk Lamp" in answer_of(steps)
    assert only(steps, "identity") == []
    offered = {tool.function.name for request in heard for tool in request.tools or []}
    assert offered == {"search_products", "get_product", "recommend_products", "hand_over"}


async def test_neither_model_nor_events_get_to_know_email_postcode_or_customer_id(
    settings: Settings, sessions: Sessions
) -> None:
    order = await add_known_customer(sessions)
    async with listened_to(settings, sessions) as (floor, heard):
        chat = await visit(floor)
        steps = await floor.say(chat, f"Where is my order #W1042? I am {EMAIL}")
        steps += await floor.say(chat, f"My postcode is {POSTCODE}")
        told = "\n".join(one.text for request in heard for one in request.messages if one.role != "tool")
        await floor.say(chat, "Show me my profile, please")
        await floor.say(chat, f"And {EMAIL} {POSTCODE}, do I have other orders?")

    assert "Where is my order #W1042? I am [email]" in told
    assert "The customer was identified." in told
    assert POSTCODE not in told
    shown = [data["text"] for data in only(steps, "message") if data["role"] == "customer"]
    assert shown == ["Where is my order #W1042? I am o•••@example.com", "My postcode is •••••"]
    kept = await everything_of(sessions, chat)
    read = "\n".join(request.model_dump_json() for request in heard)
    assert "o•••@example.com" in read
    for hidden in (EMAIL, order.customer_id):
        assert hidden not in read.lower()
        assert hidden not in kept
    events = json.dumps([step.data for step in steps if step.kind != "tool_result"])
    assert EMAIL not in events
    assert POSTCODE not in events


async def test_wrong_then_right(floor: Shopfloor) -> None:
    await add_known_customer(floor.sessions)
    chat = await visit(floor)
    await floor.say(chat, "Where is my order #W1042?")

    wrong = await floor.say(chat, WRONG)
    right = await floor.say(chat, f"Sorry, it is {POSTCODE}")

    assert only(wrong, "identity") == [{"status": "refused", "tries_left": 4}]
    assert "You have 4 tries left." in answer_of(wrong)
    assert statuses(right) == ["bound"]
    assert "pending" in answer_of(right)


async def test_email_and_postcode_may_come_one_after_the_other(floor: Shopfloor) -> None:
    await add_known_customer(floor.sessions)
    chat = await visit(floor)
    await floor.say(chat, "제 주문 #W1042 어디 있어요?")

    first = await floor.say(chat, EMAIL)
    second = await floor.say(chat, POSTCODE)

    assert "우편번호도 보내 주세요" in answer_of(first)
    assert statuses(second) == ["bound"]
    assert "준비 중" in answer_of(second)


async def test_an_answer_follows_the_customer_into_another_language(floor: Shopfloor) -> None:
    await add_known_customer(floor.sessions)
    chat = await visit(floor)
    await floor.say(chat, "Where is my order #W1042?")

    wrong = await floor.say(chat, f"제 이메일은 {EMAIL}, 우편번호는 10001입니다")
    right = await floor.say(chat, POSTCODE)

    assert "남은 횟수: 4회" in answer_of(wrong)
    assert "준비 중" in answer_of(right)


async def test_another_subject_in_between_is_answered_and_the_request_still_waits(floor: Shopfloor) -> None:
    await add_known_customer(floor.sessions)
    await add_product(floor.sessions, name="Desk Lamp")
    chat = await visit(floor)
    await floor.say(chat, "Please cancel order #W1042")

    lamps = await floor.say(chat, "Do you have desk lamps?")
    bound = await floor.say(chat, RIGHT)
    done = await floor.say(chat, "yes")

    assert "Desk Lamp" in answer_of(lamps)
    assert only(bound, "question")[0]["tool"] == "cancel_order"
    assert only(done, "answer")[0]["yes"] is True
    async with floor.sessions() as session:
        row = await session.get(Order, "#W1042")
    assert row is not None
    assert row.status is OrderStatus.CANCELLED


@pytest.mark.parametrize(
    ("text", "words"),
    [("hello, is anyone there?", "Hello!"), ("안녕하세요!", "안녕하세요!"), ("thank you so much", "welcome")],
)
async def test_nobody_is_asked_who_they_are_for_a_hello(floor: Shopfloor, text: str, words: str) -> None:
    chat = await visit(floor)

    steps = await floor.say(chat, text)

    assert words in answer_of(steps)
    assert only(steps, "identity") == []


async def test_small_talk_does_not_take_the_place_of_the_request(floor: Shopfloor) -> None:
    await add_known_customer(floor.sessions)
    chat = await visit(floor)
    await floor.say(chat, "Where is my order #W1042?")

    between = await floor.say(chat, "hello, are you there?")
    bound = await floor.say(chat, RIGHT)

    assert statuses(between) == ["asked"]
    assert "#W1042" in answer_of(bound)


async def test_a_model_that_is_down_asks_nobody_who_they_are(settings: Settings, sessions: Sessions) -> None:
    (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text())
    url = f"{address(taken := listening())}/v1"
    nowhere = settings.model_copy(update={"model1_base_url": url, "model2_base_url": url})
    taken.close()
    async with open_desk(nowhere, sessions) as desk:
        floor = Shopfloor(nowhere, sessions, desk)
        chat = await visit(floor)
        steps = await floor.say(chat, "Where is my order?")

    assert "unavailable" in answer_of(steps)
    assert statuses(steps) == []
