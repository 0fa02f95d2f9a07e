"""Staff in the chat: "orders of …", "find the customer …" and "open tickets" do what they say, with a model that calls
tools as its prompt and their schemas tell it.
"""

from typing import Any

import pytest

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.tickets import TicketStatus
from team.crew.likelihoods import labels_of
from team.roster import load_roster
from team.standin.completion import Call, Reply
from team.standin.wire import ChatRequest
from tests.factories import add_account, add_conversation, add_customer, add_order, add_ticket
from tests.team.shopfloor import Mind, answer_of, only, open_shopfloor


def scripted(router: str, *script: Call) -> Mind:
    """A model that names this specialist, makes these calls in turn, and tells what the last one returned."""
    labels = {name: label for label, name in labels_of(load_roster()).items()}

    def mind(asked: ChatRequest) -> Reply:
        if asked.structured_outputs is not None:
            return Reply(labels[router])
        done = [message for message in asked.messages if message.role == "tool"]
        if len(done) < len(script):
            call = script[len(done)]
            offered = {tool.function.name: tool.function for tool in asked.tools or []}
            assert set(call.arguments) <= set(offered[call.name].properties), "a model is told of these arguments"
            assert "staff" in asked.messages[0].text
            return Reply(call=call)
        return Reply("Here is what I found.")

    return mind


async def asked_by_staff(settings: Settings, sessions: Sessions, mind: Mind, text: str) -> list[dict[str, Any]]:
    """Have staff ask this in a chat of theirs; return what the tools told, the answer last."""
    account = await add_account(sessions)
    chat = await add_conversation(sessions, account_id=account.id, customer_id=None)
    async with open_shopfloor(settings, sessions, mind) as floor:
        steps = await floor.say(chat.id, text)
    assert answer_of(steps)
    assert [one["text"] for one in only(steps, "tool_result") if one["is_error"]] == []
    return [result["structured"] for result in only(steps, "tool_result")]


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    """Olivia with two orders, another customer with one, and tickets of both."""
    await add_customer(sessions, id="olivia", email="olivia@example.com", first_name="Matilda", last_name="Grey")
    for number in range(2):
        await add_order(sessions, id=f"#W100{number}", customer_id="olivia")
    await add_order(sessions, id="#W2000")
    await add_ticket(sessions, id="T1", customer_id="olivia")
    await add_ticket(sessions, id="T2", status=TicketStatus.WAITING_FOR_STAFF)
    await add_ticket(sessions, id="T3", status=TicketStatus.RESOLVED)
    for number in range(4, 10):
        subject = "When will my parcel arrive?"
        await add_ticket(sessions, id=f"T{number}", subject=subject, status=TicketStatus.WAITING_FOR_CUSTOMER)
    return sessions


async def test_orders_of_a_customer_are_that_customers(settings: Settings, shop: Sessions) -> None:
    find = Call("find_customer", {"email": "olivia@example.com"})
    orders = Call("list_orders", {"customer_id": "olivia"})

    told = await asked_by_staff(settings, shop, scripted("OrderTracker", find, orders), "orders of olivia@example.com")

    assert [order["order_id"] for order in told[1]["orders"]] == ["#W1001", "#W1000"]


async def test_a_customer_is_found_by_their_name(settings: Settings, shop: Sessions) -> None:
    find = Call("find_customer", {"first_name": "Matilda", "last_name": "Grey"})

    [told] = await asked_by_staff(settings, shop, scripted("OrderTracker", find), "find the customer Matilda Grey")

    assert told["customer_id"] == "olivia"


async def test_open_tickets_are_everybodys_that_are_not_resolved(settings: Settings, shop: Sessions) -> None:
    listing = Call("list_tickets", {"status": "unresolved"})

    [told] = await asked_by_staff(settings, shop, scripted("TicketDesk", listing), "open tickets")

    assert {ticket["ticket_id"] for ticket in told["tickets"]} == {
        "T1",
        "T2",
        *(f"T{number}" for number in range(4, 10)),
    }


async def test_tickets_of_a_customer_are_that_customers(settings: Settings, shop: Sessions) -> None:
    find = Call("find_customer", {"first_name": "Matilda", "last_name": "Grey"})
    listing = Call("list_tickets", {"customer_id": "olivia"})

    told = await asked_by_staff(settings, shop, scripted("TicketDesk", find, listing), "tickets of Matilda Grey")

    assert [ticket["ticket_id"] for ticket in told[1]["tickets"]] == ["T1"]


@pytest.mark.parametrize("specialist", ["OrderTracker", "ReturnsAgent", "ChangesAgent", "TicketDesk"])
async def test_whoever_is_asked_of_a_customer_can_find_them(
    settings: Settings, shop: Sessions, specialist: str
) -> None:
    find = Call("find_customer", {"email": "olivia@example.com"})

    [told] = await asked_by_staff(settings, shop, scripted(specialist, find), "Help olivia@example.com")

    assert told["customer_id"] == "olivia"


@pytest.mark.parametrize(
    ("text", "tool", "arguments"),
    [
        ("orders of olivia@example.com", "list_orders", {"customer_id": "olivia"}),
        ("Please show me Matilda Grey's orders", "list_orders", {"customer_id": "olivia"}),
        ("olivia@example.com 주문 보여줘", "list_orders", {"customer_id": "olivia"}),
        ("olivia@example.com의 주문", "list_orders", {"customer_id": "olivia"}),
        ("find the customer Matilda Grey", "find_customer", {"first_name": "Matilda", "last_name": "Grey"}),
        ("고객 김민아 찾아줘", "find_customer", {"first_name": "민아", "last_name": "김"}),
        ("open tickets", "list_tickets", {"status": "unresolved"}),
        ("미해결 문의 보여 주세요", "list_tickets", {"status": "unresolved"}),
    ],
)
async def test_the_stand_in_does_what_staff_say(
    settings: Settings, shop: Sessions, text: str, tool: str, arguments: dict[str, str]
) -> None:
    await add_customer(shop, id="mina", email="mina@example.com", first_name="민아", last_name="김")
    account = await add_account(shop)
    chat = await add_conversation(shop, account_id=account.id, customer_id=None)
    async with open_shopfloor(settings, shop) as floor:
        steps = await floor.say(chat.id, text)

    called = only(steps, "tool_call")[-1]
    assert (called["tool"], called["arguments"]) == (tool, arguments)
    told = answer_of(steps)
    expected = {"list_orders": ["#W1000", "#W1001"], "list_tickets": ["T1", "T2"]}
    assert all(one in told for one in expected.get(tool, list(arguments.values())))
    assert not {"#W2000", "T3"} & set(told.replace(":", " ").split())


@pytest.mark.parametrize("text", ["find the Desk Lamp", "Good Morning", "김민아님 주문 취소해 주세요", "open a ticket"])
async def test_the_stand_in_takes_nothing_else_for_a_customer(settings: Settings, shop: Sessions, text: str) -> None:
    account = await add_account(shop)
    chat = await add_conversation(shop, account_id=account.id, customer_id=None)
    async with open_shopfloor(settings, shop) as floor:
        steps = await floor.say(chat.id, text)

    assert not [call for call in only(steps, "tool_call") if call["tool"] == "find_customer"]
