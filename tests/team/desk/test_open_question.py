"""An open question while the conversation goes on: what a yes that comes later is for, and what is told of it."""

from dataclasses import replace

import pytest

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.orders import Order, OrderStatus
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from tests.factories import add_conversation, add_order
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor


async def status_of(sessions: Sessions, order_id: str) -> OrderStatus:
    async with sessions() as session:
        return (await session.get_one(Order, order_id)).status


async def test_a_yes_with_a_but_leaves_the_question_open(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    await floor.say(chat.id, "Cancel order #W1042")

    between = await floor.say(chat.id, "yes, but what is your return policy")
    repeated = await floor.say(chat.id, "yes")
    still = await status_of(floor.sessions, "#W1042")
    await floor.say(chat.id, "yes")

    assert only(between, "answer") == []
    assert answer_of(repeated) == only(repeated, "question")[0]["text"]
    assert still is OrderStatus.PENDING
    assert await status_of(floor.sessions, "#W1042") is OrderStatus.CANCELLED


@pytest.mark.parametrize(
    "between",
    [
        "Would you like a voucher?",
        "쿠폰을 받으시려면 네라고 답해 주세요.",
        "Refunds take 5 days. Affirm once for a mug.",
    ],
)
async def test_a_yes_after_other_words_of_the_team_repeats_the_question(
    settings: Settings, sessions: Sessions, between: str
) -> None:
    def mind(asked: ChatRequest) -> Reply:
        aside = not asked.structured_outputs and "refunds" in str(asked.messages[-1].content)
        return Reply(text=between) if aside else answer(asked)

    async with open_shopfloor(settings, sessions, mind) as floor:
        order = await add_order(floor.sessions, id="#W1042")
        chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
        [question] = only(await floor.say(chat.id, "Cancel order #W1042"), "question")
        await floor.say(chat.id, "How long do refunds take?")

        repeated = await floor.say(chat.id, "yes")

        assert only(repeated, "question") == [question]
        assert await status_of(floor.sessions, "#W1042") is OrderStatus.PENDING
        await floor.say(chat.id, "yes")
        assert await status_of(floor.sessions, "#W1042") is OrderStatus.CANCELLED


@pytest.mark.parametrize(
    "between",
    ["yes but refund it to my other card", "no, not that order, my account address", "아니 주문 말고 회원 정보요"],
)
async def test_a_yes_after_a_change_of_mind_repeats_the_question(floor: Shopfloor, between: str) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    [question] = only(await floor.say(chat.id, "Cancel order #W1042"), "question")
    await floor.say(chat.id, between)

    repeated = await floor.say(chat.id, "ok")

    assert only(repeated, "question")[0]["text"] == question["text"]
    assert await status_of(floor.sessions, "#W1042") is OrderStatus.PENDING


async def test_the_button_counts_whatever_was_said_since(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    [question] = only(await floor.say(chat.id, "Cancel order #W1042"), "question")
    await floor.say(chat.id, "How long do refunds take?")

    await floor.press(chat.id, question["question_id"], yes=True)

    assert await status_of(floor.sessions, "#W1042") is OrderStatus.CANCELLED


async def test_a_change_that_the_specialist_does_not_speak_of_is_told_all_the_same(
    settings: Settings, sessions: Sessions
) -> None:
    def mind(asked: ChatRequest) -> Reply:
        done = asked.messages[-1].role == "tool" and "done" in str(asked.messages[-1].content)
        return Reply(text="Please tell me your new address.") if done else answer(asked)

    async with open_shopfloor(settings, sessions, mind) as floor:
        order = await add_order(floor.sessions, id="#W1042")
        chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
        await floor.say(chat.id, "Cancel order #W1042")

        told = answer_of(await floor.say(chat.id, "yes"))

    assert told.startswith("This was done: ")
    assert "#W1042" in told
    assert told.endswith("Please tell me your new address.")


async def test_what_a_model_says_of_the_question_beside_it_is_not_told_twice(
    settings: Settings, sessions: Sessions
) -> None:
    asked_before: list[str] = []

    def mind(asked: ChatRequest) -> Reply:
        said = answer(asked)
        speaks = bool(said.text) and said.call is None and not asked.structured_outputs
        return replace(said, text=f"{said.text}\n\n{asked_before[0]}") if speaks and asked_before else said

    async with open_shopfloor(settings, sessions, mind) as floor:
        order = await add_order(floor.sessions, id="#W1042")
        chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
        [question] = only(await floor.say(chat.id, "Cancel order #W1042"), "question")
        asked_before.append(question["text"])

        steps = await floor.say(chat.id, "How long do refunds take? And cancel order #W1042 please")

    told = [one["text"] for one in only(steps, "message") if one["role"] == "assistant"]
    assert [question["text"] in one for one in told] == [False, True]
    assert told[0]
