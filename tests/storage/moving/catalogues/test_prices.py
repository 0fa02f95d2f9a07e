"""Which of several prices customers pay, for each system that writes more than one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from storage.db import Sessions
from storage.moving.catalogues.mapping import read_products
from storage.moving.catalogues.maps import choose_map
from storage.moving.catalogues.reading import read_table
from tests.storage.moving.catalogues.exports import drafts_of, load, product_of, write

WOO = "ID,Type,Name,Published,In stock?,Date sale price starts,Date sale price ends,Sale price,Regular price\n"
OFF = "판매자 상품코드,상품명,판매가,재고수량,즉시할인 값\n(기본할인),즉시할인 단위\n(기본할인)"
SMARTSTORE = ",".join(f'"{each}"' if "\n" in each else each for each in OFF.split(",")) + "\n"
TODAY = datetime.now(UTC).date()


def prices(path: Path, currency: str, *, fix: bool = False) -> list[int]:
    return [item.price for product in drafts_of(path, currency, fix=fix).products for item in product.variants]


@pytest.mark.parametrize(
    ("begins", "ends", "price"),
    [
        ("", "", 1500),
        ("2020-01-01 0:00:00", "2020-02-01 23:59:59", 1999),
        ("2999-01-01", "", 1999),
        ("2020-01-01", "2999-01-01", 1500),
        ("", str(TODAY), 1500),
        (str(TODAY), "", 1500),
        ("", str(TODAY - timedelta(1)), 1999),
    ],
)
def test_a_sale_counts_from_its_first_day_to_the_end_of_its_last(
    tmp_path: Path, begins: str, ends: str, price: int
) -> None:
    assert prices(write(tmp_path, "wc.csv", f"{WOO}1,simple,Cap,1,1,{begins},{ends},15,19.99\n"), "EUR") == [price]


def test_a_sale_begins_on_its_day_where_the_shop_is(tmp_path: Path) -> None:
    far_east, far_west = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")
    begins = datetime.now(far_east).date()
    table = read_table(write(tmp_path, "wc.csv", f"{WOO}1,simple,Cap,1,1,{begins},,15,19.99\n"))
    chosen = choose_map(None, table.header, tmp_path)

    found = [read_products(table, chosen, "EUR", fix=False, zone=zone) for zone in (far_east, far_west)]

    # They are 25 hours apart: where it is still the day before, the sale has not begun.
    assert [each.products[0].variants[0].price for each in found] == [1500, 1999]


def test_a_date_of_a_sale_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    drafts = drafts_of(write(tmp_path, "wc.csv", f"{WOO}1,simple,Cap,1,1,,31/12/2026,15,19.99\n"), "EUR")

    assert [str(each)[:60] for each in drafts.problems] == [
        "line 2, column Date sale price ends: '31/12/2026' is not a date"[:60]
    ]


@pytest.mark.parametrize(
    ("header", "row", "price"),
    [
        ("Handle,Title,Variant Price,Variant Compare At Price", "mug,Mug,20,25", 2000),
        ("Handle,Title,Variant Price,Variant Compare At Price", "mug,Mug,20,0", 2000),
        ("상품코드,상품명,소비자가,공급가,상품가,판매가", "P1,컵,30,10,18,20", 2000),
        ("id,name,price,sale_price,regular_price", "mug,Mug,20,15,25", 1500),
        ("id,name,price,Sale Price", "mug,Mug,20,0.00", 2000),
        ("id,name,price,sale_price", "mug,Mug,20,21", 2000),
    ],
)
def test_the_price_that_is_paid_is_taken_for_each_map(tmp_path: Path, header: str, row: str, price: int) -> None:
    assert prices(write(tmp_path, "p.csv", f"{header}\n{row}\n"), "USD") == [price]


@pytest.mark.parametrize(
    ("value", "unit", "price"), [("", "", 20000), ("15", "%", 17000), ("3,000", "원", 17000), ("0", "원", 20000)]
)
def test_an_immediate_discount_is_taken_off(tmp_path: Path, value: str, unit: str, price: int) -> None:
    text = f'{SMARTSTORE}RICE,햅쌀,20000,5,"{value}",{unit}\n'

    assert prices(write(tmp_path, "s.csv", text), "KRW") == [price]


def test_a_discount_that_makes_no_whole_amount_is_told_and_rounded_only_on_demand(tmp_path: Path) -> None:
    path = write(tmp_path, "s.csv", f"{SMARTSTORE}RICE,햅쌀,12990,5,15,%\n")

    [problem] = drafts_of(path, "KRW").problems

    assert str(problem).endswith("15% off is no whole amount (--fix makes it a price of 11041)")
    assert prices(path, "KRW", fix=True) == [11041]


async def test_what_woocommerce_sells_at_no_price_is_left_out_and_no_longer_available(
    sessions: Sessions, tmp_path: Path
) -> None:
    await load(sessions, write(tmp_path, "1.csv", f"{WOO}1,simple,Cap,1,1,,,,9\n2,simple,Hat,1,1,,,,9\n"), "EUR")
    path = write(tmp_path, "2.csv", f"{WOO}1,simple,Cap,1,1,,,,\n2,simple,Hat,1,1,,,,8\n3,variable,Tee,1,1,,,,\n")
    drafts = drafts_of(path, "EUR")

    plan = await load(sessions, path, "EUR")

    assert [str(each) for each in drafts.left] == [
        "line 2, column Regular price: 'Cap' has no price, and is not sold",
        "line 4: 'Tee' has no item with a price, and is not sold",
    ]
    cap, hat = [(await product_of(sessions, one)).variants[0] for one in "12"]
    assert ((cap.price, cap.available), (hat.price, hat.available)) == ((900, False), (800, True))
    assert (plan.added, plan.updated, plan.gone) == (0, 2, 1)
