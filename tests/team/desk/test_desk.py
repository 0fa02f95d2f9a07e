"""One customer turn, end to end: a message in, an answer out, each step stored."""

import asyncio

import pytest

from storage.chats.conversations import ConversationBusyError
from storage.db import Sessions, writing
from storage.settings import Settings
from storage.shop.audit import Audit
from storage.shop.orders import Order, OrderStatus
from team.desk.desk import open_desk
from team.turn.confirmations import NoSuchQuestionError
from tests.factories import add_account, add_conversation, add_customer, add_order
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor, stored


async def status_of(sessions: Sessions, order_id: str) -> OrderStatus:
    async with sessions() as session:
        order = await session.get(Order, order_id)
    assert order is not None
    return order.status


@pytest.mark.parametrize(
    "text", ["Where is ＃Ｗ１０４２?", "Where is order W 1042?", "order number: W-1042, where is it?", "where is w1042"]
)
async def test_an_order_is_found_by_its_number_however_the_message_writes_it(floor: Shopfloor, text: str) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    await add_order(floor.sessions, id="#W1043", customer_id=order.customer_id)
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)

    [result] = only(await floor.say(chat.id, text), "tool_result")

    assert result["structured"]["order_id"] == "#W1042"


@pytest.mark.parametrize(
    ("text", "expected"), [("Where is my order #W1042?", "pending"), ("제 주문 #W1042 어디 있어요?", "준비 중")]
)
async def test_where_an_order_is_is_answered_from_the_database(floor: Shopfloor, text: str, expected: str) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)

    steps = await floor.say(chat.id, text)

    assert expected in answer_of(steps)
    kinds = ["turn_started", "guard", "message", "router", "model", "tool_call", "tool_result", "model", "guard"]
    assert [step.kind for step in steps] == [*kinds, "message", "turn_ended"]
    [router] = only(steps, "router")
    assert (router["choice"], router["by"], router["stand_in"]) == ("OrderTracker", "model", True)
    assert max(router["logprobs"], key=router["logprobs"].get) == "OrderTracker"
    [call] = only(steps, "tool_call")
    assert (call["server"], call["tool"], call["arguments"]) == ("orders", "get_order", {"order_id": "#W1042"})
    assert call["injected"] == ["caller"]
    [ended] = only(steps, "turn_ended")
    assert (ended["status"], ended["model_calls"]) == ("done", 3)


@pytest.mark.parametrize(
    ("ask", "yes"), [("Please cancel order #W1042", "Yes, please"), ("#W1042 주문 취소해 주세요", "네, 취소해 주세요")]
)
async def test_a_cancellation_asks_and_a_plain_yes_does_it(floor: Shopfloor, ask: str, yes: str) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)

    asked = await floor.say(chat.id, ask)
    before = await status_of(floor.sessions, "#W1042")
    done = await floor.say(chat.id, yes)

    [question] = only(asked, "question")
    assert answer_of(asked) == question["text"]
    assert only(asked, "turn_ended")[0]["status"] == "asked"
    assert before is OrderStatus.PENDING
    assert await status_of(floor.sessions, "#W1042") is OrderStatus.CANCELLED
    assert only(done, "answer") == [{"question_id": question["question_id"], "yes": True, "by": "message"}]
    assert only(done, "router")[0]["by"] == "rule"
    [result] = only(done, "tool_result")
    async with floor.sessions() as session:
        audit = await session.get(Audit, result["audit_id"])
    assert audit is not None
    assert (audit.tool, audit.customer_id, audit.changes) == ("cancel_order", order.customer_id, result["changes"])


async def test_the_button_confirms_once(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    [question] = only(await floor.say(chat.id, "Cancel order #W1042"), "question")

    done = await floor.press(chat.id, question["question_id"], yes=True)

    assert await status_of(floor.sessions, "#W1042") is OrderStatus.CANCELLED
    assert only(done, "answer") == [{"question_id": question["question_id"], "yes": True, "by": "button"}]
    with pytest.raises(NoSuchQuestionError):
        await floor.desk.answer(chat.id, question["question_id"], True)
    assert only(await floor.say(chat.id, "Where is my order #W1042?"), "turn_ended")[0]["status"] == "done"


async def test_a_no_leaves_the_order_and_closes_the_question(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    await floor.say(chat.id, "Cancel order #W1042")

    refused = await floor.say(chat.id, "no thanks")
    later = await floor.say(chat.id, "yes")

    assert only(refused, "tool_result")[0]["is_error"] is True
    assert only(later, "answer") == []
    assert await status_of(floor.sessions, "#W1042") is OrderStatus.PENDING


async def test_a_question_survives_a_restart_of_the_desk(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    await floor.say(chat.id, "Cancel order #W1042")

    async with open_desk(floor.settings, floor.sessions) as another:
        await Shopfloor(floor.settings, floor.sessions, another).say(chat.id, "yes")

    assert await status_of(floor.sessions, "#W1042") is OrderStatus.CANCELLED


async def test_a_yes_to_what_is_no_longer_possible_changes_nothing(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    await floor.say(chat.id, "Cancel order #W1042")
    async with writing(floor.sessions) as session:
        found = await session.get(Order, "#W1042")
        assert found is not None
        found.status = OrderStatus.PROCESSED

    steps = await floor.say(chat.id, "yes")

    assert only(steps, "tool_result")[0]["is_error"] is True
    assert await status_of(floor.sessions, "#W1042") is OrderStatus.PROCESSED


async def test_an_order_of_another_customer_reads_like_one_that_does_not_exist(floor: Shopfloor) -> None:
    await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions)

    foreign = await floor.say(chat.id, "Where is my order #W1042?")
    missing = await floor.say(chat.id, "Where is my order #W1043?")

    assert answer_of(foreign).replace("1042", "1043") == answer_of(missing)
    assert only(foreign, "tool_result")[0]["is_error"] is True


async def test_a_ticket_is_opened_for_a_complaint(floor: Shopfloor) -> None:
    customer = await add_customer(floor.sessions)
    chat = await add_conversation(floor.sessions, customer_id=customer.id)

    steps = await floor.say(chat.id, "I want to file a complaint about your service")

    [result] = only(steps, "tool_result")
    assert (result["tool"], result["structured"]["status"]) == ("create_ticket", "done")
    assert result["structured"]["id"] in answer_of(steps)


async def test_one_turn_at_a_time(settings: Settings, sessions: Sessions) -> None:
    async with open_shopfloor(settings, sessions, delay_ms=20) as floor:
        chat = await add_conversation(sessions)
        await floor.desk.send(chat.id, "hello")

        with pytest.raises(ConversationBusyError):
            await floor.desk.send(chat.id, "hello?")
        await floor.desk.idle(chat.id)

        assert only(await floor.say(chat.id, "hello"), "turn_ended")[0]["status"] == "done"


async def test_tokens_are_live_and_make_up_the_answer(floor: Shopfloor) -> None:
    chat = await add_conversation(floor.sessions)
    tokens = []
    await floor.desk.send(chat.id, "hello")

    async with asyncio.timeout(10):
        async for step in floor.desk.follow(chat.id, 0):
            if step.kind == "token":
                tokens.append(step.data["text"])
            if step.kind == "turn_ended":
                break

    steps = await stored(floor.desk, chat.id)
    assert len(tokens) > 1
    assert "".join(tokens) == answer_of(steps)
    assert only(steps, "token") == []


async def test_stop_ends_the_turn_and_the_conversation_goes_on(settings: Settings, sessions: Sessions) -> None:
    order = await add_order(sessions, id="#W1042")
    async with open_shopfloor(settings, sessions, delay_ms=150) as floor:
        chat = await add_conversation(sessions, customer_id=order.customer_id)
        await floor.desk.send(chat.id, "Where is my order #W1042?")
        async for step in floor.desk.follow(chat.id, 0):
            if step.kind == "token":
                break

        stopped = await floor.desk.stop(chat.id)
        async with asyncio.timeout(1):
            await floor.desk.idle(chat.id)

    assert stopped
    [ended] = only(await stored(floor.desk, chat.id), "turn_ended")
    assert ended["status"] == "stopped"
    async with open_shopfloor(settings, sessions) as again:
        assert "pending" in answer_of(await again.say(chat.id, "Where is my order #W1042?"))


async def test_stop_without_a_turn_says_so(floor: Shopfloor) -> None:
    assert await floor.desk.stop("c_1") is False


@pytest.mark.parametrize(("text", "expected"), [("hello", "unavailable"), ("안녕하세요", "연결할 수 없어")])
async def test_a_model_that_is_down_leads_to_an_honest_answer(floor: Shopfloor, text: str, expected: str) -> None:
    toml = floor.settings.shopdesk_home / "models.toml"
    working = toml.read_text()
    chat = await add_conversation(floor.sessions)
    moved = floor.settings.model_copy(
        update={"model1_base_url": "http://127.0.0.1:9/v1", "model2_base_url": "http://127.0.0.1:9/v1"}
    )

    async with open_desk(moved, floor.sessions) as desk:
        steps = await Shopfloor(moved, floor.sessions, desk).say(chat.id, text)

    assert expected in answer_of(steps)
    assert only(steps, "router")[0]["by"] == "fallback"
    assert only(steps, "turn_ended")[0]["status"] == "failed"
    assert toml.read_text() == working
    assert only(await floor.say(chat.id, text), "turn_ended")[0]["status"] == "done"


async def test_tool_servers_that_are_down_lead_to_an_honest_answer(floor: Shopfloor) -> None:
    chat = await add_conversation(floor.sessions)
    moved = floor.settings.model_copy(update={"public_mcp_url": "http://127.0.0.1:9"})

    async with open_desk(moved, floor.sessions) as desk:
        steps = await Shopfloor(moved, floor.sessions, desk).say(chat.id, "Where is my order?")

    assert "isn't responding" in answer_of(steps)
    assert only(steps, "turn_ended")[0]["status"] == "failed"


async def test_a_visitor_without_a_login_is_asked_to_log_in(floor: Shopfloor) -> None:
    customer = await add_customer(floor.sessions)
    chat = await add_conversation(floor.sessions, customer_id=customer.id)
    async with writing(floor.sessions) as session:
        found = await session.get(type(chat), chat.id)
        assert found is not None
        found.customer_id = found.account_id = None

    steps = await floor.say(chat.id, "주문 조회")

    assert "로그인" in answer_of(steps)
    assert only(steps, "router") == []


async def test_staff_see_any_customers_order(floor: Shopfloor) -> None:
    await add_order(floor.sessions, id="#W1042")
    staff = await add_account(floor.sessions)
    chat = await add_conversation(floor.sessions, account_id=staff.id)

    assert "pending" in answer_of(await floor.say(chat.id, "Where is order #W1042?"))


async def test_twenty_customers_at_once_each_get_their_own_order(floor: Shopfloor) -> None:
    orders = [await add_order(floor.sessions, id=f"#W{number}") for number in range(2000, 2020)]
    chats = [await add_conversation(floor.sessions, customer_id=order.customer_id) for order in orders]

    turns = await asyncio.gather(
        *(floor.say(chat.id, f"Where is my order {order.id}?") for chat, order in zip(chats, orders, strict=True))
    )

    assert all(order.id in answer_of(steps) for order, steps in zip(orders, turns, strict=True))
