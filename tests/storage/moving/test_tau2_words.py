"""What the order tools did to an imported shop goes out in tau-bench's own words, and comes back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage.db import Sessions
from storage.moving.tau2.export import OtherCurrencyError, export_tau2
from storage.moving.tau2.file import read_tau2
from storage.moving.tau2.load import load, prepare
from storage.settings import Settings
from tests.clients import Customer, caller, client_of, server_for
from tests.factories import add_product
from tests.storage.moving.tau2_shop import KETTLE, LAMP, order, small_shop, write

Json = dict[str, Any]

JAMES = "james_li_1"
KETTLE_2 = KETTLE | {"item_id": "K2", "price": 59.95}


def shop_with(*, status: str) -> Json:
    """The small shop, where #W1 (two kettles and a lamp, 119.80 by card) stands like this."""
    shop = small_shop()
    shop["users"][JAMES]["email"] = "james.li@example.com"
    shop["orders"]["#W1"] = order("#W1", JAMES, status, [KETTLE, KETTLE, LAMP], 119.8)
    return shop


def payment(kind: str, amount: float, method: str) -> Json:
    return {"transaction_type": kind, "amount": amount, "payment_method_id": method}


async def load_shop(sessions: Sessions, shop: Json, folder: Path) -> None:
    rows = prepare(read_tau2(write(shop, folder)), None)
    await load(sessions, rows, replace=True, on_progress=lambda _written: None)


async def export(sessions: Sessions) -> Json:
    async with sessions() as session:
        return dict(json.loads(json.dumps(await export_tau2(session))))


def cancelled(shop: Json) -> None:
    order = shop["orders"]["#W1"]
    order |= {"status": "cancelled", "cancel_reason": "ordered by mistake"}
    order["payment_history"].append(payment("refund", 119.8, "credit_card_1"))


def items_changed(shop: Json) -> None:
    order = shop["orders"]["#W1"]
    order |= {"status": "pending (item modified)", "items": [KETTLE_2, KETTLE, LAMP]}
    order["payment_history"].append(payment("payment", 10.05, "gift_card_1"))
    shop["users"][JAMES]["payment_methods"]["gift_card_1"]["balance"] = 6.95


def payment_changed(shop: Json) -> None:
    shop["orders"]["#W1"]["payment_history"] += [
        payment("payment", 119.8, "paypal_1"),
        payment("refund", 119.8, "credit_card_1"),
    ]


def return_requested(shop: Json) -> None:
    shop["orders"]["#W1"] |= {
        "status": "return requested",
        "return_items": ["K1", "L1"],
        "return_payment_method_id": "gift_card_1",
    }


def exchange_requested(shop: Json) -> None:
    shop["orders"]["#W1"] |= {
        "status": "exchange requested",
        "exchange_items": ["K1", "L1"],
        "exchange_new_items": ["K2", "L1"],
        "exchange_payment_method_id": "paypal_1",
        "exchange_price_difference": 10.05,
    }


@pytest.mark.parametrize(
    ("status", "tool", "arguments", "expect"),
    [
        ("pending", "cancel_order", {"reason": "ordered by mistake"}, cancelled),
        (
            "pending",
            "change_order_items",
            {"item_ids": ["K1"], "new_item_ids": ["K2"], "payment_method_id": "gift_card_1"},
            items_changed,
        ),
        ("pending", "change_order_payment", {"payment_method_id": "paypal_1"}, payment_changed),
        (
            "delivered",
            "return_items",
            {"item_ids": ["L1", "K1"], "payment_method_id": "gift_card_1"},
            return_requested,
        ),
        (
            "delivered",
            "exchange_items",
            {"item_ids": ["L1", "K1"], "new_item_ids": ["L1", "K2"], "payment_method_id": "paypal_1"},
            exchange_requested,
        ),
    ],
)
async def test_a_changed_order_goes_out_in_tau_benchs_words_and_comes_back_the_same(
    settings: Settings,
    sessions: Sessions,
    tmp_path: Path,
    status: str,
    tool: str,
    arguments: Json,
    expect: Callable[[Json], None],
) -> None:
    await load_shop(sessions, shop_with(status=status), tmp_path)
    server = server_for(settings, sessions, caller(JAMES), ["orders"])

    async with client_of(server, Customer(says_yes=True)) as client:
        result = await client.call_tool(tool, {"order_id": "#W1", **arguments})

    assert result.structured_content is not None
    assert result.structured_content["status"] == "done"
    expected = shop_with(status=status)
    expect(expected)
    assert await export(sessions) == expected
    await load_shop(sessions, expected, tmp_path)
    assert await export(sessions) == expected


async def test_a_shop_in_another_currency_is_refused_with_the_way_out(sessions: Sessions) -> None:
    product = await add_product(sessions)
    async with sessions.begin() as session:
        (await session.merge(product)).currency = "KRW"

    with pytest.raises(OtherCurrencyError, match=r"prices in KRW.*export csv DIR"):
        await export(sessions)
