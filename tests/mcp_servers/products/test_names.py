"""A product with names in two languages is found by either, and told by the caller's, also in orders."""

from typing import Any

import pytest

from mcp_servers.products.terms import kinds, subjects_of
from storage.db import Sessions
from storage.settings import Settings
from tests.clients import caller, client_of, server_for
from tests.factories import add_customer, add_order, add_product, line, variant

NAMES = {"en": "Desk Lamp", "ko": "책상 스탠드"}


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_customer(sessions, id="olivia")
    given: dict[str, Any] = {"category": "home", "description": "", "keywords": ""}
    await add_product(sessions, id="lamp", name="Desk Lamp", names={"ko": "책상 스탠드"}, **given)
    await add_product(sessions, id="socks", name="양말", names={"en": "Socks"}, **given, variants=[variant("1002")])
    # What was bought under another name keeps it.
    bought = [line("1001", product_id="lamp", name="Desk Lamp"), line("1000", product_id="lamp", name="Old Lamp")]
    await add_order(sessions, id="#W1", customer_id="olivia", lines=bought)
    return sessions


async def call(settings: Settings, shop: Sessions, language: str, tool: str, **arguments: object) -> dict[str, Any]:
    server = server_for(settings, shop, caller("olivia", language=language), ["products", "orders"])
    async with client_of(server) as client:
        return (await client.call_tool(tool, arguments)).structured_content or {}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("query", ["desk lamp", "책상 스탠드", "스탠드 있어요?"])
async def test_a_product_is_found_by_either_name_and_told_by_the_caller_s(
    settings: Settings, shop: Sessions, language: str, query: str
) -> None:
    found = await call(settings, shop, language, "search_products", query=query)
    one = await call(settings, shop, language, "get_product", product_id="lamp")

    assert [product["name"] for product in found["products"]] == [NAMES[language]]
    assert one["name"] == NAMES[language]


async def test_a_shop_whose_own_names_are_korean_tells_english_callers_the_english_one(
    settings: Settings, shop: Sessions
) -> None:
    found = await call(settings, shop, "en", "search_products", query="socks")
    like = await call(settings, shop, "ko", "recommend_products", product_id="socks")

    assert [product["name"] for product in found["products"]] == ["Socks"]
    assert "양말" in like["products"][0]["reason"]


@pytest.mark.parametrize("language", ["en", "ko"])
async def test_an_order_tells_the_name_in_the_caller_s_language(
    settings: Settings, shop: Sessions, language: str
) -> None:
    order = await call(settings, shop, language, "get_order", order_id="#W1")
    listed = await call(settings, shop, language, "list_orders")

    assert [one["name"] for one in order["lines"]] == [NAMES[language], "Old Lamp"]
    assert listed["orders"][0]["items"] == [NAMES[language], "Old Lamp"]


def test_no_two_kinds_of_things_are_called_the_same() -> None:
    called = [
        (name, phrase) for name, kind in kinds().items() for language in ("en", "ko") for phrase in kind[language]
    ]

    assert [(name, phrase) for name, phrase in called if subjects_of(phrase)[-1].kind != name] == []
