"""Sheets of products as systems write them: groups above the columns' names, rows below that are no product."""

import csv
import io
from pathlib import Path

import pytest

from storage.moving.catalogues.mapping import read_products
from storage.moving.catalogues.maps import choose_map, looks_like_products
from storage.moving.catalogues.prices import may_be_price
from storage.moving.catalogues.reading import read_table

SHEET = [
    ["상품 기본정보", "", "", "", "", "", "상품 주요정보", ""],
    ["판매자 상품코드", "상품명", "판매가", "재고수량", "옵션형태", "상세설명", "브랜드", "즉시할인 값\n(기본할인)"],
    ["비필수", "필수", "필수", "필수", "비필수", "필수", "비필수", "비필수"],
    ["GUM", "덴탈껌, 30개입", "15,000", "120", "", "<p>오리</p><p>국내산</p>", "멍멍", "1000"],
    ["SAND", '고양이 모래 "6L"', "12900", "0", "", "먼지\n없음", "", ""],
]


@pytest.mark.parametrize(
    ("encoding", "between"), [("utf-8-sig", ","), ("cp949", ","), ("utf-8", ";"), ("utf-16", "\t"), ("cp949", ";")]
)
def test_a_sheet_of_smart_store_comes_in_as_a_spreadsheet_saves_it(tmp_path: Path, encoding: str, between: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=between).writerows(SHEET)
    path = tmp_path / "상품.csv"
    path.write_bytes(text.getvalue().encode(encoding))

    table = read_table(path, looks_like_products(None))
    drafts = read_products(table, choose_map(None, table.header, path), "KRW", fix=False)

    assert (table.above, drafts.problems) == (["상품 기본정보", "상품 주요정보"], [])
    assert [each.line for each in drafts.left] == [4]
    assert [(each.id, each.name, each.variants[0].price, each.variants[0].available) for each in drafts.products] == [
        ("GUM", "덴탈껌, 30개입", 14_000, True),
        ("SAND", '고양이 모래 "6L"', 12_900, False),
    ]


def test_the_map_that_was_named_finds_its_own_columns(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    columns = "".join(f'columns.{field} = ["{field} of it"]\n' for field in ("id", "name", "price"))
    own.write_text(f'[own]\nlabel = "ours"\n{columns}', encoding="utf-8")
    path = tmp_path / "p.csv"
    path.write_text("List; of; things\nid of it;name of it;price of it\nA;Lamp, black;5\n", encoding="utf-8")

    table = read_table(path, looks_like_products(str(own)))

    assert (table.header, table.lines[0].number) == (["id of it", "name of it", "price of it"], 3)


@pytest.mark.parametrize(
    ("name", "may"), [("special_price", True), ("Sonder Preis", True), ("할인 판매가", True), ("Vendor", False)]
)
def test_a_column_that_may_be_a_price_is_known_by_its_name(name: str, may: bool) -> None:
    assert may_be_price(name) is may
