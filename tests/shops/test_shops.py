"""Other people's shops, in the files their systems export: taken in by the commands of the README, and asked."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from storage.db import open_sessions
from storage.settings import Settings
from storage.shop.customers import find_customers
from tests.clients import caller, client_of, server_for
from tests.scripts.command import shopdesk

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

HERE = Path(__file__).parent
SHOPS = {
    "books": ("products_export_1.csv", "orders_export_1.csv", "USD"),
    "groceries": ("products.csv", "orders.csv", "KRW"),
    "parts": ("wc-product-export.csv", "orders.csv", "EUR"),
}
LOOKED_THROUGH = {"policies": 5, "products": 3}
QUESTIONS = 60
UNANSWERED = 1
"""How many of a shop's questions its own data may leave unanswered."""


async def taken_in(name: str) -> None:
    """Run the three commands that bring a shop in, as its owner would."""
    products, orders, currency = SHOPS[name]
    folder = HERE / name
    for command in (
        ("import", "products", str(folder / products), "--currency", currency),
        ("import", "orders", str(folder / orders)),
        ("ingest", str(folder / "handbook"), "--only"),
    ):
        done = await shopdesk(*command)
        assert (done.code, done.complained.strip()) == (0, ""), f"{command}: {done.said}{done.complained}"


async def called(client: Client, tool: str, **arguments: object) -> Mapping[str, Any] | None:
    """Return what a tool tells, or None if it refuses."""
    result = await client.call_tool(tool, arguments)
    return None if result.is_error else result.structured_content


def of_policies(asked: Mapping[str, Any], told: Mapping[str, Any] | None) -> bool:
    """Whether a passage among the first says what answers."""
    return told is not None and any(asked["says"] in one["text"] for one in told["passages"])


def of_products(asked: Mapping[str, Any], told: Mapping[str, Any] | None) -> bool:
    """Whether the product is among the first."""
    return told is not None and asked["finds"] in [one["product_id"] for one in told["products"]]


def of_orders(asked: Mapping[str, Any], told: Mapping[str, Any] | None) -> bool:
    """Whether the customer sees the order as it is; somebody else's is not found."""
    if told is None or asked.get("refused"):
        return told is None and bool(asked.get("refused"))
    names = [line["name"] for line in told["lines"]]
    facts = {field: told[field] for field in ("status", "total") if field in asked}
    parcels = [number for parcel in told["shipments"] for number in parcel["tracking_ids"]]
    return (
        facts == {field: asked[field] for field in facts}
        and asked.get("lines", names[0]) in names
        and asked.get("tracking") in {None, *parcels}
    )


async def answered(client: Client, kind: str, asked: Mapping[str, Any]) -> bool:
    """Ask a shop's tools one question."""
    text = asked.get("en") or asked.get("ko", "")
    if kind == "policies":
        return of_policies(asked, await called(client, "search_policies", query=text, limit=LOOKED_THROUGH[kind]))
    if kind == "products":
        return of_products(asked, await called(client, "search_products", query=text, limit=LOOKED_THROUGH[kind]))
    return of_orders(asked, await called(client, "get_order", order_id=asked["order"]))


@pytest.mark.parametrize("name", SHOPS)
async def test_another_shop_answers_its_customers_from_its_own_data(settings: Settings, name: str) -> None:
    await taken_in(name)
    asked = tomllib.loads((HERE / name / "questions.toml").read_text("utf-8"))
    missed = []
    async with open_sessions(settings.database) as sessions:
        for kind, questions in asked.items():
            for one in questions:
                async with sessions() as session:
                    found = await find_customers(session, email=one["email"]) if kind == "orders" else []
                who = caller(found[0].id if found else None)
                async with client_of(server_for(settings, sessions, who)) as client:
                    if not await answered(client, kind, one):
                        missed.append((kind, one))

    assert len(missed) <= UNANSWERED, "\n".join(map(str, missed))
    assert sum(map(len, asked.values())) == QUESTIONS
    languages = Counter(language for one in asked["policies"] for language in ("en", "ko") if language in one)
    assert min(languages.values()) >= QUESTIONS // 4
