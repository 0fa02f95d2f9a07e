"""Sheets of orders as systems write them: what stands above the columns, parcels of their own, sums of a row, dates."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from storage.db import Sessions
from storage.moving.catalogues.files import ProductsFileError
from storage.moving.catalogues.maps import MapError
from storage.moving.catalogues.reading import read_table
from storage.moving.purchases.load import load_orders
from storage.moving.purchases.mapping import read_orders
from storage.moving.purchases.maps import choose_order_map, looks_like_orders
from storage.shop.orders import Order
from tests.factories import add_product, add_shop, variant
from tests.storage.moving.purchases.exports import BY_ITEM, SMARTSTORE
from tests.storage.moving.purchases.test_orders import customer, drafts_of, load, order

COLUMNS = "order_id,email,item_id,quantity,price,ordered_at,paid_with\n"


def parcels(of: Order) -> list[tuple[list[str], list[str]]]:
    return [(one.tracking_ids, one.item_ids) for one in of.shipments]


@pytest.mark.parametrize(("encoding", "between"), [("utf-8-sig", ","), ("cp949", ","), ("utf-16", "\t")])
async def test_a_sheet_of_smart_store_is_read_below_its_instructions(
    sessions: Sessions, tmp_path: Path, encoding: str, between: str
) -> None:
    path = tmp_path / "주문.csv"
    above, _, rows = SMARTSTORE.partition("상품주문번호,주문번호")
    rows = f"상품주문번호,주문번호{rows}".replace(",", between)
    path.write_bytes(f"{above.replace(',,', between * 2)}{rows}".encode(encoding))

    table = read_table(path, looks_like_orders(None))
    drafts = read_orders(table, choose_order_map(None, table.header, path), "KRW", zone=ZoneInfo("Asia/Seoul"))
    await load_orders(sessions, path, drafts, "KRW", lambda _: None)

    assert (table.lines[0].number, drafts.problems) == (5, [])
    first, waiting = await order(sessions, "2026112910"), await order(sessions, "2026113011")
    assert [(line.item_id, line.price) for line in first.lines] == [
        ("GUM", 13_501),
        ("GUM", 13_500),
        ("HOUSE", 45_000),
        ("SAND", 9_000),
    ]
    # What is still in the shop is in no parcel.
    assert parcels(first) == [(["6800-1"], ["GUM", "GUM"]), (["6800-2"], ["HOUSE"])]
    assert (waiting.total, waiting.unpaid) == (27_000, True)
    assert waiting.ordered_at == datetime(2026, 11, 30, 14, 30, tzinfo=UTC)


def test_a_sheet_without_emails_says_which_column_to_add(tmp_path: Path) -> None:
    path = tmp_path / "주문.csv"
    path.write_text(SMARTSTORE.replace("구매자 이메일", "구매자ID"), encoding="utf-8")
    table = read_table(path, looks_like_orders(None))

    with pytest.raises(
        MapError, match=r"no column has the email by which .* add it as a column '구매자 이메일' or '이메일'"
    ):
        choose_order_map(None, table.header, path)


async def test_items_that_have_not_left_are_in_no_parcel(sessions: Sessions, tmp_path: Path) -> None:
    await load(sessions, tmp_path / "주문.csv", BY_ITEM, "KRW")

    assert parcels(await order(sessions, "2")) == [(["6078-2"], ["CUP"])]


async def test_a_row_that_was_fulfilled_alone_is_told_so(sessions: Sessions, tmp_path: Path) -> None:
    await add_shop(sessions)
    await add_product(sessions, id="mug", name="Mug", variants=[variant("MUG"), variant("CUP")])
    header = "Name,Email,Fulfillment Status,Fulfilled at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,"
    text = f"{header}Lineitem fulfillment status\n#1,a@example.com,partial,2026-11-03,1,Mug,5,MUG,fulfilled\n"

    await load(sessions, tmp_path / "o.csv", f"{text}#1,a@example.com,,,1,Cup,5,CUP,unfulfilled\n")

    found = await order(sessions, "#1")
    assert (found.status.value, parcels(found)) == ("processed", [([], ["MUG"])])


def test_orders_of_nobody_are_left_out_and_said(tmp_path: Path) -> None:
    row = "{},{},M,2.0000,5,,\n"

    some = drafts_of(tmp_path / "o.csv", COLUMNS + row.format(1, "") + row.format(2, "a@b.example"), "USD")
    none = drafts_of(tmp_path / "o.csv", COLUMNS + row.format(1, ""), "USD")

    assert ([each.id for each in some.orders], some.problems) == (["2"], [])
    assert [str(each) for each in some.left] == [
        "line 2, column email: the order '1' has no email, by which its customer could be recognized"
    ]
    assert [str(each) for each in none.problems] == ["line 2, column email: no order of this file has an email"]


async def test_two_methods_at_once_are_no_gift_card(sessions: Sessions, tmp_path: Path) -> None:
    await add_shop(sessions)

    await load(sessions, tmp_path / "o.csv", f"{COLUMNS}1,a@b.example,M,1,5,,Gift Card + Visa\n")

    [method] = (await customer(sessions, "a@b.example")).payment_methods
    assert (method.kind.value, method.brand) == ("credit_card", "Gift Card + Visa")


@pytest.mark.parametrize(
    ("order_of_dates", "cell", "moment"),
    [
        ("month first", "11/20/26", datetime(2026, 11, 20, tzinfo=UTC)),
        ("month first", "11/20/2026, 3:05 PM", datetime(2026, 11, 20, 15, 5, tzinfo=UTC)),
        ("day first", "20.11.2026 15:05", datetime(2026, 11, 20, 15, 5, tzinfo=UTC)),
        ("day first", "2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("day first", "11/20/2026", None),
        ("year first", "20.11.2026", None),
    ],
)
def test_a_map_says_what_dates_begin_with(
    tmp_path: Path, order_of_dates: str, cell: str, moment: datetime | None
) -> None:
    own = tmp_path / "own.toml"
    columns = (
        ("id", "order_id"),
        ("email", "email"),
        ("quantity", "quantity"),
        ("price", "price"),
        ("placed", "ordered_at"),
    )
    told = "".join(f'columns.{field} = ["{name}"]\n' for field, name in columns)
    own.write_text(f'[own]\nlabel = "ours"\ndates = "{order_of_dates}"\n{told}[own.status]\n', encoding="utf-8")
    path = tmp_path / "o.csv"
    path.write_text(f'{COLUMNS}1,a@b.example,M,1,5,"{cell}",\n', encoding="utf-8")
    table = read_table(path)

    drafts = read_orders(table, choose_order_map(str(own), table.header, path), "USD")

    assert [each.placed for each in drafts.orders] == [moment]
    assert len(drafts.problems) == (moment is None)


def test_a_workbook_is_told_how_to_be_saved(tmp_path: Path) -> None:
    path = tmp_path / "주문.xlsx"
    path.write_bytes(b"PK\x03\x04rest")

    with pytest.raises(ProductsFileError, match="save it as CSV UTF-8"):
        read_table(path)


def test_a_refunded_order_of_which_no_piece_is_left_comes_in_and_one_without_quantities_is_told(tmp_path: Path) -> None:
    columns = "order_id,email,item_id,quantity,price,status,total,refunded\n"
    gone = "1,a@b.example,M,0,25,cancelled,25,25\n"
    unknown = "2,a@b.example,M,,25,pending,25,\n"

    drafts = drafts_of(tmp_path / "o.csv", columns + gone + unknown, "USD")

    assert [(each.id, each.moved, len(each.prices())) for each in drafts.orders] == [("1", (2500, 2500), 1)]
    assert [str(each) for each in drafts.notes] == [
        "line 2, column quantity: of the cancelled order '1' no piece is left of any item; each counts as one"
    ]
    assert [str(each) for each in drafts.problems] == ["line 3: the order '2' has no item"]
