"""What was paid and what went back, as the file says it: now, and in a later file."""

from pathlib import Path

import pytest

from storage.db import Sessions, writing
from storage.owners import Staff
from storage.shop.orders import CancelReason, OrderStatus, PaymentType, get_order
from tests.factories import add_customer, add_order, add_product, add_shop, credit_card, gift_card, line, variant
from tests.storage.moving.csv_shop import export_files, load_files
from tests.storage.moving.purchases.exports import MONEY
from tests.storage.moving.purchases.test_orders import drafts_of, load, order


async def moved(sessions: Sessions, order_id: str) -> list[tuple[str, int]]:
    return [(one.type.value, one.amount) for one in (await order(sessions, order_id)).payments]


async def test_what_the_shop_kept_of_a_cancelled_order_is_not_told_as_refunded(
    sessions: Sessions, tmp_path: Path
) -> None:
    await load(sessions, tmp_path / "orders.csv", MONEY)

    fee, nothing_back, never_paid, not_paid_yet = [await moved(sessions, f"#{number}") for number in range(1, 5)]

    assert fee == [("payment", 3000), ("refund", 2500)]
    assert nothing_back == [("payment", 3000)]
    assert never_paid == not_paid_yet == [("payment", 0)]
    assert (await order(sessions, "#4")).status is OrderStatus.PENDING


def test_it_is_told_with_its_line(tmp_path: Path) -> None:
    notes = drafts_of(tmp_path / "orders.csv", MONEY, "USD").notes

    assert [(note.line, note.column) for note in notes] == [(2, "Refunded Amount"), (3, "Refunded Amount")]
    assert [note.text for note in notes] == [
        "of the cancelled order '#1', $25.00 of $30.00 was refunded; the shop kept $5.00",
        "of the cancelled order '#2', $0.00 of $30.00 was refunded; the shop kept $30.00",
    ]


def test_a_file_that_tells_no_refund_of_a_cancelled_order_means_all_of_it(tmp_path: Path) -> None:
    text = "order_id,email,item_id,quantity,price,status,refunded\nA,a@b.example,M,1,5,cancelled,\n"

    drafts = drafts_of(tmp_path / "o.csv", text, "USD")

    assert (drafts.orders[0].moved, drafts.notes) == ((500, 500), [])


@pytest.mark.parametrize(
    ("number", "was", "becomes", "now"),
    [
        (2, "LAMP,2026-03-03 09:00:00 -0500,Visa,0.00\n#3", "LAMP,2026-03-03 09:00:00 -0500,Visa,30.00\n#3", 3000),
        (4, "pending,unfulfilled", "paid,unfulfilled", 0),
        (4, "pending,unfulfilled,USD,30.00,1,Desk Lamp,30.00,LAMP,,Bank Deposit,0.00", "partially_refunded,fulfilled,"
         "USD,30.00,1,Desk Lamp,30.00,LAMP,,Bank Deposit,10.00", 1000),
    ],
)  # fmt: skip
async def test_money_that_moved_since_is_in_the_shop_after_a_later_file(
    sessions: Sessions, tmp_path: Path, number: int, was: str, becomes: str, now: int
) -> None:
    assert was in MONEY
    await load(sessions, tmp_path / "orders.csv", MONEY)

    plan = await load(sessions, tmp_path / "orders.csv", MONEY.replace(was, becomes))
    again = await load(sessions, tmp_path / "orders.csv", MONEY.replace(was, becomes))

    assert (len(plan.known), plan.same, len(again.known)) == (1, 3, 0)
    assert await moved(sessions, f"#{number}") == [("payment", 3000), *([("refund", now)] if now else [])]
    found = await order(sessions, f"#{number}")
    assert found.status is OrderStatus.CANCELLED or found.total == 3000 - now


async def test_a_refund_that_this_desk_made_is_not_undone(sessions: Sessions, tmp_path: Path) -> None:
    text = MONEY.replace("pending,unfulfilled", "paid,unfulfilled")
    await load(sessions, tmp_path / "orders.csv", text)
    async with writing(sessions) as session:
        asked = await get_order(session, "#4", Staff())
        asked.status, asked.cancel_reason = OrderStatus.CANCELLED, CancelReason.NO_LONGER_NEEDED

    plan = await load(sessions, tmp_path / "orders.csv", text)

    assert plan.same == 4
    assert (await order(sessions, "#4")).status is OrderStatus.CANCELLED


async def test_items_that_the_catalogue_got_after_their_order_are_its_items(sessions: Sessions, tmp_path: Path) -> None:
    await add_shop(sessions)
    await load(sessions, tmp_path / "orders.csv", MONEY)
    await add_product(sessions, id="lamp", name="Lamp", variants=[variant("lamp", options={"color": "red"})])

    plan = await load(sessions, tmp_path / "orders.csv", MONEY)

    [line] = (await order(sessions, "#4")).lines
    assert len(plan.known) == 4
    assert (line.item_id, line.product_id, line.options) == ("lamp", "lamp", {"color": "red"})


async def test_an_export_of_such_a_shop_comes_back_as_it_was(sessions: Sessions, tmp_path: Path) -> None:
    await load(sessions, tmp_path / "orders.csv", MONEY)
    first = await export_files(sessions, tmp_path / "shop")

    await load_files(sessions, tmp_path / "shop")

    assert await export_files(sessions, tmp_path / "again") == first
    assert [len(await moved(sessions, f"#{number}")) for number in range(1, 5)] == [2, 1, 1, 1]


@pytest.mark.parametrize(
    ("refunded", "kept", "said"),
    [
        ("25.00", [("A", 1_000), ("A", 1_000)], "which 'B' cost: that is no longer in it"),
        ("10.00", [("A", 1_000), ("B", 2_500)], "which 'A' cost"),
        ("9.00", [("A", 800), ("A", 800), ("B", 2_000)], "nobody says for what: each item counts as paid less"),
    ],
)
def test_items_that_cost_exactly_what_was_refunded_are_no_longer_in_the_order(
    tmp_path: Path, refunded: str, kept: list[tuple[str, int]], said: str
) -> None:
    header = "order_id,email,item_id,quantity,price,status,total,refunded\n"
    rows = f"1,a@b.example,A,2,10,delivered,45,{refunded}\n1,a@b.example,B,1,25,delivered,45,{refunded}\n"

    drafts = drafts_of(tmp_path / "o.csv", header + rows, "USD")

    [draft] = drafts.orders
    assert sum(price for _, price in draft.prices()) == 4_500 - draft.moved[1]
    assert [(line.item_id, price) for line, price in draft.prices()] == kept
    assert [said in str(note) for note in drafts.notes] == [True]


def test_two_items_at_the_price_that_was_refunded_are_told_apart_by_nobody(tmp_path: Path) -> None:
    header = "order_id,email,item_id,quantity,price,status,refunded\n"
    rows = "".join(f"1,a@b.example,{item},1,10,delivered,10\n" for item in "AB")

    drafts = drafts_of(tmp_path / "o.csv", header + rows, "USD")

    assert [(line.item_id, price) for line, price in drafts.orders[0].prices()] == [("A", 500), ("B", 500)]


PAYMENT, REFUND = PaymentType.PAYMENT, PaymentType.REFUND


@pytest.mark.parametrize(
    "payments",
    [
        [(PAYMENT, 1_000, "gift"), (PAYMENT, 2_000, "visa")],
        [(PAYMENT, 3_000, "visa"), (PAYMENT, 3_000, "gift"), (REFUND, 3_000, "visa")],
    ],
)
async def test_an_order_paid_with_several_methods_is_refunded_once_and_only_what_the_file_says(
    sessions: Sessions, tmp_path: Path, payments: list[tuple[PaymentType, int, str]]
) -> None:
    await add_shop(sessions)
    methods = [credit_card("visa"), gift_card("gift")]
    ana = await add_customer(sessions, email="ana@example.com", payment_methods=methods)
    sold = [line("LAMP", product_id="LAMP", price=3_000)]
    await add_order(sessions, id="A", customer_id=ana.id, lines=sold, payments=payments)
    text = "order_id,email,item_id,quantity,price,status\nA,ana@example.com,LAMP,1,30,{}\n"

    plan = await load(sessions, tmp_path / "o.csv", text.format("pending"))
    later = [await load(sessions, tmp_path / "o.csv", text.format("cancelled")) for _ in range(2)]

    assert (plan.same, [len(each.known) for each in later]) == (1, [1, 0])
    refunds = [one for one in await moved(sessions, "A") if one[0] == "refund"]
    assert refunds[-1] == ("refund", 3000)
    assert len(refunds) == 1 + sum(kind is REFUND for kind, _, _ in payments)
