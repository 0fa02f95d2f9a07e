"""Who may list, read and call what."""

import pytest

from storage.db import Sessions
from storage.settings import Settings
from tests.clients import Customer, caller, client_of, server_for, text_of
from tests.factories import add_customer, add_order, add_ticket

REASON = {"reason": "no longer needed"}


async def test_a_tool_whose_scope_is_missing_is_neither_listed_nor_called(
    settings: Settings, sessions: Sessions
) -> None:
    await add_customer(sessions, id="olivia")
    await add_order(sessions, id="#W1042", customer_id="olivia")
    server = server_for(settings, sessions, caller("olivia", scopes=["orders:read"]))

    async with client_of(server, Customer(says_yes=True)) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        result = await client.call_tool("cancel_order", {"order_id": "#W1042", "reason": "no longer needed"})

    assert sorted(names) == ["get_customer", "get_order", "list_orders"]
    assert (result.is_error, text_of(result)) == (True, "Unknown tool: cancel_order")


@pytest.mark.parametrize(
    ("tool", "theirs", "missing"),
    [
        ("get_order", {"order_id": "#W1"}, {"order_id": "#W9"}),
        (
            "cancel_order",
            {"order_id": "#W1", "reason": "no longer needed"},
            {"order_id": "#W9", "reason": "no longer needed"},
        ),
        ("get_customer", {"customer_id": "olivia"}, {"customer_id": "nobody"}),
        ("list_orders", {"customer_id": "olivia"}, {"customer_id": "nobody"}),
        ("get_ticket", {"ticket_id": "T1"}, {"ticket_id": "T9"}),
        ("list_tickets", {"customer_id": "olivia"}, {"customer_id": "nobody"}),
    ],
)
async def test_what_is_another_customers_reads_as_what_does_not_exist(
    settings: Settings, sessions: Sessions, tool: str, theirs: dict[str, str], missing: dict[str, str]
) -> None:
    await add_customer(sessions, id="olivia")
    await add_customer(sessions, id="mallory")
    await add_order(sessions, id="#W1", customer_id="olivia")
    await add_ticket(sessions, id="T1", customer_id="olivia")

    async with client_of(server_for(settings, sessions, caller("mallory")), Customer(says_yes=True)) as client:
        foreign = text_of(await client.call_tool(tool, theirs))
        absent = text_of(await client.call_tool(tool, missing))

    [own_id], [other_id] = set(theirs.values()) - set(missing.values()), set(missing.values()) - set(theirs.values())
    assert foreign.replace(own_id, "ID") == absent.replace(other_id, "ID")
    assert "found" in foreign


async def test_staff_sees_every_customers_orders_and_may_name_one(settings: Settings, sessions: Sessions) -> None:
    await add_customer(sessions, id="olivia")
    await add_customer(sessions, id="mina")
    await add_order(sessions, id="#W1", customer_id="olivia")
    await add_order(sessions, id="#W2", customer_id="mina")

    async with client_of(server_for(settings, sessions, caller(None))) as client:
        every = await client.call_tool("list_orders", {})
        one = await client.call_tool("list_orders", {"customer_id": "olivia"})

    assert every.structured_content is not None
    assert one.structured_content is not None
    assert [order["order_id"] for order in every.structured_content["orders"]] == ["#W2", "#W1"]
    assert [order["order_id"] for order in one.structured_content["orders"]] == ["#W1"]


async def test_no_schema_shows_what_the_runtime_fills_in(settings: Settings, sessions: Sessions) -> None:
    async with client_of(server_for(settings, sessions, caller(None))) as client:
        tools = (await client.list_tools()).tools

    for tool in tools:
        assert not {"caller", "session", "planned", "answer", "ctx"} & set(tool.input_schema["properties"])
        assert "$ref" not in str(tool.input_schema)
        assert tool.title
        assert tool.description
        assert tool.output_schema is not None
        assert tool.annotations is not None
        assert None not in tool.annotations.model_dump(exclude={"title"}).values()


async def test_an_argument_named_like_an_injected_parameter_changes_nothing(
    settings: Settings, sessions: Sessions
) -> None:
    await add_customer(sessions, id="olivia")
    await add_customer(sessions, id="mallory")
    await add_order(sessions, id="#W1", customer_id="olivia")
    spoofed = {"order_id": "#W1", "caller": {"subject": "olivia", "staff": True, "scopes": []}}

    async with client_of(server_for(settings, sessions, caller("mallory"))) as client:
        result = await client.call_tool("get_order", spoofed)

    assert text_of(result).startswith("No order #W1 was found.")
