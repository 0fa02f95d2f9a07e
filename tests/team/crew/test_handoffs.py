"""Several requests in one message: each is answered, by whom it is for, and the question comes last."""

import pytest

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.orders import Order, OrderStatus
from team.standin.completion import Call, Reply
from team.standin.mind import answer
from team.standin.raw import Raw
from team.standin.wire import ChatRequest
from team.turn.steps import Step
from tests.factories import add_conversation, add_order, add_product, variant
from tests.team.shopfloor import Mind, Shopfloor, answer_of, answers_of, only, open_shopfloor
from tests.team.visitor import RIGHT, add_known_customer, statuses, visit


async def status_of(floor: Shopfloor, order_id: str) -> OrderStatus:
    async with floor.sessions() as session:
        return (await session.get_one(Order, order_id)).status


async def chat_about(sessions: Sessions, *order_ids: str, status: OrderStatus = OrderStatus.PENDING) -> str:
    """A conversation of a customer with these orders."""
    first = await add_order(sessions, id=order_ids[0], status=status)
    for order_id in order_ids[1:]:
        await add_order(sessions, id=order_id, status=status, customer_id=first.customer_id)
    return (await add_conversation(sessions, customer_id=first.customer_id)).id


async def a_blue_jacket(sessions: Sessions) -> None:
    await add_product(
        sessions,
        name="Rain Jacket",
        description="A jacket for rain.",
        category="clothing",
        keywords="jacket 재킷 blue 파란",
        variants=[variant(options={"color": "blue"})],
    )


def handed(steps: list[Step]) -> list[tuple[str, str]]:
    return [(one["from"], one["to"]) for one in only(steps, "handoff")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Where's my order and do you have a blue jacket?", "Order #W1042 is being prepared"),
        ("제 주문 어디 있어요? 그리고 파란 재킷 있나요?", "주문 #W1042는 현재 배송 준비 중"),
    ],
)
async def test_two_questions_are_answered_by_two_specialists_in_one_turn(
    floor: Shopfloor, text: str, told: str
) -> None:
    await a_blue_jacket(floor.sessions)
    chat = await chat_about(floor.sessions, "#W1042")

    steps = await floor.say(chat, text)

    assert handed(steps) == [("OrderTracker", "ProductAdvisor")]
    assert answer_of(steps).startswith(told)
    assert "Rain Jacket" in answer_of(steps)
    assert only(steps, "turn_ended")[0]["status"] == "done"


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("Cancel #W1042 and do you have a blue jacket?", "yes"),
        ("#W1042 주문 취소해 주시고, 파란 재킷 있나요?", "네"),
    ],
)
async def test_the_question_comes_last_and_a_plain_yes_does_what_it_asked(
    floor: Shopfloor, text: str, yes: str
) -> None:
    await a_blue_jacket(floor.sessions)
    chat = await chat_about(floor.sessions, "#W1042")

    asked = await floor.say(chat, text)
    before = await status_of(floor, "#W1042")
    await floor.say(chat, yes)

    [question] = only(asked, "question")
    assert handed(asked) == [("ReturnsAgent", "ProductAdvisor")]
    answers, alone = answers_of(asked)
    assert "Rain Jacket" in answers
    assert alone == question["text"]
    assert alone not in answers
    assert before is OrderStatus.PENDING
    assert await status_of(floor, "#W1042") is OrderStatus.CANCELLED


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Cancel #W1042 and cancel #W1050", "After that, I'll ask you about the next change: Cancel order #W1050"),
        ("#W1042 취소하고 #W1050도 취소해 주세요", "그다음 변경은 이어서 여쭤보겠습니다: 주문 #W1050 건"),
    ],
)
async def test_two_changes_are_asked_about_one_after_the_other(floor: Shopfloor, text: str, told: str) -> None:
    chat = await chat_about(floor.sessions, "#W1042", "#W1050")

    first = await floor.say(chat, text)
    second = await floor.say(chat, "yes")
    between = [await status_of(floor, "#W1042"), await status_of(floor, "#W1050")]
    await floor.say(chat, "네")

    assert [len(only(steps, "question")) for steps in (first, second)] == [1, 1]
    assert told in answers_of(first)[0]
    assert "#W1042" in only(first, "question")[0]["text"]
    assert answer_of(second) == only(second, "question")[0]["text"]
    assert "#W1050" in answer_of(second)
    assert between == [OrderStatus.CANCELLED, OrderStatus.PENDING]
    assert await status_of(floor, "#W1050") is OrderStatus.CANCELLED


async def test_a_no_to_the_first_change_still_asks_about_the_next(floor: Shopfloor) -> None:
    chat = await chat_about(floor.sessions, "#W1042", "#W1050")
    await floor.say(chat, "Cancel #W1042 and cancel #W1050")

    second = await floor.say(chat, "no")
    await floor.say(chat, "yes")

    assert "#W1050" in only(second, "question")[0]["text"]
    assert await status_of(floor, "#W1042") is OrderStatus.PENDING
    assert await status_of(floor, "#W1050") is OrderStatus.CANCELLED


def handing(calls: dict[str, Call]) -> Mind:
    """Specialists who each always begin with their call, as their tools let us know them apart."""

    def mind(asked: ChatRequest) -> Reply:
        if asked.structured_outputs or asked.messages[-1].role == "tool":
            return answer(asked)
        offered = {tool.function.name for tool in asked.tools or []}
        return next((Reply(call=call) for tool, call in calls.items() if tool in offered), answer(asked))

    return mind


def to(specialist: str, **given: str) -> Call:
    told = {"answer_so_far": "I am glad to help.", "remaining": "and the rest?"} | given
    return Call("hand_over", {"specialist": specialist, **told})


async def test_nothing_goes_back_and_forth(settings: Settings, sessions: Sessions) -> None:
    back = {"list_orders": to("PolicyGuide"), "search_policies": to("OrderTracker")}
    async with open_shopfloor(settings, sessions, handing(back)) as floor:
        steps = await floor.say(await chat_about(sessions, "#W1042"), "Where is my order #W1042?")

    assert handed(steps) == [("OrderTracker", "PolicyGuide")]
    assert answer_of(steps).startswith("I am glad to help.\n\n")
    assert only(steps, "turn_ended")[0]["status"] == "done"


async def test_a_turn_has_at_most_four_specialists(settings: Settings, sessions: Sessions) -> None:
    chain = {
        "list_orders": to("PolicyGuide"),
        "get_policy": to("ProductAdvisor"),
        "search_products": to("TicketDesk"),
        "list_tickets": to("ReturnsAgent"),
    }
    async with open_shopfloor(settings, sessions, handing(chain)) as floor:
        steps = await floor.say(await chat_about(sessions, "#W1042"), "Where is my order #W1042?")

    assert [one for _, one in handed(steps)] == ["PolicyGuide", "ProductAdvisor", "TicketDesk"]
    assert only(steps, "turn_ended")[0]["status"] == "done"


@pytest.mark.parametrize(
    "wrong",
    [to("Nobody"), to("OrderTracker"), to("PolicyGuide", remaining=" "), Call("hand_over", {"to": "PolicyGuide"})],
)
async def test_a_handoff_that_cannot_be_is_told_to_the_model_and_the_turn_goes_on(
    settings: Settings, sessions: Sessions, wrong: Call
) -> None:
    async with open_shopfloor(settings, sessions, handing({"list_orders": wrong})) as floor:
        steps = await floor.say(await chat_about(sessions, "#W1042"), "Where is my order #W1042?")

    assert handed(steps) == []
    assert "#W1042" in answer_of(steps)


@pytest.mark.parametrize(
    ("text", "asks", "told"),
    [
        (
            "Do you have a blue jacket? And where is my order #W1042?",
            "email address and postcode",
            "Order #W1042 is being prepared",
        ),
        (
            "파란 재킷 있나요? 그리고 주문 #W1042 어디 있어요?",
            "이메일 주소와 우편번호",
            "주문 #W1042는 현재 배송 준비 중",
        ),
    ],
)
async def test_a_visitor_gets_what_is_for_anybody_at_once_and_the_rest_after_telling_who_they_are(
    floor: Shopfloor, text: str, asks: str, told: str
) -> None:
    await a_blue_jacket(floor.sessions)
    await add_known_customer(floor.sessions)
    chat = await visit(floor)

    first = await floor.say(chat, text)
    second = await floor.say(chat, RIGHT)

    assert handed(first) == [("ProductAdvisor", "OrderTracker")]
    assert "Rain Jacket" in answer_of(first)
    assert asks in answer_of(first)
    assert statuses(first) == ["asked"]
    assert statuses(second) == ["bound"]
    assert told in answer_of(second)
    assert "Rain Jacket" not in answer_of(second)


REST = "and who won the world cup?"


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        (REST, f"I couldn't answer this part of your message: “{REST}”"),
        ("They ask about football.", "I couldn't answer all of your message."),
    ],
)
async def test_a_part_that_nobody_answered_is_named(
    settings: Settings, sessions: Sessions, rest: str, told: str
) -> None:
    back = {
        "list_orders": to("PolicyGuide", remaining=REST),
        "search_policies": to("OrderTracker", answer_so_far="", remaining=rest),
    }
    async with open_shopfloor(settings, sessions, handing(back)) as floor:
        steps = await floor.say(await chat_about(sessions, "#W1042"), f"Where is my order #W1042, {REST}")

    assert handed(steps) == [("OrderTracker", "PolicyGuide")]
    assert answer_of(steps).startswith("I am glad to help.\n\n")
    assert answer_of(steps).endswith(told)


async def test_a_part_whose_specialist_fails_is_named(settings: Settings, sessions: Sessions) -> None:
    def mind(asked: ChatRequest) -> Reply | Raw:
        if not asked.structured_outputs and any(tool.function.name == "search_policies" for tool in asked.tools or []):
            raise RuntimeError("the model server has a bug")
        return handing({"list_orders": to("PolicyGuide", remaining=REST)})(asked)

    async with open_shopfloor(settings, sessions, mind) as floor:
        steps = await floor.say(await chat_about(sessions, "#W1042"), f"Where is my order #W1042, {REST}")

    assert only(steps, "turn_ended")[0]["status"] == "failed"
    assert answer_of(steps).startswith("I am glad to help.\n\n")
    assert f"this part of your message: “{REST}”" in answer_of(steps)


async def test_where_all_is_answered_nothing_is_named(floor: Shopfloor) -> None:
    await a_blue_jacket(floor.sessions)

    steps = await floor.say(
        await chat_about(floor.sessions, "#W1042"), "Where's my order and do you have a blue jacket?"
    )

    assert "part of your message" not in answer_of(steps)
