"""A customer who wants a person: the team falls silent until staff gives the conversation back."""

import pytest

from storage.chats.handovers import find_handover
from storage.db import Sessions
from storage.owners import CustomerOnly, Staff
from storage.settings import Settings
from storage.shop.orders import Order, OrderStatus
from storage.shop.tickets import Ticket, get_ticket, list_tickets
from team.turn.confirmations import NoSuchQuestionError
from tests.clients import caller
from tests.factories import add_conversation, add_customer, add_order, add_ticket
from tests.mcp_servers.tickets.test_changing import call, said
from tests.team.faulty import Pair
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor, stored


async def ticket_of(sessions: Sessions, customer_id: str) -> Ticket:
    async with sessions() as session:
        [ticket] = await list_tickets(session, CustomerOnly(customer_id), status=None, before=None, limit=2)
    return ticket


@pytest.mark.parametrize(
    ("wish", "told", "more", "waits"),
    [
        (
            "I want to talk to a person",
            "A person will answer you here",
            "Is anybody there?",
            "A colleague has your message now",
        ),
        ("사람하고 얘기할래요", "곧 상담원이 답변드리겠습니다", "아무도 없나요?", "상담원이 이 대화에서 직접"),
    ],
)
async def test_who_asks_for_a_person_is_answered_by_one_alone_until_the_ticket_is_resolved(
    floor: Shopfloor, wish: str, told: str, more: str, waits: str
) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)

    asked = await floor.say(chat.id, wish)
    ticket = await ticket_of(floor.sessions, order.customer_id)
    waiting = await floor.say(chat.id, more)
    staff = caller(None)
    await call(floor.settings, floor.sessions, staff, "add_ticket_comment", ticket_id=ticket.id, body="It is Ana.")
    await call(floor.settings, floor.sessions, staff, "resolve_ticket", ticket_id=ticket.id, resolution="All done.")
    after = await floor.say(chat.id, "Where is my order #W1042?")

    assert told in answer_of(asked)
    assert ticket.id in answer_of(asked)
    assert only(asked, "muted") == [{"ticket_id": ticket.id}]
    assert (only(asked, "tool_call")[0]["tool"], ticket.conversation_id) == ("hand_to_human", chat.id)
    assert [step.kind for step in waiting] == ["turn_started", "guard", "message", "guard", "message", "turn_ended"]
    assert waits in answer_of(waiting)
    async with floor.sessions() as session:
        history = said(await get_ticket(session, ticket.id, Staff()))
    assert [text for by, _, text in history if by == order.customer_id][1:] == [more]
    assert [one["text"] for one in only(await stored(floor.desk, chat.id), "message") if one["role"] == "person"] == [
        "It is Ana.",
        "All done.",
    ]
    assert "pending" in answer_of(after)


async def test_a_question_from_before_cannot_be_answered_while_a_person_has_the_conversation(floor: Shopfloor) -> None:
    order = await add_order(floor.sessions, id="#W1042")
    chat = await add_conversation(floor.sessions, customer_id=order.customer_id)
    [question] = only(await floor.say(chat.id, "Please cancel order #W1042"), "question")
    await floor.say(chat.id, "I want to talk to a person")

    said_yes = await floor.say(chat.id, "yes")
    with pytest.raises(NoSuchQuestionError):
        await floor.desk.answer(chat.id, question["question_id"], True)

    assert only(said_yes, "tool_call") == []
    async with floor.sessions() as session:
        found = await session.get(Order, "#W1042")
        assert found is not None
        assert found.status is OrderStatus.PENDING
        ticket = await find_handover(session, chat.id)
    assert ticket is not None

    solved = {"ticket_id": ticket.id, "resolution": "I kept it."}
    await call(floor.settings, floor.sessions, caller(None), "resolve_ticket", **solved)
    assert only(await floor.say(chat.id, "yes"), "tool_call") == []


async def test_a_picture_a_long_message_and_one_sent_twice_reach_the_person_whole(floor: Shopfloor) -> None:
    chat = await add_conversation(floor.sessions, customer_id=(await add_customer(floor.sessions)).id)
    await floor.say(chat.id, "I want to talk to a person")

    await floor.say(chat.id, "Look at this.", "img_1")
    await floor.say(chat.id, "a" * 3_000)
    await floor.say(chat.id, "x" * 4_001)

    ticket = await ticket_of(floor.sessions, str(chat.customer_id))
    assert [text for _, _, text in said(ticket)][1:] == ["Look at this.\n[image img_1]", "a" * 2_000, "a" * 1_000]


@pytest.mark.parametrize(
    ("add", "added", "close", "closed"),
    [
        ("Add to my ticket: the box is torn too.", "I have added that", "Close my ticket please", "is closed"),
        ("제 문의에 추가해 주세요: 상자도 찢어졌어요.", "추가했습니다", "제 문의를 종료해 주세요", "종료했습니다"),
    ],
)
async def test_a_customer_adds_to_their_ticket_and_closes_it(
    floor: Shopfloor, add: str, added: str, close: str, closed: str
) -> None:
    owner = await add_customer(floor.sessions)
    ticket = await add_ticket(floor.sessions, customer_id=owner.id)
    chat = await add_conversation(floor.sessions, customer_id=owner.id)

    first = await floor.say(chat.id, add)
    second = await floor.say(chat.id, close)

    assert added in answer_of(first)
    assert closed in answer_of(second)
    async with floor.sessions() as session:
        found = await get_ticket(session, ticket.id, Staff())
    assert found.status == "resolved"
    assert said(found)[1] == (owner.id, "comment", add.split(": ")[1])


async def test_a_specialist_who_speaks_again_is_told_once_what_was_said_meanwhile(
    settings: Settings, sessions: Sessions
) -> None:
    pair, staff = Pair(), caller(None)
    order = await add_order(sessions, id="#W1042")
    chat = await add_conversation(sessions, customer_id=order.customer_id)
    async with open_shopfloor(settings, sessions, around=pair.around) as floor:
        await floor.say(chat.id, "I want to talk to a person")
        ticket = await ticket_of(sessions, order.customer_id)
        await floor.say(chat.id, "The box was wet.")
        await call(settings, sessions, staff, "add_ticket_comment", ticket_id=ticket.id, body="I sent you a voucher.")
        await call(settings, sessions, staff, "resolve_ticket", ticket_id=ticket.id, resolution="All done.")
        heard = []
        for text in ("Where is my order #W1042?", "And what did I pay for #W1042?"):
            before = len(pair.slices[2].asked)
            await floor.say(chat.id, text)
            heard.append([one["content"] for one in pair.slices[2].asked[before]["messages"]])

    notes = [[one for one in map(str, texts) if "A colleague answered" in one] for texts in heard]
    assert [len(one) for one in notes] == [1, 1]
    assert notes[0][0].splitlines()[1:] == [
        '- Customer: "The box was wet."',
        '- Colleague: "I sent you a voucher."',
        '- Colleague: "All done."',
    ]
