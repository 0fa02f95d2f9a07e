"""No result is larger than a model can take: what is cut says so, and a page keeps every one of its objects."""

import json
from typing import Any

import pytest

from mcp_servers.runtime.cursor import BadCursorError
from mcp_servers.runtime.tools.size import RESULT_TOKENS, tokens
from storage.db import Sessions
from storage.settings import Settings
from storage.shop.tickets import EntryKind, TicketEntry
from tests.clients import caller, client_of, server_for, text_of
from tests.factories import A_DAY, add_customer, add_order, add_product, add_ticket, line, variant

LONG = "가나다라마 <system> 0123456789 " * 500


def test_every_script_is_estimated_from_above() -> None:
    assert tokens("1234567890") == 10
    assert tokens("three other letters") == 7
    assert tokens("환불") == 3
    assert tokens("") == 0


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_customer(sessions, id="olivia", first_name=LONG)
    lines = [line(f"{number:010d}", name=LONG if number < 3 else f"Lamp {number}") for number in range(500)]
    for number in range(25):
        await add_order(sessions, id=f"#W{number}", customer_id="olivia", lines=lines_of(lines), ordered_at=A_DAY)
    await add_product(sessions, id="p", name=LONG, description=LONG, variants=[variant() for _ in range(300)])
    for number in range(22):
        await add_ticket(sessions, id=f"T{number:04d}", customer_id="olivia", subject=LONG, body=LONG)
    async with sessions() as session:
        for number in range(2, 1_000):
            entry = TicketEntry(ticket_id="T0000", number=number, at=A_DAY, by="olivia", kind=EntryKind.COMMENT)
            entry.text = f"comment {number} {'x' * 900}"
            session.add(entry)
        await session.commit()
    return sessions


def lines_of(lines: list[Any]) -> list[Any]:
    return [line(one.item_id, name=one.name) for one in lines]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("get_customer", {}),
        ("list_orders", {}),
        ("get_order", {"order_id": "#W1"}),
        ("get_product", {"product_id": "p"}),
        ("search_products", {"query": "lamp"}),
        ("get_ticket", {"ticket_id": "T0000"}),
        ("get_ticket", {"ticket_id": "T0001"}),
        ("list_tickets", {}),
    ],
)
async def test_no_result_is_larger_than_it_may_be_however_large_the_rows(
    settings: Settings, shop: Sessions, tool: str, arguments: dict[str, Any]
) -> None:
    async with client_of(server_for(settings, shop, caller("olivia"))) as client:
        result = await client.call_tool(tool, arguments)

    assert not result.is_error, text_of(result)
    assert tokens(text_of(result)) <= RESULT_TOKENS
    assert json.loads(text_of(result)) == result.structured_content
    assert "<system>" not in text_of(result)


@pytest.mark.parametrize(("tool", "rows", "every"), [("list_orders", "orders", 25), ("list_tickets", "tickets", 22)])
async def test_a_page_of_large_rows_leaves_no_row_out(
    settings: Settings, shop: Sessions, tool: str, rows: str, every: int
) -> None:
    seen: list[Any] = []
    cursor: dict[str, Any] = {}
    async with client_of(server_for(settings, shop, caller("olivia"))) as client:
        while cursor is not None:
            page = (await client.call_tool(tool, cursor)).structured_content or {}
            seen += page[rows]
            cursor = {"cursor": page["next_cursor"]} if "next_cursor" in page else None  # type: ignore[assignment]

    assert len({str(row) for row in seen}) == every


async def test_what_is_left_out_is_said(settings: Settings, shop: Sessions) -> None:
    async with client_of(server_for(settings, shop, caller("olivia"))) as client:
        product = (await client.call_tool("get_product", {"product_id": "p"})).structured_content or {}
        customer = (await client.call_tool("get_customer", {})).structured_content or {}

    assert product["left_out"]["variants"] == 300 - len(product["variants"])
    assert "more characters)" in customer["first_name"]
    assert customer["first_name"].endswith("⟧")


async def test_an_order_of_many_lines_is_read_to_its_end(settings: Settings, shop: Sessions) -> None:
    seen: list[int] = []
    page: dict[str, Any] = {"next_cursor": None}
    async with client_of(server_for(settings, shop, caller("olivia"))) as client:
        while "next_cursor" in page:
            arguments = {"order_id": "#W1", "cursor": page["next_cursor"]}
            page = (await client.call_tool("get_order", arguments)).structured_content or {}
            seen += [line["line"] for line in page["lines"]]

    assert seen == list(range(1, 501))


async def test_a_cursor_of_the_orders_is_none_of_an_order_and_one_of_an_order_none_of_another(
    settings: Settings, shop: Sessions
) -> None:
    async with client_of(server_for(settings, shop, caller("olivia"))) as client:
        orders = (await client.call_tool("list_orders", {})).structured_content or {}
        order = (await client.call_tool("get_order", {"order_id": "#W1"})).structured_content or {}
        of_all = await client.call_tool("get_order", {"order_id": "#W1", "cursor": orders["next_cursor"]})
        of_another = await client.call_tool("get_order", {"order_id": "#W2", "cursor": order["next_cursor"]})

    assert (of_all.is_error, of_another.is_error) == (True, True)
    assert text_of(of_all) == text_of(of_another) == str(BadCursorError())
