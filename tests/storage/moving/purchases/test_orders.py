"""Orders as shop systems export them, brought into a shop."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.db import Sessions, writing
from storage.moving.catalogues.files import ProductsFileError
from storage.moving.catalogues.reading import read_table
from storage.moving.purchases.drafts import OrderDrafts
from storage.moving.purchases.load import OrderPlan, load_orders
from storage.moving.purchases.mapping import read_orders
from storage.moving.purchases.maps import choose_order_map
from storage.owners import Staff
from storage.shop.customers import Customer, find_customers
from storage.shop.orders import Order, OrderStatus, PaymentType, get_order
from tests.factories import add_order, add_product, add_shop, variant
from tests.storage.moving.purchases.exports import CAFE24, SHOPIFY


def drafts_of(path: Path, text: str, currency: str, *, fix: bool = False) -> OrderDrafts:
    path.write_text(text, encoding="utf-8")
    table = read_table(path)
    return read_orders(table, choose_order_map(None, table.header, path), currency, fix=fix)


async def load(sessions: Sessions, path: Path, text: str, currency: str = "USD") -> OrderPlan:
    drafts = drafts_of(path, text, currency)
    assert drafts.problems == []
    return await load_orders(sessions, path, drafts, currency, lambda _: None)


async def order(sessions: Sessions, order_id: str) -> Order:
    async with sessions() as session:
        return await get_order(session, order_id, Staff())


async def customer(sessions: Sessions, email: str) -> Customer:
    async with sessions() as session:
        [found] = await find_customers(session, email=email)
        return found


async def test_orders_of_shopify_have_their_items_customers_and_amounts(sessions: Sessions, tmp_path: Path) -> None:
    await add_shop(sessions)
    await add_product(sessions, id="mug", name="Mug", variants=[variant("MUG-R", options={"color": "red"})])

    plan = await load(sessions, tmp_path / "orders.csv", SHOPIFY)
    first, second, third = [await order(sessions, one) for one in ("#1001", "#1002", "#1003")]
    ana = await customer(sessions, "ana@example.com")

    assert (len(plan.new), plan.newcomers, plan.unknown) == (3, 2, {"LAMP"})
    assert (ana.first_name, ana.last_name, ana.zip, ana.id) == ("Ana", "Lee", "78701", "ana")
    assert [(line.item_id, line.product_id, line.price) for line in first.lines] == [
        ("MUG-R", "mug", 1100),
        ("MUG-R", "mug", 1100),
        ("LAMP", "LAMP", 3300),
    ]
    assert first.lines[0].options == {"color": "red"}
    assert (first.status, first.total, first.customer_id) == (OrderStatus.DELIVERED, 5500, ana.id)
    assert first.ordered_at == datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
    assert [(one.type, one.amount, one.payment_method_id) for one in first.payments] == [
        (PaymentType.PAYMENT, 5500, "paypal")
    ]
    assert (second.status, third.status) == (OrderStatus.PENDING, OrderStatus.CANCELLED)
    assert [one.amount for one in third.payments] == [3000, 3000]
    # Oldest first, as customers see them in a list.
    assert second.position < first.position < third.position


async def test_orders_of_cafe24_are_in_won_and_on_their_way(sessions: Sessions, tmp_path: Path) -> None:
    await load(sessions, tmp_path / "주문.csv", CAFE24, "KRW")
    found = await order(sessions, "20260302-0000011")
    mina = await customer(sessions, "mina@example.com")

    assert (found.status, found.total, found.currency) == (OrderStatus.PROCESSED, 27_000, "KRW")
    assert (mina.last_name, mina.first_name, mina.language) == ("김", "미나", "ko")
    [parcel] = found.shipments
    assert (parcel.carrier, parcel.tracking_ids) == ("CJ대한통운", ["6012-3456-7890"])
    assert found.lines[0].options == {"option": "크기=대"}


async def test_a_later_export_brings_orders_up_to_date_and_the_desk_s_own_states_stay(
    sessions: Sessions, tmp_path: Path
) -> None:
    await add_shop(sessions)
    path = tmp_path / "orders.csv"
    await load(sessions, path, SHOPIFY)
    async with writing(sessions) as session:
        asked = await get_order(session, "#1001", Staff())
        asked.status, asked.return_item_ids = OrderStatus.RETURN_REQUESTED, ["LAMP"]
        asked.return_payment_method_id = "paypal"

    later = SHOPIFY.replace("paid,unfulfilled,,USD", "paid,fulfilled,2026-03-09 10:00:00 -0500,USD")
    plan = await load(sessions, path, later)
    again = await load(sessions, path, later)

    assert (len(plan.new), len(plan.known), plan.same, plan.newcomers) == (0, 1, 2, 0)
    assert (len(again.known), again.same) == (0, 3)
    assert (await order(sessions, "#1002")).status is OrderStatus.DELIVERED
    assert (await order(sessions, "#1001")).status is OrderStatus.RETURN_REQUESTED


async def test_an_order_of_another_customer_is_refused_and_nothing_is_written(
    sessions: Sessions, tmp_path: Path
) -> None:
    await add_shop(sessions)
    await add_order(sessions, id="#1003")
    drafts = drafts_of(tmp_path / "orders.csv", SHOPIFY, "USD")

    with pytest.raises(ProductsFileError, match="line 5: the shop's order '#1003' is another customer's"):
        await load_orders(sessions, tmp_path / "orders.csv", drafts, "USD", lambda _: None)
    async with sessions() as session:
        assert await find_customers(session, email="ana@example.com") == []


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("Ana@Example.com,paid", "ana,paid", "line 2, column Email: 'ana' is not an email address"),
        (",2,Stone Mug", ",two,Stone Mug", "column Lineitem quantity: 'two' is not a number of pieces"),
        ("10.00,MUG-R", "ten,MUG-R", "column Lineitem price: 'ten' is not a price in USD"),
        ("55.00,2026", "55.005,2026", "column Total: '55.005' has more decimal places than USD has"),
        ("2026-03-02 09:30:00 -0500", "03/02/2026", "'03/02/2026' is not a date with the year first"),
        ("Visa,30.00", "Visa,31.00", "more was refunded for '#1003' than was paid"),
        ("#1002", "1.23E+12", "a spreadsheet rounded '1.23E+12'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, was: str, becomes: str, said: str) -> None:
    assert was in SHOPIFY

    problems = drafts_of(tmp_path / "orders.csv", SHOPIFY.replace(was, becomes, 1), "USD").problems

    assert [said in str(one) for one in problems] == [True]


def test_what_cannot_be_divided_goes_to_the_dearest_items(tmp_path: Path) -> None:
    [_, first, _] = drafts_of(tmp_path / "orders.csv", SHOPIFY.replace("55.00", "55.01"), "USD").orders

    assert [price for _, price in first.prices()] == [1100, 1100, 3301]


async def test_an_order_and_its_items_in_another_spelling_are_the_shops_own(sessions: Sessions, tmp_path: Path) -> None:
    await add_shop(sessions)
    await add_product(sessions, id="mug", name="Mug", variants=[variant("MUG-R")])
    columns = "order_id,email,item_id,quantity,price,status,tracking\n"
    await load(sessions, tmp_path / "1.csv", f"{columns}Ord-1,ana@example.com,mug-r,1,5,shipped,1234-5678\n")

    again = await load(sessions, tmp_path / "2.csv", f"{columns}ＯＲＤ-1,Ana@Example.com,MUG-R,1,5,shipped,12345678\n")

    assert (again.new, again.known, again.same, again.newcomers) == ([], [], 1, 0)
    assert [line.item_id for line in (await order(sessions, "ord 1")).lines] == ["MUG-R"]


def test_two_orders_that_nobody_could_tell_apart_are_told_with_both_lines(tmp_path: Path) -> None:
    text = "order_id,email,item_id,quantity,price\nA-1,a@b.example,M,1,5\na-1,a@b.example,M,1,5\n"

    drafts = drafts_of(tmp_path / "o.csv", text, "USD")

    assert [str(problem) for problem in drafts.problems] == [
        "line 3: 'a-1' is 'A-1' of line 2 in another spelling; write one"
    ]


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026. 11. 29.", datetime(2026, 11, 29, tzinfo=UTC)),
        ("2026/11/29 15:05", datetime(2026, 11, 29, 15, 5, tzinfo=UTC)),
        ("2026-11-29 오후 3:05:10", datetime(2026, 11, 29, 15, 5, 10, tzinfo=UTC)),
        ("2026.11.29 오전 12:30", datetime(2026, 11, 29, 0, 30, tzinfo=UTC)),
        ("2026-11-29 12:30 PM", datetime(2026, 11, 29, 12, 30, tzinfo=UTC)),
        ("2026-11-29 15:05:00 +0900", datetime(2026, 11, 29, 6, 5, tzinfo=UTC)),
        ("29/11/2026", None),
        ("46355", None),
        ("2026-11-29 15:05 PM", None),
    ],
)
def test_dates_as_spreadsheets_write_them(tmp_path: Path, cell: str, moment: datetime | None) -> None:
    text = f"order_id,email,item_id,quantity,price,ordered_at\nA-1,a@b.example,M,1,5,{cell}\n"

    drafts = drafts_of(tmp_path / "o.csv", text, "USD")

    assert [each.placed for each in drafts.orders] == [moment]
    assert len(drafts.problems) == (moment is None)


@pytest.mark.parametrize(
    ("name", "country", "code", "is_told"),
    [
        ("Ana Lee", "US", "2134", True),
        ("Ana Lee", "United States", "02134-1000", False),
        ("김민아", "", "6236", True),
        ("김민아", "대한민국", "06236", False),
        ("Ana Lee", "Norway", "0150", False),
        ("Ana Lee", "", "150", False),
        ("Ana Lee", "US", "", False),
    ],
)
def test_a_postcode_that_lost_its_zero_is_told(
    tmp_path: Path, name: str, country: str, code: str, is_told: bool
) -> None:
    text = f"order_id,email,item_id,quantity,price,name,country,zip\nA-1,a@b.example,M,1,5,{name},{country},{code}\n"

    drafts = drafts_of(tmp_path / "o.csv", text, "USD")

    assert [str(each)[:30] for each in drafts.problems] == [f"line 2, column zip: {code!r} has"[:30]] * is_told


def test_numbers_that_a_spreadsheet_rounded_are_told_and_a_status_is_one_in_any_spelling(tmp_path: Path) -> None:
    row = "{},a@b.example,{},1,5,{},{}\n"
    rows = ("A-1", "M", " Ship ped", "1"), ("2.02E+16", "M", "shipped", "1"), ("A-3", "8.8E+12", "shipped", "5.64E+11")
    text = "order_id,email,item_id,quantity,price,status,tracking\n" + "".join(row.format(*each) for each in rows)

    drafts = drafts_of(tmp_path / "o.csv", text, "USD")

    assert [str(each).partition(";")[0] for each in drafts.problems] == [
        "line 3, column order_id: a spreadsheet rounded '2.02E+16'",
        "line 4, column tracking: a spreadsheet rounded '5.64E+11'",
        "line 4, column item_id: a spreadsheet rounded '8.8E+12'",
    ]
    assert [each.status for each in drafts.orders] == ["processed", "processed"]


def test_a_decimal_comma_is_read_where_that_is_asked_for_and_nothing_is_ever_rounded(tmp_path: Path) -> None:
    row = "order_id;email;quantity;price;total;item_id\n7;a@example.com;2;{};{};LAMP\n"
    german, odd = row.format("1.249,00", "2.502,90"), row.format("12.345", "24,69")

    told = drafts_of(tmp_path / "week.csv", german, "EUR")
    read = drafts_of(tmp_path / "week.csv", german, "EUR", fix=True)
    rounded = drafts_of(tmp_path / "week.csv", odd, "EUR", fix=True)

    assert [str(each) for each in told.problems] == [
        "line 2, column total: '2.502,90' has a decimal comma (--fix makes it 2502.90)",
        "line 2, column price: '1.249,00' has a decimal comma (--fix makes it 1249.00)",
    ]
    assert (read.problems, len(read.fixed)) == ([], 2)
    assert [price for _, price in read.orders[0].prices()] == [125_145, 125_145]
    assert [each.text for each in rounded.problems] == [
        "'12.345' has more decimal places than EUR has (2); nothing is rounded in an order"
    ]


def test_an_order_in_another_currency_than_the_shops_is_told_and_never_taken_for_it(tmp_path: Path) -> None:
    row = "{},a@example.com,1,5.00,{},LAMP\n"
    rows = [row.format(*each) for each in (("1", "eur"), ("2", "USD"), ("3", ""))]

    drafts = drafts_of(tmp_path / "o.csv", "order_id,email,quantity,price,currency,item_id\n" + "".join(rows), "EUR")

    assert [str(each) for each in drafts.problems] == [
        "line 3, column currency: USD is not the shop's currency, EUR; leave this order out"
    ]
