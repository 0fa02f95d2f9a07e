"""Finding products and looking them up."""

from collections.abc import Sequence
from typing import Any

import pytest

from storage.db import Sessions
from storage.settings import Settings
from tests.clients import caller, client_of, server_for, text_of
from tests.factories import add_customer, add_product, variant


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_customer(sessions, id="olivia")
    await add_product(sessions, id="earbuds", name="Wireless Earbuds", category="audio", keywords="이어폰 무선")
    await add_product(sessions, id="headphones", name="Wireless Headphones", category="audio", keywords="헤드폰 무선")
    await add_product(sessions, id="kettle", name="Electric Kettle", category="kitchen", keywords="전기포트 주전자")
    return sessions


async def call(
    settings: Settings, shop: Sessions, tool: str, arguments: dict[str, Any], language: str = "en"
) -> tuple[str, dict[str, Any]]:
    async with client_of(server_for(settings, shop, caller("olivia", language=language), ["products"])) as client:
        result = await client.call_tool(tool, arguments)
    return text_of(result), result.structured_content or {}


def ids(found: dict[str, Any]) -> Sequence[str]:
    return [product["product_id"] for product in found["products"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("wireless headphones", ["headphones", "earbuds"]),
        ("kettles", ["kettle"]),
        ("이어폰을", ["earbuds"]),
        ("무선", ["earbuds", "headphones"]),
        ("주전자 있어요?", ["kettle"]),
        ("submarine", []),
    ],
)
async def test_products_are_found_by_words_in_both_languages(
    settings: Settings, shop: Sessions, query: str, expected: list[str]
) -> None:
    _, found = await call(settings, shop, "search_products", {"query": query})

    assert ids(found) == expected


async def test_a_page_ends_where_its_cursor_goes_on(settings: Settings, shop: Sessions) -> None:
    _, first = await call(settings, shop, "search_products", {"query": "wireless", "limit": 1})
    _, second = await call(
        settings, shop, "search_products", {"query": "wireless", "limit": 1, "cursor": first["next_cursor"]}
    )

    assert (ids(first), ids(second)) == (["earbuds"], ["headphones"])
    assert "next_cursor" not in second


async def test_what_costs_more_than_the_highest_price_is_left_out(settings: Settings, shop: Sessions) -> None:
    _, every = await call(settings, shop, "search_products", {"query": "wireless"})
    lowest = min(product["price_from"] for product in every["products"])

    _, none = await call(settings, shop, "search_products", {"query": "wireless", "max_price": lowest - 1})

    assert ids(none) == []


async def test_a_product_is_looked_up_by_its_id_or_an_items(settings: Settings, shop: Sessions) -> None:
    _, by_product = await call(settings, shop, "get_product", {"product_id": "kettle"})
    _, by_item = await call(settings, shop, "get_product", {"item_id": by_product["variants"][0]["item_id"]})

    assert by_item == by_product
    assert by_product["name"] == "Electric Kettle"


async def test_of_a_product_with_too_many_variants_each_is_read_by_its_own_id(
    settings: Settings, shop: Sessions
) -> None:
    last = "item-299"
    await add_product(shop, id="shirt", variants=[variant(f"item-{number}") for number in range(300)])

    _, by_product = await call(settings, shop, "get_product", {"product_id": "shirt"})
    _, by_item = await call(settings, shop, "get_product", {"item_id": last})

    assert by_product["left_out"]["variants"] > 0
    assert last not in [one["item_id"] for one in by_product["variants"]]
    assert [one["item_id"] for one in by_item["variants"]][:2] == [last, "item-0"]


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("get_product", {}, "get_product takes either a product_id or an item_id. Give exactly one of them."),
        (
            "get_product",
            {"product_id": "toaster"},
            "No product toaster was found. Find products by name with search_products.",
        ),
        (
            "search_products",
            {"query": "kettle", "cursor": "bm9wZQ"},
            "This cursor does not belong to this list.",
        ),
        (
            "recommend_products",
            {},
            "recommend_products takes either a product_id or a query.",
        ),
    ],
)
async def test_a_refusal_says_what_to_do(
    settings: Settings, shop: Sessions, tool: str, arguments: dict[str, str], said: str
) -> None:
    text, _ = await call(settings, shop, tool, arguments)

    assert text.startswith(said)


async def test_recommendations_are_of_the_same_kind_and_say_why(settings: Settings, shop: Sessions) -> None:
    _, english = await call(settings, shop, "recommend_products", {"product_id": "earbuds"})
    _, korean = await call(settings, shop, "recommend_products", {"product_id": "earbuds"}, language="ko")

    assert ids(english)[0] == "headphones"
    assert english["products"][0]["reason"].startswith("the same kind of product as Wireless Earbuds (audio)")
    assert "같은 종류" in korean["products"][0]["reason"]
