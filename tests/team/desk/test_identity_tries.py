"""How often a visitor may be wrong, what that tells them, and that nobody becomes somebody else."""

import asyncio

import pytest
from sqlalchemy import event, select

from storage.chats.conversations import (
    AlreadyIdentifiedError,
    bind_customer,
)
from storage.db import Sessions, writing
from storage.people import identities
from storage.shop.customers import Customer
from storage.shop.tickets import Ticket, TicketPriority, TicketStatus
from team.desk.desk import open_desk
from team.desk.identity import TRIES
from tests.factories import ADDRESS, add_customer, add_order, add_product
from tests.team.shopfloor import Shopfloor, answer_of, only
from tests.team.visitor import EMAIL, POSTCODE, RIGHT, WRONG, add_known_customer, conversation_of, statuses, visit

MINA = "mina.kim@example.com"
ABOUT_PEOPLE = ("customers", "identity_tries")


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
        # What keeps the turn alive is asked more often in a long one.
        asked.append([one for one in statements if any(table in one for table in ABOUT_PEOPLE)])

    assert asked[0]
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
    async with floor.sessions() as session:
        [ticket] = (await session.scalars(select(Ticket))).all()
    assert (ticket.customer_id, ticket.status, ticket.priority) == (None, TicketStatus.OPEN, TicketPriority.HIGH)
    assert chat in ticket.history[0].text
    assert not any(told in ticket.history[0].text for told in (EMAIL, POSTCODE))


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


async def test_no_customer_can_have_a_visitors_subject(sessions: Sessions) -> None:
    with pytest.raises(Exception, match="id_is_no_visitors"):
        await add_customer(sessions, id="visitor:v_1")

    async with sessions() as session:
        assert await session.get(Customer, "visitor:v_1") is None


@pytest.mark.parametrize("written", ["SW1A 1AA", "sw1a1aa", "Sw1a  1aa"])
async def test_a_postcode_is_known_however_it_is_written(sessions: Sessions, written: str) -> None:
    customer = await add_customer(sessions, email=EMAIL, address=ADDRESS | {"zip": "SW1A 1AA"})

    async with sessions() as session:
        assert await identities.find_customer_id(session, EMAIL.upper(), written) == customer.id
        assert await identities.find_customer_id(session, EMAIL, "SW1A 1AB") is None
        assert await identities.find_customer_id(session, EMAIL, "") is None


async def test_tries_at_the_same_time_are_all_counted(floor: Shopfloor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "PER_EMAIL", 3)
    await add_known_customer(floor.sessions)
    chats = [await visit(floor) for _ in range(6)]
    for chat in chats:
        await floor.say(chat, "Where is my order?")

    ended = await asyncio.gather(*(floor.say(chat, WRONG) for chat in chats))

    assert sorted(statuses(steps)[0] for steps in ended) == ["handed_over"] * 3 + ["refused"] * 3
