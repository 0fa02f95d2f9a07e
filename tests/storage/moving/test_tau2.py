"""A tau-bench retail database comes into the shop whole."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage.db import Sessions
from storage.moving.contents import Counts, count_contents
from storage.moving.tau2.file import read_tau2
from storage.moving.tau2.load import load, prepare
from storage.owners import CustomerOnly, Staff
from storage.people.accounts import Account, check_password, find_account
from storage.people.logins import EmailOfStaffError
from storage.settings import REPOSITORY
from storage.shop.customers import Customer, PaymentMethod, get_customer
from storage.shop.orders import CancelReason, OrderStatus, PaymentType, get_order, list_orders
from storage.shop.products import Variant, get_product
from storage.shop.shop import Origin, find_shop
from tests.factories import add_account, add_conversation, add_image, add_ticket
from tests.storage.moving.tau2_shop import KETTLE, Json, small_shop, write

RETAIL = REPOSITORY.parent / "shared" / "data" / "tau2_retail" / "db.json"
needs_retail = pytest.mark.skipif(not RETAIL.is_file(), reason=f"tau-bench's own database is not at {RETAIL}")


async def load_shop(
    sessions: Sessions, shop: Json, folder: Path, *, password: str | None = None, replace: bool = False
) -> Counts:
    rows = prepare(read_tau2(write(shop, folder)), password)
    return await load(sessions, rows, replace=replace, on_progress=lambda _written: None)


@needs_retail
async def test_tau_benchs_own_database_is_loaded_whole(sessions: Sessions) -> None:
    steps: list[int] = []
    rows = prepare(read_tau2(RETAIL), None)

    counts = await load(sessions, rows, replace=False, on_progress=steps.append)

    assert counts == Counts(customers=500, products=50, variants=591, orders=1000, tickets=0)
    assert sum(steps) == sum(len(of_table) for of_table in rows.values())
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(PaymentMethod)) == 695


@needs_retail
async def test_an_order_of_tau_bench_reads_as_in_the_file(sessions: Sessions) -> None:
    await load(sessions, prepare(read_tau2(RETAIL), None), replace=False, on_progress=lambda _written: None)

    async with sessions() as session:
        order = await get_order(session, "W2611340", CustomerOnly("james_li_5688"))

    assert (order.status, order.shipments[0].tracking_ids) == (OrderStatus.PROCESSED, ["357962501027"])
    assert [(line.name, line.price) for line in order.lines] == [("Water Bottle", 4784), ("Office Chair", 48881)]
    assert (order.total, order.payments[0].amount, order.address1) == (53665, 53665, "215 River Road")


@needs_retail
async def test_each_item_of_tau_bench_can_be_found_in_korean(sessions: Sessions) -> None:
    rows = prepare(read_tau2(RETAIL), None)

    without = [row["name"] for model, of_table in rows.items() for row in of_table if row.get("keywords") == ""]

    assert without == []


async def test_a_shop_is_loaded_with_exact_money_and_lower_case_emails(sessions: Sessions, tmp_path: Path) -> None:
    counts = await load_shop(sessions, small_shop(), tmp_path)

    assert counts == Counts(customers=2, products=2, variants=3, orders=3, tickets=0)
    async with sessions() as session:
        customer = await get_customer(session, "james_li_1")
        order = await get_order(session, "#W1", CustomerOnly("james_li_1"))
        shop = await find_shop(session)
    assert customer.email == "james.li@example.com"
    assert [(method.id, method.balance) for method in customer.payment_methods] == [
        ("gift_card_1", 1700),
        ("credit_card_1", None),
        ("paypal_1", None),
    ]
    assert [(line.line, line.item_id, line.price) for line in order.lines] == [
        (1, "K1", 4990),
        (2, "K1", 4990),
        (3, "L1", 2000),
    ]
    assert shop is not None
    assert (shop.origin, shop.currency) == (Origin.IMPORTED, "USD")


async def test_variants_keep_their_order(sessions: Sessions, tmp_path: Path) -> None:
    shop = small_shop()
    shop["products"]["P1"]["variants"] = dict(reversed(shop["products"]["P1"]["variants"].items()))

    await load_shop(sessions, shop, tmp_path)

    async with sessions() as session:
        product = await get_product(session, "P1")
    assert [variant.item_id for variant in product.variants] == ["K2", "K1"]


async def test_a_customers_orders_keep_the_order_of_their_own_list(sessions: Sessions, tmp_path: Path) -> None:
    shop = small_shop()
    shop["users"]["james_li_1"]["orders"] = ["#W3", "#W1"]

    await load_shop(sessions, shop, tmp_path)

    async with sessions() as session:
        own = await list_orders(session, CustomerOnly("james_li_1"), status=None, before=None, limit=5)
        every = await list_orders(session, Staff(), status=None, before=None, limit=5)
    assert [order.id for order in own] == ["#W1", "#W3"]
    assert [order.id for order in every] == ["#W1", "#W2", "#W3"]


@pytest.mark.parametrize("spelling", ["pending (item modified)", "pending (items modifed)"])
async def test_changed_orders_are_read_in_tau_benchs_spelling(
    sessions: Sessions, tmp_path: Path, spelling: str
) -> None:
    shop = small_shop()
    shop["orders"]["#W1"]["status"] = spelling

    await load_shop(sessions, shop, tmp_path)

    async with sessions() as session:
        assert (await get_order(session, "#W1", Staff())).status is OrderStatus.ITEMS_CHANGED


async def test_a_cancelled_order_keeps_its_reason_and_its_refund(sessions: Sessions, tmp_path: Path) -> None:
    shop = small_shop()
    refund = {"transaction_type": "refund", "amount": 119.8, "payment_method_id": "credit_card_1"}
    shop["orders"]["#W1"] |= {"status": "cancelled", "cancel_reason": "ordered by mistake"}
    shop["orders"]["#W1"]["payment_history"].append(refund)

    await load_shop(sessions, shop, tmp_path)

    async with sessions() as session:
        order = await get_order(session, "#W1", Staff())
    assert order.cancel_reason is CancelReason.ORDERED_BY_MISTAKE
    assert [(payment.type, payment.amount) for payment in order.payments] == [
        (PaymentType.PAYMENT, 11980),
        (PaymentType.REFUND, 11980),
    ]


async def test_a_requested_return_keeps_what_was_asked_for(sessions: Sessions, tmp_path: Path) -> None:
    shop = small_shop()
    asked = {"return_items": ["K1"], "return_payment_method_id": "gift_card_1"}
    shop["orders"]["#W3"] |= {"status": "return requested"} | asked

    await load_shop(sessions, shop, tmp_path)

    async with sessions() as session:
        order = await get_order(session, "#W3", Staff())
    assert (order.status, order.return_item_ids) == (OrderStatus.RETURN_REQUESTED, ["K1"])
    assert order.return_payment_method_id == "gift_card_1"


async def test_a_requested_exchange_keeps_what_was_asked_for(sessions: Sessions, tmp_path: Path) -> None:
    shop = small_shop()
    shop["orders"]["#W3"] |= {
        "status": "exchange requested",
        "exchange_items": ["K1"],
        "exchange_new_items": ["K2"],
        "exchange_payment_method_id": "paypal_1",
        "exchange_price_difference": -10.05,
    }

    await load_shop(sessions, shop, tmp_path)

    async with sessions() as session:
        order = await get_order(session, "#W3", Staff())
    assert (order.exchange_item_ids, order.exchange_new_item_ids) == (["K1"], ["K2"])
    assert (order.exchange_payment_method_id, order.exchange_price_difference) == ("paypal_1", -1005)


async def test_a_password_lets_every_customer_log_in(sessions: Sessions, tmp_path: Path) -> None:
    await load_shop(sessions, small_shop(), tmp_path, password="open sesame")

    async with sessions() as session:
        hashes = set(await session.scalars(select(Account.password_hash)))
        account = await find_account(session, "JAMES.LI@example.com")
    assert len(hashes) == 1
    assert check_password(account, "open sesame").customer_id == "james_li_1"


async def test_without_a_password_no_customer_can_log_in(sessions: Sessions, tmp_path: Path) -> None:
    await load_shop(sessions, small_shop(), tmp_path)

    async with sessions() as session:
        assert (await session.scalars(select(Account))).all() == []


async def test_loading_deletes_the_old_shops_tickets_chats_and_pictures(sessions: Sessions, tmp_path: Path) -> None:
    ticket = await add_ticket(sessions)
    await add_conversation(sessions, customer_id=ticket.customer_id)
    await add_image(sessions, b"a picture", customer_id=ticket.customer_id)
    staff = await add_account(sessions)

    await load_shop(sessions, small_shop(), tmp_path, replace=True)

    async with sessions() as session:
        left = {
            table.name: await session.scalar(select(func.count()).select_from(table))
            for table in Customer.metadata.sorted_tables
        }
        staff_left = await session.get(Account, staff.id)
    assert staff_left is not None
    assert {name: number for name, number in left.items() if number} == {
        "customers": 2,
        "payment_methods": 6,
        "products": 2,
        "variants": 3,
        "orders": 3,
        "order_lines": 5,
        "shipments": 2,
        "payments": 3,
        "accounts": 1,
        "shop": 1,
    }


async def test_a_customer_with_the_email_of_staff_is_refused(sessions: Sessions, tmp_path: Path) -> None:
    await add_account(sessions, email="mia.kim@example.com")

    with pytest.raises(EmailOfStaffError, match=r"mia\.kim@example\.com is a customer's email"):
        await load_shop(sessions, small_shop(), tmp_path, password="open sesame")

    async with sessions() as session:
        assert (await count_contents(session)).customers == 0


async def test_an_order_may_hold_an_item_of_another_price_than_today(sessions: Sessions, tmp_path: Path) -> None:
    shop = small_shop()
    shop["orders"]["#W3"]["items"] = [KETTLE | {"price": 44.44}]
    shop["orders"]["#W3"]["payment_history"][0]["amount"] = 44.44

    await load_shop(sessions, shop, tmp_path)

    async with sessions() as session:
        order = await get_order(session, "#W3", Staff())
        today = await session.get(Variant, "K1")
    assert today is not None
    assert (order.lines[0].price, today.price) == (4444, 4990)


async def test_ids_that_name_each_other_in_another_spelling_are_the_ones_they_mean(
    sessions: Sessions, tmp_path: Path
) -> None:
    shop = small_shop()
    shop["users"]["james_li_1"] |= {"user_id": "James_Li_1", "orders": ["w1", "＃W3"]}
    shop["products"]["P1"] |= {"product_id": "p1"}
    returned = shop["orders"]["#W3"]
    returned |= {"user_id": "JAMES_LI_1", "order_id": "W3", "status": "return requested", "return_items": ["k 1"]}
    returned |= {"return_payment_method_id": "Credit_Card_1"}
    returned["items"][0] |= {"product_id": "p-1", "item_id": "k1"}
    returned["fulfillments"][0]["item_ids"] = ["K-1"]
    returned["payment_history"][0]["payment_method_id"] = "CREDIT_CARD_1"

    await load_shop(sessions, shop, tmp_path)

    async with sessions() as session:
        order = await get_order(session, "#W3", CustomerOnly("james_li_1"))
        mine = await list_orders(session, CustomerOnly("james_li_1"), status=None, before=None, limit=9)
    assert [(line.product_id, line.item_id) for line in order.lines] == [("P1", "K1")]
    assert (order.shipments[0].item_ids, order.return_item_ids) == (["K1"], ["K1"])
    assert (order.payments[0].payment_method_id, order.return_payment_method_id) == ("credit_card_1", "credit_card_1")
    assert [each.id for each in mine] == ["#W3", "#W1"]
