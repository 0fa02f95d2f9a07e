"""Whatever is sent to an order or product tool: one line that a model can act on, and nothing written."""

import json
from typing import Any

import pytest
from mcp import Client
from mcp.types import CallToolResult
from sqlalchemy import func, select

from storage.db import Sessions
from storage.moving.fingerprint import take_fingerprint
from storage.settings import Settings
from storage.shop.audit import Audit
from storage.shop.orders import OrderStatus
from tests.clients import Customer, caller, client_of, server_for, text_of
from tests.factories import add_customer, add_order, add_product, credit_card, gift_card, line, variant

LONGEST = 300
LONG = "x" * 10_000
UNFIT: list[Any] = [
    7,
    1.5,
    True,
    [],
    ["1001"],
    {"a": 1},
    "",
    LONG,
    "W1\x00042",
    "W1\n042",
    "W1\u2028042",
    "\u202eW1042",
]
"""Sent for an argument that is one line of text."""
LOOK_ALIKES = ["Ｗ１０４２", "#Ԝ1042", "#W1042\u0300", "＃W1042", "#W1042 OR 1=1", "%", "😀"]
ADDRESS = {"address1": "1 New Road", "city": "Salem", "state": "OR", "country": "USA", "zip": "97301"}
ITEMS = {"order_id": "#W1", "item_ids": ["1001"], "new_item_ids": ["1002"], "payment_method_id": "gift"}
CALLS: dict[str, dict[str, Any]] = {
    "find_customer": {"email": "olivia@example.com", "first_name": "Olivia", "last_name": "Brown", "zip": "97201"},
    "get_customer": {"customer_id": "olivia"},
    "list_orders": {"customer_id": "olivia", "status": "pending", "cursor": "WzFd", "limit": 5},
    "get_order": {"order_id": "#W1"},
    "cancel_order": {"order_id": "#W1", "reason": "no longer needed"},
    "change_order_items": ITEMS,
    "change_order_address": {"order_id": "#W1", **ADDRESS},
    "change_order_payment": {"order_id": "#W1", "payment_method_id": "gift"},
    "return_items": {"order_id": "#W2", "item_ids": ["1001"], "payment_method_id": "gift"},
    "exchange_items": ITEMS | {"order_id": "#W2"},
    "change_customer_address": {"customer_id": "olivia", **ADDRESS},
    "search_products": {"query": "lamp", "max_price": 9_000, "available_only": True, "cursor": "WzFd", "limit": 5},
    "get_product": {"product_id": "2001"},
    "recommend_products": {"product_id": "2001", "budget": 9_000, "limit": 5},
}
"""A good call of every tool, one argument of which is spoilt at a time."""
NUMBER = ["five", -1, 1.5, [], {"a": 1}, LONG, "٣٫٥"]
LIST = ["1001", 7, {"a": 1}, [[]], [7], [None], [""], [LONG], ["1001\n"], ["1001"] * 51, []]
CHOICE = [7, [], {"a": 1}, "", LONG, "because", "no longer needed.", "PENDING", "pending\n"]
DETAIL = [value for value in UNFIT if value != ""]
"""Sent for what is looked for by its parts, of which an empty one is as good as none."""
NO_POSTCODE = [*UNFIT, "05551로 변경해줘", "97301, please", "OR <97301>"]
UNFIT_FOR: dict[str, list[Any]] = {
    "limit": [*NUMBER, 10**30],
    "max_price": NUMBER,
    "budget": NUMBER,
    "item_ids": LIST,
    "new_item_ids": LIST,
    "reason": CHOICE,
    "status": CHOICE,
    "available_only": ["perhaps", 7, [], {"a": 1}, LONG],
    "cursor": DETAIL,
    **{f"find_customer {name}": DETAIL for name in CALLS["find_customer"]},
    # An empty one says that the call has none.
    "list_orders status": [value for value in CHOICE if value != ""],
    "list_orders customer_id": DETAIL,
    "change_order_address zip": NO_POSTCODE,
    "change_customer_address zip": NO_POSTCODE,
}
IDS = {"order_id", "payment_method_id", "product_id", "customer_id"}


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    """Olivia's pending and delivered order, of lamps that are sold in variants; and an order of Mallory's."""
    methods = [credit_card("card"), gift_card("gift", balance=10_000), gift_card("small", balance=100)]
    await add_customer(sessions, id="olivia", email="olivia@example.com", payment_methods=methods)
    await add_customer(sessions, id="mallory", payment_methods=[credit_card("mallorys")])
    sold = [variant("1001", price=4_500), variant("1002", price=5_000), variant("1003", available=False)]
    await add_product(sessions, id="2001", variants=sold)
    await add_product(sessions, id="2002", name="Mug", variants=[variant("3001", price=900)])
    lamps = [line("1001", product_id="2001") for _ in range(3)]
    await add_order(sessions, id="#W1", customer_id="olivia", lines=lamps[:2])
    await add_order(sessions, id="#W2", customer_id="olivia", status=OrderStatus.DELIVERED, lines=lamps[2:])
    await add_order(sessions, id="#W3", customer_id="mallory")
    return sessions


def clients_of(settings: Settings, shop: Sessions, who: str | None) -> Any:  # noqa: ANN401 - a context of a client
    """A customer (None: staff) who says yes to whatever is asked."""
    server = server_for(settings, shop, caller(who), ["orders", "products"])
    return client_of(server, Customer(says_yes=True))


async def everything(shop: Sessions) -> tuple[str, int]:
    async with shop() as session:
        return await take_fingerprint(session), await session.scalar(select(func.count(Audit.id))) or 0


async def test_every_tool_is_called_badly_here(settings: Settings, shop: Sessions) -> None:
    async with clients_of(settings, shop, None) as client:
        listed = {tool.name: set(tool.input_schema["properties"]) for tool in (await client.list_tools()).tools}

    assert set(CALLS) == set(listed)
    assert {name: set(call) - listed[name] for name, call in CALLS.items() if set(call) - listed[name]} == {}


@pytest.mark.parametrize("tool", CALLS)
async def test_an_argument_that_does_not_fit_is_named_in_one_line_and_nothing_is_written(
    settings: Settings, shop: Sessions, tool: str
) -> None:
    before = await everything(shop)
    async with clients_of(settings, shop, None) as client:
        told = {
            (name, repr(value)[:40]): _complaint(await client.call_tool(tool, CALLS[tool] | {name: value}), name, value)
            for name in CALLS[tool]
            for value in UNFIT_FOR.get(f"{tool} {name}", UNFIT_FOR.get(name, UNFIT))
        }

    assert {call: complaint for call, complaint in told.items() if complaint} == {}
    assert await everything(shop) == before


@pytest.mark.parametrize(("tool", "name"), [(tool, name) for tool in CALLS for name in CALLS[tool] if name in IDS])
async def test_an_id_that_looks_like_another_is_not_that_other(
    settings: Settings, shop: Sessions, tool: str, name: str
) -> None:
    before = await everything(shop)
    async with clients_of(settings, shop, None) as client:
        told = {
            value: _complaint(await client.call_tool(tool, CALLS[tool] | {name: value}), "", LONG)
            for value in LOOK_ALIKES
        }

    assert {value: complaint for value, complaint in told.items() if complaint} == {}
    assert await everything(shop) == before


def _complaint(result: CallToolResult, name: str, value: Any) -> str:  # noqa: ANN401 - any bad value
    """What is wrong with how a bad call was answered; nothing where all is well."""
    said = text_of(result)
    shown = value if isinstance(value, str) else json.dumps(value)
    found = {
        "it was not refused": not result.is_error,
        "more than one line": any(character in said for character in "\n\r\u2028\x00"),
        "too long": len(said) > LONGEST,
        "pydantic's words": any(words in said for words in ("Input should", "validation error", "pydantic", "type=")),
        "a fault of ours": "error on our side" in said or "Traceback" in said,
        "does not name the argument": name not in said and "was found" not in said and "cursor" not in said,
        "repeats what was sent": len(shown) > len("'[1001]'") and shown in said,
    }
    wrong = [problem for problem, is_so in found.items() if is_so]
    return f"{'; '.join(wrong)}: {said[:200]}" if wrong else ""


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("cancel_order", {}, "Invalid arguments: order_id is missing; reason is missing."),
        (
            "cancel_order",
            {"order_id": "#W1", "reason": "I changed my mind"},
            "Invalid arguments: reason must be 'no longer needed' or 'ordered by mistake'.",
        ),
        ("get_order", {"order_id": 1042}, "Invalid arguments: order_id must be text."),
        ("get_order", {"order_id": ""}, "Invalid arguments: order_id must not be empty."),
        ("get_order", {"order_id": LONG}, "Invalid arguments: order_id may have at most 40 characters."),
        (
            "get_order",
            {"order_id": "#W1\n"},
            "Invalid arguments: order_id must not contain control characters or line breaks.",
        ),
        ("list_orders", {"limit": 0}, "Invalid arguments: limit must be at least 1."),
        ("list_orders", {"limit": "many"}, "Invalid arguments: limit must be a whole number."),
        (
            "list_orders",
            {"cursor": "WzEwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwXQ"},
            "This cursor does not belong to this list. Call without a cursor to start at the first page.",
        ),
        (
            "return_items",
            {"order_id": "#W2", "item_ids": "1001, 1002", "payment_method_id": "gift"},
            "Invalid arguments: item_ids must be a list.",
        ),
        (
            "return_items",
            {"order_id": "#W2", "item_ids": ["1001", 1002], "payment_method_id": "gift"},
            "Invalid arguments: item_ids[1] must be text.",
        ),
        (
            "return_items",
            {"order_id": "#W2", "item_ids": [], "payment_method_id": "gift"},
            "No item of order #W2 was named. Give the item_ids; get_order lists them.",
        ),
        (
            "return_items",
            {"order_id": "#W2", "item_ids": ["1001", "1001"], "payment_method_id": "gift"},
            "Order #W2 has only 1 of item 1001, not 2. get_order lists its items.",
        ),
        (
            "return_items",
            {"order_id": "#W2", "item_ids": ["1001"], "payment_method_id": "mallorys"},
            "Payment method mallorys is not one of this customer's. They have, with the id to use in brackets: "
            "Visa ending in 9212 (card), gift card (gift), gift card (small).",
        ),
        (
            "exchange_items",
            ITEMS | {"order_id": "#W2", "new_item_ids": ["1003"]},
            "Item 1003 of Desk Lamp is not available. get_product lists the variants that are.",
        ),
        (
            "exchange_items",
            ITEMS | {"order_id": "#W2", "new_item_ids": ["3001"]},
            "Item 3001 is not a variant of Desk Lamp. get_product lists its variants.",
        ),
        (
            "exchange_items",
            ITEMS | {"order_id": "#W2", "new_item_ids": ["nothing"]},
            "Item nothing is not a variant of Desk Lamp. get_product lists its variants.",
        ),
        (
            "change_order_items",
            ITEMS | {"new_item_ids": ["1002", "1002"]},
            "The lists item_ids and new_item_ids differ in length: 1 and 2. "
            "Give one new item for each item, in the same order.",
        ),
        (
            "change_order_items",
            ITEMS | {"new_item_ids": ["1001"]},
            "Item 1001 is what was ordered. Choose another variant.",
        ),
        (
            "change_order_items",
            ITEMS | {"payment_method_id": "small"},
            "The gift card (small) has a balance of $1.00, less than the $5.00 due. Use another payment method.",
        ),
        (
            "cancel_order",
            {"order_id": "#W3", "reason": "no longer needed"},
            "No order #W3 was found. Check the order id, or list the orders.",
        ),
        ("get_order", {"order_id": "#W4"}, "No order #W4 was found. Check the order id, or list the orders."),
        ("get_customer", {"customer_id": "mallory"}, "No customer mallory was found. Check the customer id."),
        ("get_customer", {"customer_id": "nobody"}, "No customer nobody was found. Check the customer id."),
        ("get_product", {"item_id": "1"}, "No item 1 was found. Find products by name with search_products."),
        ("cancel_the_order", {}, "Unknown tool: cancel_the_order"),
    ],
)
async def test_what_cannot_be_done_is_said_in_words_to_act_on(
    settings: Settings, shop: Sessions, tool: str, arguments: dict[str, Any], said: str
) -> None:
    before = await everything(shop)
    async with clients_of(settings, shop, "olivia") as client:
        result = await client.call_tool(tool, arguments)

    assert result.is_error
    assert text_of(result) == said
    assert await everything(shop) == before


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("list_orders", {"limit": "2"}),
        ("list_orders", {"cursor": None, "status": None, "customer_id": None}),
        ("get_order", {"order_id": "W1"}),
        ("search_products", {"query": "lamp", "max_price": "9000", "available_only": "true"}),
        ("return_items", {"order_id": "W2", "item_ids": '["1001"]', "payment_method_id": "gift"}),
    ],
)
async def test_what_is_meant_is_clear_although_it_is_written_otherwise(
    settings: Settings, shop: Sessions, tool: str, arguments: dict[str, Any]
) -> None:
    async with clients_of(settings, shop, "olivia") as client:
        result: CallToolResult = await client.call_tool(tool, arguments)

    assert not result.is_error, text_of(result)


async def test_an_unknown_and_a_foreign_id_read_the_same(settings: Settings, shop: Sessions) -> None:
    async with clients_of(settings, shop, "olivia") as client:
        foreign, unknown = [await _about(client, id) for id in ("#W3", "#W9")]

    assert foreign == [said.replace("#W9", "#W3") for said in unknown]


async def _about(client: Client, order_id: str) -> list[str]:
    calls = {tool: call | {"order_id": order_id} for tool, call in CALLS.items() if "order_id" in call}
    return [text_of(await client.call_tool(tool, call)) for tool, call in calls.items()]
