"""What was imported from tau-bench goes back out as it came, and what changed since in tau-bench's own words."""

import json
from pathlib import Path
from typing import Any

import pytest

from storage.db import Sessions
from storage.moving.contents import count_contents
from storage.moving.fingerprint import take_fingerprint
from storage.moving.tau2.export import export_tau2
from storage.moving.tau2.file import read_tau2
from storage.moving.tau2.load import load, prepare
from storage.settings import REPOSITORY
from storage.shop.orders import OrderStatus
from tests.factories import add_customer, add_order, line
from tests.storage.moving.tau2_shop import small_shop, write

RETAIL = REPOSITORY.parent / "shared" / "data" / "tau2_retail" / "db.json"


async def load_file(sessions: Sessions, path: Path) -> None:
    rows = prepare(read_tau2(path), None)
    await load(sessions, rows, replace=True, on_progress=lambda _written: None)


async def export(sessions: Sessions) -> dict[str, Any]:
    async with sessions() as session:
        return dict(json.loads(json.dumps(await export_tau2(session))))


@pytest.mark.skipif(not RETAIL.is_file(), reason=f"tau-bench's own database is not at {RETAIL}")
async def test_tau_benchs_own_database_goes_out_as_it_came(sessions: Sessions) -> None:
    await load_file(sessions, RETAIL)

    exported = await export(sessions)

    retail = json.loads(RETAIL.read_text())
    assert exported == retail
    assert [list(exported[table]) for table in retail] == [list(retail[table]) for table in retail]


async def test_changed_orders_go_out_as_they_came(sessions: Sessions, tmp_path: Path) -> None:
    shop = small_shop()
    orders = shop["orders"]
    orders["#W1"] |= {"status": "pending (item modified)"}
    orders["#W2"] |= {
        "status": "return requested",
        "return_items": ["L1"],
        "return_payment_method_id": "gift_card_1",
    }
    orders["#W3"] |= {
        "status": "exchange requested",
        "exchange_items": ["K1"],
        "exchange_new_items": ["K2"],
        "exchange_payment_method_id": "paypal_1",
        "exchange_price_difference": 10.05,
    }
    shop["users"]["james_li_1"]["email"] = "james.li@example.com"
    await load_file(sessions, write(shop, tmp_path))

    assert await export(sessions) == shop


async def test_items_of_a_return_go_out_sorted(sessions: Sessions) -> None:
    customer = await add_customer(sessions)
    bought = [line("1003"), line("1001"), line("1002")]
    order = await add_order(sessions, customer_id=customer.id, status=OrderStatus.RETURN_REQUESTED, lines=bought)

    exported = (await export(sessions))["orders"][order.id]

    assert exported["return_items"] == ["1001", "1002", "1003"]
    assert [item["item_id"] for item in exported["items"]] == ["1003", "1001", "1002"]


async def test_the_demo_shop_goes_out_and_comes_back(demo_sessions: Sessions, tmp_path: Path) -> None:
    first = await export(demo_sessions)

    await load_file(demo_sessions, write(first, tmp_path))

    assert await export(demo_sessions) == first
    async with demo_sessions() as session:
        assert str(await count_contents(session)) == "200 customers, 60 products (320 variants), 600 orders, 0 tickets"


async def test_the_same_file_gives_the_same_fingerprint(sessions: Sessions, tmp_path: Path) -> None:
    fingerprints = []
    for _ in range(2):
        await load_file(sessions, write(small_shop(), tmp_path))
        async with sessions() as session:
            fingerprints.append(await take_fingerprint(session))

    assert fingerprints[0] == fingerprints[1]
