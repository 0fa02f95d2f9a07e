"""What staff do at the desk over HTTP, and what customers see of it: answers, and nothing else."""

import json
from typing import Any

import anyio
import httpx2
import pytest

from storage.chats.conversations import add_conversation as begin_conversation
from storage.chats.events import add_event
from storage.db import writing
from storage.handbook.in_vain import keep_in_vain
from storage.people.accounts import Account
from storage.people.api_keys import make_key
from storage.shop.tickets import TicketStatus
from tests.factories import add_account, add_conversation, add_customer, add_image, add_order, add_ticket
from tests.ui.desk.conftest import Served, add_staff

SECRET_NOTE = "Zanzibar, they lied before"


async def olivia(served: Served) -> Account:
    customer = await add_customer(served.sessions, id="olivia", email="olivia@example.com")
    return await add_account(served.sessions, email=customer.email, customer_id=customer.id)


async def post(client: httpx2.AsyncClient, path: str, **body: Any) -> httpx2.Response:  # noqa: ANN401 - JSON
    return await client.post(f"/api/desk/{path}", json=body)


async def test_a_chat_is_taken_over_answered_and_given_back(served: Served) -> None:
    account = await olivia(served)
    chat = await add_conversation(
        served.sessions, id="c_1", customer_id="olivia", account_id=account.id, title="My parcel"
    )
    async with served.staff("Ana") as ana, served.staff("Ben") as ben, served.client(account) as customer:
        [listed] = (await ana.get("/api/desk/chats", params={"search": "parcel"})).json()["chats"]
        taken = await post(ana, f"conversations/{chat.id}/take")
        ticket_id = taken.json()["ticket_id"]
        refused = await post(ben, f"conversations/{chat.id}/take")
        answered = await post(ana, f"tickets/{ticket_id}/reply", text="Hello, this is Ana.")
        noted = await post(ben, f"tickets/{ticket_id}/notes", text=SECRET_NOTE)
        other = await post(ben, f"tickets/{ticket_id}/reply", text="And Ben.")
        said = (await customer.get("/conversations/c_1/messages")).json()["messages"]
        await served.floor.say("c_1", "Thank you!")
        waits = (await ana.get("/api/desk/queue")).json()["tickets"][0]
        back = await post(ana, f"tickets/{ticket_id}/give-back")
        reads = [await read(customer, ticket_id, path) for path in ("export", "events?after=0")]

    assert (listed["customer"]["customer_id"], listed["ticket_id"]) == ("olivia", None)
    assert (taken.json()["holder"], taken.json()["conversation_id"]) == ("Ana", "c_1")
    has_it = {"error": f"Ana has ticket {ticket_id}. Take it over from them first, or choose another.", "code": "taken"}
    assert [(one.status_code, one.json()) for one in (refused, other)] == [(409, has_it)] * 2
    assert answered.json()["status"] == "waiting for customer"
    assert [note["text"] for note in noted.json()["notes"]] == [SECRET_NOTE]
    assert [(one["role"], one["text"]) for one in said] == [("person", "Hello, this is Ana.")]
    assert (waits["ticket_id"], waits["status"]) == (ticket_id, "waiting for staff")
    assert back.json()["conversation_id"] is None
    assert [SECRET_NOTE in told for told in reads] == [False, False]


async def test_a_chat_of_staff_is_no_customers_and_bears_their_name(served: Served) -> None:
    account = await olivia(served)
    await add_conversation(served.sessions, id="c_1", customer_id="olivia", account_id=account.id, title="My parcel")
    ben = await add_staff(served.sessions, "Ben")
    await add_conversation(served.sessions, id="c_2", account_id=ben.id, title="open tickets")
    async with writing(served.sessions) as session:
        key, _ = await make_key(session, None, name="Nightly report")
        by_key = await begin_conversation(session, None, None, key_id=key.id)
        by_key.title = "open tickets"
    async with served.staff("Ana") as ana:
        listed = (await ana.get("/api/desk/chats")).json()["chats"]
        own = (await ana.get("/api/desk/conversations/c_2")).json()
        programs = (await ana.get(f"/api/desk/conversations/{by_key.id}")).json()
        refused = await post(ana, "conversations/c_2/take")
        queue = (await ana.get("/api/desk/queue")).json()

    assert [chat["conversation_id"] for chat in listed] == ["c_1"]
    assert [(one["staff"], one["customer"]) for one in (own, programs)] == [("Ben", None), ("Nightly report", None)]
    assert (refused.status_code, refused.json()["code"], queue["total"]) == (409, "chat_of_staff", 0)


async def read(customer: httpx2.AsyncClient, ticket_id: str, path: str) -> str:
    """All that a customer can read of their ticket and chat."""
    told = (await customer.get(f"/tickets/{ticket_id}")).text
    with anyio.move_on_after(2):
        async with customer.stream("GET", f"/api/conversations/c_1/{path}") as answer:
            async for part in answer.aiter_text():
                told += part
    assert "Hello, this is Ana." in told
    return told


async def test_a_ticket_is_taken_over_by_name_and_opened_again(served: Served) -> None:
    ticket = await add_ticket(served.sessions, status=TicketStatus.RESOLVED)
    async with served.staff("Ana") as ana, served.staff("Ben") as ben:
        taken = (await post(ana, f"tickets/{ticket.id}/take")).json()
        refused = await post(ben, f"tickets/{ticket.id}/take")
        over = (await post(ben, f"tickets/{ticket.id}/take", instead_of=taken["taken_by"])).json()
        opened = (await post(ben, f"tickets/{ticket.id}/status", status="open")).json()
        done = (await post(ben, f"tickets/{ticket.id}/resolve", text="It came after all.")).json()

    assert refused.json() == {
        "error": f"Ana has ticket {ticket.id}. Take it over from them first, or choose another.",
        "code": "taken",
    }
    assert (over["holder"], opened["status"], done["status"]) == ("Ben", "open", "resolved")
    assert [entry["text"] for entry in done["history"]][-1] == "It came after all."


async def test_a_filter_of_the_queue_with_a_value_that_there_is_not_is_refused(served: Served) -> None:
    wrong = {"status": "lost", "holder": "somebody", "category": "weather", "limit": "many"}
    async with served.staff() as staff:
        refused = [await staff.get("/api/desk/queue", params={name: value}) for name, value in wrong.items()]
        left_out = await staff.get("/api/desk/queue", params=dict.fromkeys(wrong, ""))

    assert [(one.status_code, one.json()["code"]) for one in refused] == [(400, "bad_filter")] * len(wrong)
    assert refused[1].json()["error"] == "`holder` must be one of: any, mine, nobody, or be left out."
    assert left_out.status_code == 200


async def test_the_queue_says_whether_more_can_be_asked_for(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        await add_ticket(served.sessions)
    async with served.staff() as staff:
        told = [(await staff.get("/api/desk/queue", params={"limit": limit})).json() for limit in (1, 2)]
        monkeypatch.setattr("ui.desk.queue.MOST_SHOWN", 1)
        most = (await staff.get("/api/desk/queue", params={"limit": 2})).json()

    assert [(len(one["tickets"]), one["total"], one["more"]) for one in [*told, most]] == [
        (1, 2, True),
        (2, 2, False),
        (1, 2, False),
    ]


async def test_the_customer_stands_beside_with_orders_chats_and_what_was_seen_on_photos(served: Served) -> None:
    account = await olivia(served)
    order = await add_order(served.sessions, customer_id="olivia")
    image = await add_image(served.sessions, b"pixels", customer_id="olivia")
    chat = await add_conversation(served.sessions, customer_id="olivia", account_id=account.id, title="A crack")
    call = {"server": "vision", "tool": "inspect_damage", "call_id": "1"}
    found = {"verdict": "damaged", "confidence": 0.9, "evidence": "⟦a crack⟧"}
    async with writing(served.sessions) as session:
        await add_event(session, chat.id, "tool_call", {**call, "arguments": {"image_id": image.id}})
        await add_event(session, chat.id, "tool_result", {**call, "structured": found})

    async with served.staff() as staff:
        told = (await staff.get("/api/desk/customers/olivia")).json()
        card = (await staff.get(f"/api/desk/orders/{order.id.replace('#', '%23')}")).json()
        nobody = await staff.get("/api/desk/customers/nobody")

    assert (told["profile"]["email"], [one["order_id"] for one in told["orders"]]) == ("olivia@example.com", [order.id])
    assert [one["title"] for one in told["chats"]] == ["A crack"]
    [photo] = told["photos"]
    assert photo["measured"] == [{"tool": "inspect_damage", **found, "evidence": "a crack"}]
    assert (card["kind"], card["order_id"]) == ("order", order.id)
    assert nobody.status_code == 404


async def test_a_draft_is_looked_up_as_the_customer_and_changes_nothing(served: Served) -> None:
    await olivia(served)
    await add_order(served.sessions, id="#W1042", customer_id="olivia")
    await add_order(served.sessions, id="#W2000")
    own = await add_ticket(served.sessions, customer_id="olivia", subject="Late", body="Where is my order #W1042?")
    foreign = await add_ticket(served.sessions, customer_id="olivia", subject="Late", body="Where is order #W2000?")
    wish = await add_ticket(served.sessions, customer_id="olivia", subject="Stop", body="Please cancel order #W1042")

    async with served.staff() as staff:
        drafts = [await post(staff, f"tickets/{ticket.id}/draft") for ticket in (own, foreign, wish)]
        history = (await staff.get(f"/api/desk/tickets/{own.id}")).json()["history"]
        order = (await staff.get("/api/desk/orders/%23W1042")).json()
        chats = (await staff.get("/api/desk/chats")).json()["chats"]

    assert "#W1042 is being prepared" in drafts[0].json()["text"]
    assert "o order #W2000 was found" in drafts[1].json()["text"]
    assert (len(history), order["status"], chats) == (1, "pending", [])
    assert drafts[2].status_code in {200, 502}


async def test_what_the_handbook_was_asked_in_vain_is_counted(served: Served) -> None:
    account = await olivia(served)
    async with served.staff() as staff:
        before = (await staff.get("/api/desk/gaps")).json()["gaps"]
        for asked in (["Do you hire?", "do you HIRE"], ["Do you hire?", "Who are you?"]):
            chat = await add_conversation(served.sessions, customer_id="olivia", account_id=account.id)
            async with writing(served.sessions) as session:
                await keep_in_vain(session, chat.id, "en", asked)
        gaps = (await staff.get("/api/desk/gaps")).json()["gaps"]

    assert before == []
    assert [(gap["question"].casefold().strip("?"), gap["times"]) for gap in gaps] == [
        ("do you hire", 2),
        ("who are you", 1),
    ]


async def test_the_queue_tells_staff_that_it_changed_over_the_one_stream(served: Served) -> None:
    account = await olivia(served)
    ticket = await add_ticket(served.sessions, customer_id="olivia")
    query = "/api/events?follow=desk.0&follow=c_none.0"
    async with served.staff() as staff, served.client(account) as customer:
        with anyio.fail_after(60):
            async with staff.stream("GET", query) as answer:
                lines = answer.aiter_lines()
                await anext(lines)
                await post(staff, f"tickets/{ticket.id}/notes", text="Called.")
                while not (line := await anext(lines)).startswith("data:"):
                    pass
        with anyio.move_on_after(3):
            async with customer.stream("GET", query) as answer:
                told = [line async for line in answer.aiter_lines() if line.startswith("data:")]
                assert told == []

    assert json.loads(line.removeprefix("data:"))["tickets"] == [ticket.id]
