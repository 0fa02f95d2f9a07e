"""Opening a ticket, and finding it again."""

from sqlalchemy import select

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.audit import Answer, Audit
from tests.clients import caller, client_of, server_for, text_of
from tests.factories import add_customer, add_order, add_ticket

WET = {"subject": "Wet parcel", "body": "The parcel came wet.", "category": "damage"}


async def test_a_ticket_is_opened_without_asking_and_audited(settings: Settings, sessions: Sessions) -> None:
    await add_customer(sessions, id="olivia")
    await add_order(sessions, id="#W1042", customer_id="olivia")

    async with client_of(server_for(settings, sessions, caller("olivia"))) as client:
        opened = await client.call_tool("create_ticket", WET | {"order_id": "W1042"})
        assert opened.structured_content is not None, text_of(opened)
        ticket = await client.call_tool("get_ticket", {"ticket_id": opened.structured_content["id"]})

    found = ticket.structured_content
    assert found is not None
    assert (found["customer_id"], found["status"], found["order_id"]) == ("olivia", "open", "#W1042")
    assert [(entry["by"], entry["kind"], entry["text"]) for entry in found["history"]] == [
        ("olivia", "opened", "⟦The parcel came wet.⟧")
    ]
    async with sessions() as session:
        [audit] = (await session.scalars(select(Audit))).all()
    assert (audit.answer, audit.caller, audit.tool) == (Answer.NOT_ASKED, "olivia", "create_ticket")
    assert {change["table"] for change in audit.changes} == {"tickets", "ticket_entries"}


async def test_staff_opens_a_ticket_for_a_customer_it_names(settings: Settings, sessions: Sessions) -> None:
    await add_customer(sessions, id="olivia")

    async with client_of(server_for(settings, sessions, caller(None))) as client:
        nameless = await client.call_tool("create_ticket", WET)
        named = await client.call_tool("create_ticket", WET | {"customer_id": "olivia"})

    assert text_of(nameless) == "create_ticket is about one customer. Give the customer_id."
    assert named.structured_content is not None
    assert named.structured_content["status"] == "done"


async def test_a_ticket_about_another_customers_order_is_refused_and_not_written(
    settings: Settings, sessions: Sessions
) -> None:
    await add_customer(sessions, id="olivia")
    await add_customer(sessions, id="mallory")
    await add_order(sessions, id="#W1042", customer_id="olivia")

    async with client_of(server_for(settings, sessions, caller("mallory"))) as client:
        refused = await client.call_tool("create_ticket", WET | {"order_id": "#W1042"})
        mine = await client.call_tool("list_tickets", {})

    assert text_of(refused).startswith("No order #W1042 was found.")
    assert mine.structured_content == {"tickets": []}


async def test_tickets_are_listed_newest_first_in_pages(settings: Settings, sessions: Sessions) -> None:
    await add_customer(sessions, id="olivia")
    for ticket_id in ("T1", "T2", "T3"):
        await add_ticket(sessions, id=ticket_id, customer_id="olivia")

    async with client_of(server_for(settings, sessions, caller("olivia"))) as client:
        first = (await client.call_tool("list_tickets", {"limit": 2})).structured_content or {}
        second = (await client.call_tool("list_tickets", {"cursor": first["next_cursor"]})).structured_content or {}

    listed = [ticket["ticket_id"] for page in (first, second) for ticket in page["tickets"]]
    assert sorted(listed) == ["T1", "T2", "T3"]
    assert listed == sorted(listed, reverse=True)
    assert "next_cursor" not in second
