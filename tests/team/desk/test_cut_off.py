"""A turn that ended with its process: any process takes it up, and nothing is written twice or lost in silence."""

import asyncio
from datetime import datetime, timedelta

import pytest

from storage.chats.conversations import Conversation, get_conversation
from storage.db import Sessions, now, writing
from storage.owners import TheShop
from team.desk.beginning import Beginning
from team.desk.desk import open_desk
from team.desk.hearing import hear_message
from team.desk.turns import begin_turn
from team.turn.steps import Step
from tests.factories import add_conversation, add_customer, add_order
from tests.team.shopfloor import Shopfloor, answer_of, only, stored


async def begin_and_die(sessions: Sessions, chat: str, text: str, *steps: tuple[str, dict[str, object]]) -> None:
    """Begin a turn as a process does that is killed after these steps."""
    async with writing(sessions) as session:
        beginning = await begin_turn(session, chat)
        await beginning.hear(hear_message(text))
        for kind, data in steps:
            beginning.add(kind, **data)
        await beginning.store()
        expire(beginning.conversation)


def expire(conversation: Conversation) -> None:
    conversation.lease_until = now() - timedelta(seconds=1)


async def taken_up(floor: Shopfloor, chat: str) -> list[Step]:
    """Wait until the turn that was cut off has been taken up and ended."""
    async with asyncio.timeout(45):
        async for step in floor.desk.follow(chat, 0):
            if step.kind == "turn_ended" and step.data["status"] != "lost":
                break
        await floor.desk.idle(chat)
    return await stored(floor.desk, chat)


@pytest.mark.parametrize(
    ("text", "expected"), [("Where is my order #W1042?", "pending"), ("제 주문 #W1042 어디 있어요?", "준비 중")]
)
async def test_a_message_that_was_cut_off_is_answered_without_being_sent_again(
    floor: Shopfloor, text: str, expected: str
) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)

    await begin_and_die(floor.sessions, chat.id, text)
    steps = await taken_up(floor, chat.id)

    assert expected in answer_of(steps)
    assert [data["status"] for data in only(steps, "turn_ended")] == ["lost", "done"]
    assert only(steps, "turn_started")[1]["resumes"] == only(steps, "turn_started")[0]["turn"]
    assert len(only(steps, "message")) == 2


CALL = {"call_id": "1", "agent": "TicketDesk", "server": "tickets", "tool": "create_ticket", "arguments": {}}


@pytest.mark.parametrize(
    ("text", "expected"), [("I want to complain", "interrupted"), ("불만을 접수하고 싶어요", "중단되어")]
)
async def test_a_turn_that_may_have_written_is_not_repeated_and_says_so(
    floor: Shopfloor, text: str, expected: str
) -> None:
    chat = await add_conversation(floor.sessions, customer_id=(await add_customer(floor.sessions)).id)

    await begin_and_die(floor.sessions, chat.id, text, ("tool_call", {**CALL, "unasked": True}))
    steps = await taken_up(floor, chat.id)

    assert expected in answer_of(steps)
    assert [data["status"] for data in only(steps, "turn_ended")] == ["lost", "failed"]
    assert len(only(steps, "tool_call")) == 1


async def test_a_turn_that_ends_its_process_each_time_is_taken_up_once(floor: Shopfloor) -> None:
    chat = await add_conversation(floor.sessions, customer_id=(await add_customer(floor.sessions)).id)
    async with writing(floor.sessions) as session:
        first = await begin_turn(session, chat.id)
        await first.hear(hear_message("hello"))
        first.add("turn_ended", turn=first.request.turn_id, status="lost")
        first.add("turn_started", turn="t_second", resumes=first.request.turn_id)
        await first.store()
        expire(first.conversation)

    steps = await taken_up(floor, chat.id)

    assert "interrupted" in answer_of(steps)
    assert only(steps, "turn_ended")[-1]["status"] == "failed"
    assert only(steps, "router") == []


async def test_a_message_after_one_that_was_cut_off_is_answered_together_with_it(sessions: Sessions) -> None:
    order = await add_order(sessions, id="#W1042")
    chat = await add_conversation(sessions, customer_id=order.customer_id)
    await begin_and_die(sessions, chat.id, "Where is #W1042?")

    after = await begun(sessions, chat.id, "hello?")
    again = await begun(sessions, chat.id, "hello?")

    assert after.request.text == "Where is #W1042?\nhello?"
    assert again.request.text == "hello?"


async def begun(sessions: Sessions, chat: str, text: str) -> Beginning:
    async with writing(sessions) as session:
        beginning = await begin_turn(session, chat)
        await beginning.hear(hear_message(text))
        await beginning.store()
        expire(beginning.conversation)
    return beginning


async def test_a_stop_pressed_elsewhere_ends_the_turn_within_a_second(slow_floor: Shopfloor) -> None:
    chat = await add_conversation(slow_floor.sessions)
    async with open_desk(slow_floor.settings, slow_floor.sessions) as elsewhere:
        await slow_floor.desk.send(chat.id, "hello")

        stopped = await elsewhere.stop(chat.id)
        async with asyncio.timeout(1):
            await slow_floor.desk.idle(chat.id)

        assert stopped
        assert await elsewhere.stop(chat.id) is False
        assert only(await stored(elsewhere, chat.id), "turn_ended")[0]["status"] == "stopped"
        async with slow_floor.sessions() as session:
            assert (await get_conversation(session, chat.id, TheShop())).stop_asked is False


async def test_a_turn_whose_process_ends_in_good_order_is_taken_up_by_another_at_once(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    async with open_desk(floor.settings, floor.sessions) as ending:
        await ending.send(chat.id, "Where is my order #W1042?")
    left = await stored(floor.desk, chat.id)

    steps = await taken_up(floor, chat.id)

    assert only(left, "turn_ended") == []
    assert [data["status"] for data in only(steps, "turn_ended")] == ["lost", "done"]
    assert "pending" in answer_of(steps)
    between = next(step.at for step in steps if step.kind == "turn_ended") - left[-1].at
    assert between < timedelta(seconds=5)


async def test_a_turn_is_followed_live_from_another_process(floor: Shopfloor) -> None:
    chat = await add_conversation(floor.sessions)
    async with open_desk(floor.settings, floor.sessions) as elsewhere:
        seen: list[str] = []

        async def follow() -> None:
            async for step in elsewhere.follow(chat.id, 0):
                seen.append(step.kind)
                if step.kind == "turn_ended":
                    return

        following = asyncio.create_task(follow())
        await asyncio.sleep(0)
        await floor.say(chat.id, "hello")
        async with asyncio.timeout(1):
            await following

    assert seen[0] == "turn_started"
    assert seen == [step.kind for step in await stored(floor.desk, chat.id)]


async def test_a_turn_that_lasts_longer_than_its_lease_keeps_it(slow_floor: Shopfloor) -> None:
    chat = await add_conversation(slow_floor.sessions)
    await slow_floor.desk.send(chat.id, "hello")
    async with writing(slow_floor.sessions) as session:
        short = now() + timedelta(seconds=3)
        (await get_conversation(session, chat.id, TheShop())).lease_until = short

    async with asyncio.timeout(10):
        while await lease_until(slow_floor.sessions, chat.id) <= short:  # noqa: ASYNC110 - the desk renews it
            await asyncio.sleep(0.05)
    await slow_floor.desk.stop(chat.id)


async def lease_until(sessions: Sessions, chat: str) -> datetime:
    async with sessions() as session:
        until = (await get_conversation(session, chat, TheShop())).lease_until
    assert until is not None
    return until


async def test_a_call_tells_whether_it_may_write_unasked(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)

    asked = await floor.say(chat.id, "Please cancel order #W1042")
    told = await floor.say(chat.id, "I want to file a complaint about your service")

    assert {call["tool"]: call["unasked"] for call in only(asked + told, "tool_call")} == {
        "cancel_order": False,
        "create_ticket": True,
    }


async def test_a_question_that_was_cut_off_is_asked_by_the_turn_that_takes_it_up(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    call = {**CALL, "server": "orders", "tool": "cancel_order", "unasked": False}

    await begin_and_die(floor.sessions, chat.id, "Please cancel order #W1042", ("tool_call", call))
    steps = await taken_up(floor, chat.id)

    assert [data["status"] for data in only(steps, "turn_ended")] == ["lost", "asked"]
