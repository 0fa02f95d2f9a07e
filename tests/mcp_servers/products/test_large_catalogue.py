"""A catalogue of thousands of products: searched without holding up others, and never from an old edition."""

import asyncio
import gc
import shutil
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from sqlalchemy import insert

from storage.db import Sessions, open_sessions, writing
from storage.moving.contents import fill, replacing
from storage.settings import Settings
from storage.shop.products import Product, Variant
from storage.shop.shop import Origin
from tests.clients import caller, client_of, server_for
from tests.factories import add_product, variant

MANY, EACH = 5_000, 6
SHORT = 0.2
"""The longest the event loop may stand still, as a share of a call that reads the whole catalogue."""

Row = dict[str, Any]


def catalogue(count: int, word: str = "lamp") -> tuple[list[Row], list[Row]]:
    same = {"description": "For desk and floor.", "keywords": "램프 조명", "currency": "USD"}
    products = [
        {"id": f"p{place}", "position": place, "name": f"{word} {place}", "category": f"kind {place % 5}"} | same
        for place in range(count)
    ]
    variants = [
        {"item_id": f"p{place}-{n}", "product_id": f"p{place}", "position": n, "price": 100 + place}
        | {"options": {"color": str(n), "size": "L"}, "available": n > 0}
        for place in range(count)
        for n in range(EACH)
    ]
    return products, variants


@pytest.fixture(scope="module")
def filled(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "shop.db"
    shutil.copy(migrated, path)
    asyncio.run(fill_large(f"sqlite+aiosqlite:///{path}"))
    return path


async def fill_large(url: str) -> None:
    products, variants = catalogue(MANY)
    async with open_sessions(url) as sessions, writing(sessions) as session:
        await session.execute(insert(Product), products)
        await session.execute(insert(Variant), variants)


@pytest.fixture
async def large(settings: Settings, filled: Path) -> AsyncIterator[Sessions]:
    shutil.copy(filled, settings.shopdesk_home / "shop.db")
    async with open_sessions(settings.database) as sessions:
        yield sessions


@pytest.fixture
def settled() -> Iterator[None]:
    """Keep the collector from looking through all that tests have left, as a server does that has started."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


async def longest_hold(stop: asyncio.Event) -> float:
    """Return the longest that the event loop stood still, in processor time: other programs do not count."""
    longest, before = 0.0, time.thread_time()
    while not stop.is_set():
        await asyncio.sleep(0)
        longest, before = max(longest, time.thread_time() - before), time.thread_time()
    return longest


async def ids(client: Client, query: str, **more: object) -> Sequence[str]:
    result = await client.call_tool("search_products", {"query": query, **more})
    return [product["product_id"] for product in (result.structured_content or {})["products"]]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search_products", {"query": "lamp"}),
        ("search_products", {"query": "램프", "max_price": 1}),
        ("recommend_products", {"product_id": "p7"}),
        ("recommend_products", {"query": "조명 lamp"}),
    ],
)
async def test_a_search_of_a_large_catalogue_does_not_hold_up_others(
    settings: Settings, large: Sessions, settled: None, tool: str, arguments: dict[str, Any]
) -> None:
    async with client_of(server_for(settings, large, caller(None), ["products"])) as client:
        await client.call_tool("get_product", {"product_id": "p1"})
        stop = asyncio.Event()
        watching = asyncio.create_task(longest_hold(stop))
        began = time.process_time()
        result = await client.call_tool(tool, arguments)
        took = time.process_time() - began
        stop.set()
        held = await watching

    assert not result.is_error
    assert held < SHORT * took


async def test_the_pages_of_a_large_catalogue_show_each_product_once(settings: Settings, large: Sessions) -> None:
    async with client_of(server_for(settings, large, caller(None), ["products"])) as client:
        seen, cursor = list[str](), None
        while True:
            asked = {"query": "램프", "limit": 20, "max_price": 350, **({"cursor": cursor} if cursor else {})}
            page = (await client.call_tool("search_products", asked)).structured_content or {}
            seen += [product["product_id"] for product in page["products"]]
            cursor = page.get("next_cursor")
            if cursor is None:
                break

    assert seen == [f"p{place}" for place in range(251)]


async def test_what_another_process_imports_is_found_at_once(settings: Settings, sessions: Sessions) -> None:
    async def load(word: str) -> None:
        products, variants = catalogue(3, word)
        async with (
            open_sessions(settings.database) as other,
            replacing(other, Origin.IMPORTED, "USD", replace=True) as session,
        ):
            await fill(session, {Product: products, Variant: variants}, lambda _: None)

    await load("sofa")
    async with client_of(server_for(settings, sessions, caller(None), ["products"])) as client:
        before = [await ids(client, word) for word in ("sofa", "kettle")]
        await load("kettle")
        after = [await ids(client, word) for word in ("sofa", "kettle")]

    assert (before, after) == ([["p0", "p1", "p2"], []], [[], ["p0", "p1", "p2"]])


async def test_a_price_and_what_is_available_are_those_of_now(settings: Settings, sessions: Sessions) -> None:
    product = await add_product(sessions, id="kettle", name="Kettle", variants=[variant(price=100)])
    async with client_of(server_for(settings, sessions, caller(None), ["products"])) as client:
        before = await ids(client, "kettle", max_price=100)
        async with writing(sessions) as session:
            (await session.get_one(Variant, product.variants[0].item_id)).price = 101
        dearer = await ids(client, "kettle", max_price=100)
        async with writing(sessions) as session:
            (await session.get_one(Variant, product.variants[0].item_id)).available = False
        sold_out = await ids(client, "kettle")

    assert (before, dearer, sold_out) == (["kettle"], [], [])
