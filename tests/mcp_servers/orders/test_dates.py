"""An order tells when it was placed, who carries it since when, and when it should come: by whom that is said."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.orders import OrderStatus, Shipment
from tests.clients import caller, client_of, server_for
from tests.factories import ADDRESS, add_customer, add_order, line

MONDAY = datetime(2126, 3, 4, 9, 30, tzinfo=UTC)
"""Far enough ahead that nothing is overdue."""


def parcel(
    carrier: str | None = "UPS",
    shipped_on: date | None = date(2126, 3, 5),
    expected_on: date | None = date(2126, 3, 11),
    *,
    number: int = 1,
    item_ids: tuple[str, ...] = ("1001",),
) -> Shipment:
    return Shipment(
        number=number,
        tracking_ids=[f"35796250102{number}"],
        item_ids=list(item_ids),
        carrier=carrier,
        shipped_on=shipped_on,
        expected_on=expected_on,
    )


async def told(settings: Settings, sessions: Sessions, customer_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What get_order and list_orders tell of a customer's only order."""
    async with client_of(server_for(settings, sessions, caller(customer_id), ["orders"])) as client:
        listed = (await client.call_tool("list_orders", {})).structured_content or {}
        [row] = listed["orders"]
        order = (await client.call_tool("get_order", {"order_id": row["order_id"]})).structured_content or {}
    return order, row


def dates_of(result: dict[str, Any]) -> dict[str, Any]:
    names = ("ordered_on", "expected_on", "expected_by", "overdue", "carrier", "carriers", "shipped_on")
    return {name: result[name] for name in names if name in result}


async def test_a_parcel_comes_on_its_carriers_date(settings: Settings, sessions: Sessions) -> None:
    order = await add_order(sessions, status=OrderStatus.PROCESSED, ordered_at=MONDAY, shipments=[parcel()])

    shown, row = await told(settings, sessions, order.customer_id)

    arrives = {"expected_on": "2126-03-11", "expected_by": "carrier"}
    assert dates_of(shown) == {"ordered_on": "2126-03-04", **arrives}
    assert dates_of(shown["shipments"][0]) == {"carrier": "UPS", "shipped_on": "2126-03-05", **arrives}
    assert dates_of(row) == {"ordered_on": "2126-03-04", "carriers": ["UPS"], "shipped_on": "2126-03-05", **arrives}


@pytest.mark.parametrize(
    ("shipped_on", "country", "expected"),
    [
        (date(2126, 3, 5), "USA", "2126-03-12"),
        (None, "USA", "2126-03-13"),
        (date(2126, 3, 5), "Germany", "2126-03-25"),
    ],
    ids=["by the day it left", "by the day it was ordered", "abroad"],
)
async def test_where_the_carrier_gives_no_date_the_shops_own_rules_do_and_say_so(
    settings: Settings, sessions: Sessions, shipped_on: date | None, country: str, expected: str
) -> None:
    customer = await add_customer(sessions, address={**ADDRESS, "country": country})
    sent = [parcel(shipped_on=shipped_on, expected_on=None)]
    await add_order(sessions, customer_id=customer.id, status=OrderStatus.PROCESSED, ordered_at=MONDAY, shipments=sent)

    shown, row = await told(settings, sessions, customer.id)

    assert [(one["expected_on"], one["expected_by"]) for one in (shown, shown["shipments"][0], row)] == [
        (expected, "shop rules")
    ] * 3


async def test_an_order_that_has_not_left_is_estimated_from_the_day_it_was_placed(
    settings: Settings, sessions: Sessions
) -> None:
    order = await add_order(sessions, ordered_at=MONDAY)

    shown, row = await told(settings, sessions, order.customer_id)

    told_of = {"ordered_on": "2126-03-04", "expected_on": "2126-03-13", "expected_by": "shop rules"}
    assert (dates_of(shown), dates_of(row)) == (told_of, told_of)


async def test_an_order_in_parts_is_complete_with_the_last_of_them(settings: Settings, sessions: Sessions) -> None:
    order = await add_order(
        sessions,
        status=OrderStatus.PROCESSED,
        ordered_at=MONDAY,
        lines=[line("1001"), line("1002"), line("1003")],
        shipments=[
            parcel(expected_on=date(2126, 3, 7)),
            parcel("FedEx", date(2126, 3, 6), date(2126, 3, 8), number=2, item_ids=("1002",)),
        ],
    )

    shown, row = await told(settings, sessions, order.customer_id)

    assert (shown["expected_on"], shown["expected_by"]) == ("2126-03-13", "shop rules")
    assert [one["expected_on"] for one in shown["shipments"]] == ["2126-03-07", "2126-03-08"]
    assert (row["carriers"], row["shipped_on"]) == (["UPS", "FedEx"], "2126-03-06")


async def test_a_day_that_has_passed_is_overdue(settings: Settings, sessions: Sessions) -> None:
    shipped = parcel(shipped_on=date(2026, 3, 3), expected_on=date(2026, 3, 6))
    order = await add_order(sessions, status=OrderStatus.PROCESSED, shipments=[shipped])

    shown, row = await told(settings, sessions, order.customer_id)

    assert [one["overdue"] for one in (shown, shown["shipments"][0], row)] == [True] * 3


@pytest.mark.parametrize("status", [OrderStatus.DELIVERED, OrderStatus.CANCELLED, OrderStatus.RETURN_REQUESTED])
async def test_nothing_is_expected_of_an_order_that_is_there_or_will_not_come(
    settings: Settings, sessions: Sessions, status: OrderStatus
) -> None:
    order = await add_order(sessions, status=status)

    shown, row = await told(settings, sessions, order.customer_id)

    assert (dates_of(shown), dates_of(row)) == ({"ordered_on": "2026-03-02"},) * 2


async def test_the_shop_names_no_day_where_it_has_no_rule_and_the_carrier_no_date(
    settings: Settings, sessions: Sessions
) -> None:
    seoul = settings.model_copy(update={"delivery_days": "none", "shop_timezone": "Asia/Seoul"})
    order = await add_order(sessions, ordered_at=datetime(2126, 3, 4, 20, 0, tzinfo=UTC))

    shown, row = await told(seoul, sessions, order.customer_id)

    assert (dates_of(shown), dates_of(row)) == ({"ordered_on": "2126-03-05"},) * 2
