"""A visitor without a login: answered where anybody may be, asked who they are where a customer is needed."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import event

from storage import identities
from storage.conversations import (
    AlreadyIdentifiedError,
    Conversation,
    add_conversation,
    bind_customer,
    get_conversation,
    new_visitor_id,
)
from storage.customers import Customer
from storage.db import Sessions, writing
from storage.orders import Order, OrderStatus
from storage.settings import Settings
from team.desk import open_desk
from team.identity import TRIES
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from tests.factories import ADDRESS, add_customer, add_order, add_product
from tests.team.serving import address, listening
from tests.team.shopfloor import MODELS, Shopfloor, answer_of, only, open_shopfloor

EMAIL = "olivia.brown@example.com"
MINA = "mina.kim@example.com"
POSTCODE = ADDRESS["zip"]
RIGHT = f"{EMAIL} {POSTCODE}"
WRONG = f"{EMAIL} 10001"


async def visit(floor: Shopfloor) -> str:
    """Start a conversation of a visitor."""
    async with writing(floor.sessions) as session:
        return (await add_conversation(session, None, None, new_visitor_id())).id


async def add_known_customer(sessions: Sessions) -> Order:
    customer = await add_customer(sessions, id="olivia_brown_1", email=EMAIL)
    return await add_order(sessions, id="#W1042", customer_id=customer.id)


async def conversation_of(floor: Shopfloor, chat: str) -> Conversation:
    async with floor.sessions() as session:
        return await get_conversation(session, chat, None)


def statuses(steps: list[Any]) -> list[str]:
    return [data["status"] for data in only(steps, "identity")]


@pytest.mark.parametrize(
    ("ask", "asked", "particulars", "expected"),
    [
        ("Where is my order #W1042?", "the email address and the postcode", RIGHT, "pending"),
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
async def listened_to(settings: Settings, sessions: Sessions) -> AsyncIterator[tuple[Shopfloor, list[str], list[str]]]:
    """Open a shop, with everything its models are told, and the tools' results that they read."""
    heard: list[str] = []
    results: list[str] = []

    def mind(request: ChatRequest) -> Reply:
        heard.extend(message.text for message in request.messages if message.role != "tool")
        results.extend(message.text for message in request.messages if message.role == "tool")
        return answer(request)

    async with open_shopfloor(settings, sessions, mind) as floor:
        yield floor, heard, results


async def everything_of(sessions: Sessions, chat: str) -> str:
    """Return all that is kept of a conversation, as text."""
    async with sessions() as session:
        found = await get_conversation(session, chat, None)
        kept = [found.title, found.state, found.identity]
    return json.dumps(kept, ensure_ascii=False)


async def test_products_and_policies_are_shown_to_anybody(floor: Shopfloor) -> None:
    await add_product(floor.sessions, name="Desk Lamp")
    chat = await visit(floor)

    steps = await floor.say(chat, "Do you have desk lamps?")

    assert "Desk Lamp" in answer_of(steps)
    assert only(steps, "identity") == []
    assert {call["server"] for call in only(steps, "tool_call")} == {"products"}


async def test_neither_model_nor_events_get_to_know_email_postcode_or_customer_id(
    settings: Settings, sessions: Sessions
) -> None:
    order = await add_known_customer(sessions)
    async with listened_to(settings, sessions) as (floor, heard, results):
        chat = await visit(floor)
        steps = await floor.say(chat, f"Where is my order #W1042? I am {EMAIL}")
        steps += await floor.say(chat, f"My postcode is {POSTCODE}")
        told = "\n".join(heard)
        await floor.say(chat, "Show me my profile, please")
        await floor.say(chat, f"And {EMAIL} {POSTCODE}, do I have other orders?")

    assert "Where is my order #W1042? I am [email]" in told
    assert "The customer was identified." in told
    assert POSTCODE not in told
    shown = [data["text"] for data in only(steps, "message") if data["role"] == "customer"]
    assert shown == ["Where is my order #W1042? I am o•••@example.com", "My postcode is •••••"]
    kept = await everything_of(sessions, chat)
    read = "\n".join([*heard, *results])
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
    assert "Tries left: 4" in answer_of(wrong)
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


async def test_an_unknown_email_and_a_wrong_postcode_read_the_same_and_ask_the_database_the_same(
    floor: Shopfloor,
) -> None:
    await add_known_customer(floor.sessions)
    said, asked = [], []
    engine = floor.sessions.kw["bind"].sync_engine
    for particulars in (WRONG, f"nobody@example.com {POSTCODE}"):
        chat = await visit(floor)
        await floor.say(chat, "Where is my order?")
        statements: list[str] = []
        event.listen(engine, "before_cursor_execute", note := lambda *seen, to=statements: to.append(seen[2]))
        steps = await floor.say(chat, particulars)
        event.remove(engine, "before_cursor_execute", note)
        said.append((answer_of(steps), only(steps, "identity"), [step.kind for step in steps]))
        asked.append(statements)

    assert said[0] == said[1]
    assert asked[0] == asked[1]


async def test_after_five_wrong_tries_a_person_takes_over_and_nothing_is_asked_again(floor: Shopfloor) -> None:
    await add_known_customer(floor.sessions)
    await add_product(floor.sessions, name="Desk Lamp")
    chat = await visit(floor)
    await floor.say(chat, "Where is my order #W1042?")

    tries = [await floor.say(chat, f"{EMAIL} 1000{number}") for number in range(TRIES)]
    right = await floor.say(chat, RIGHT)
    again = await floor.say(chat, "주문을 취소하고 싶어요")
    lamps = await floor.say(chat, "Do you have desk lamps?")

    assert [statuses(steps) for steps in tries] == [["refused"]] * 4 + [["handed_over"]]
    assert "A person will help you" in answer_of(tries[-1])
    assert "담당자가 도와드리겠습니다" in answer_of(again)
    assert (statuses(right), statuses(again)) == ([], [])
    assert "Desk Lamp" in answer_of(lamps)
    assert (await conversation_of(floor, chat)).customer_id is None


async def test_tries_are_counted_on_by_another_desk(floor: Shopfloor) -> None:
    await add_known_customer(floor.sessions)
    chat = await visit(floor)
    await floor.say(chat, "Where is my order #W1042?")
    for number in range(TRIES - 1):
        await floor.say(chat, f"{EMAIL} 1000{number}")

    async with open_desk(floor.settings, floor.sessions) as another:
        last = await Shopfloor(floor.settings, floor.sessions, another).say(chat, f"{EMAIL} 10009")

    assert statuses(last) == ["handed_over"]


@pytest.mark.parametrize("limit", ["PER_EMAIL", "PER_ADDRESS"])
async def test_tries_are_limited_across_conversations_too(
    floor: Shopfloor, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(identities, limit, 2)
    await add_known_customer(floor.sessions)
    email = EMAIL if limit == "PER_EMAIL" else "other@example.com"
    seen = []
    for particulars in (f"{email} 10001", f"{email} 10002", RIGHT):
        chat = await visit(floor)
        await floor.say(chat, "Where is my order #W1042?")
        await floor.desk.send(chat, particulars, address="203.0.113.7")
        await floor.desk.idle(chat)
        seen.append(statuses(await floor.desk.steps.stored(chat, 0))[-1])
    elsewhere = await visit(floor)
    await floor.say(elsewhere, "Where is my order #W1042?")
    last = await floor.say(elsewhere, RIGHT)

    assert seen == ["refused", "refused", "handed_over"]
    assert statuses(last) == (["handed_over"] if limit == "PER_EMAIL" else ["bound"])


async def test_a_wrong_try_keeps_neither_email_nor_address(floor: Shopfloor) -> None:
    await add_known_customer(floor.sessions)
    chat = await visit(floor)
    await floor.say(chat, "Where is my order #W1042?")
    await floor.desk.send(chat, WRONG, address="203.0.113.7")
    await floor.desk.idle(chat)

    async with floor.sessions() as session:
        [row] = (await session.execute(identities.IdentityTry.__table__.select())).all()

    assert (len(row.email), len(row.address)) == (64, 64)
    assert row.email != row.address


async def test_a_conversation_keeps_its_customer(floor: Shopfloor) -> None:
    order = await add_known_customer(floor.sessions)
    mina = await add_customer(floor.sessions, email=MINA)
    await add_order(floor.sessions, id="#W2000", customer_id=mina.id)
    chat = await visit(floor)
    await floor.say(chat, "Where is my order #W1042?")
    await floor.say(chat, RIGHT)

    steps = await floor.say(chat, f"{MINA} {POSTCODE}")
    theirs = await floor.say(chat, "Where is my order #W2000?")

    assert (statuses(steps), statuses(theirs)) == ([], [])
    assert (await conversation_of(floor, chat)).customer_id == order.customer_id
    assert "no order #W2000 was found" in answer_of(theirs)
    with pytest.raises(AlreadyIdentifiedError):
        async with writing(floor.sessions) as session:
            await bind_customer(session, chat, mina.id)


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


async def test_a_model_that_is_down_asks_nobody_who_they_are(settings: Settings, sessions: Sessions) -> None:
    (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text())
    nowhere = settings.model_copy(update={"model1_base_url": f"{address(taken := listening())}/v1"})
    taken.close()
    async with open_desk(nowhere, sessions) as desk:
        floor = Shopfloor(nowhere, sessions, desk)
        chat = await visit(floor)
        steps = await floor.say(chat, "Where is my order?")

    assert "not reachable" in answer_of(steps)
    assert statuses(steps) == []


async def test_no_customer_can_have_a_visitors_subject(sessions: Sessions) -> None:
    with pytest.raises(Exception, match="id_is_no_visitors"):
        await add_customer(sessions, id="visitor:v_1")

    async with sessions() as session:
        assert await session.get(Customer, "visitor:v_1") is None
