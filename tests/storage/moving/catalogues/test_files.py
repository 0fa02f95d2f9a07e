"""Files as spreadsheets and programs save them: what is safe is taken, what is something else is called by its name."""

import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest

from storage.moving.catalogues import reading
from storage.moving.catalogues.drafts import VariantDraft
from storage.moving.catalogues.files import ProductsFileError
from storage.moving.catalogues.reading import read_table
from tests.storage.moving.catalogues.exports import drafts_of, write

CUPS = "상품코드,상품명,판매가,판매상태\nP1,컵,1200원,Y\nP2,접시,3400,N\n"


def told(item: VariantDraft) -> tuple[str, dict[str, str], int, bool | None]:
    return item.item_id, item.options, item.price, item.available


@pytest.mark.parametrize(
    "content",
    [
        CUPS.encode("cp949"),
        CUPS.encode("utf-8-sig"),
        CUPS.replace(",", "\t").encode("utf-16"),
        CUPS.replace(",", ";").encode(),
        f"sep=;\n{CUPS.replace(',', ';')}".encode(),
        f"\n,,\n{CUPS}".encode(),
        f"상품 목록 2026. 11. 29.,,,\n{CUPS}".encode(),
        CUPS.replace("\n", ",,,\r\n").encode() + b",,,,,,,\r\n",
        CUPS.replace("\n", "\r").encode(),
        unicodedata.normalize("NFD", CUPS).encode(),
        CUPS.replace("P1", '"=""P1"""').encode(),
    ],
)
def test_what_spreadsheets_save_is_taken_as_it_was(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / unicodedata.normalize("NFD", "상품.csv")
    path.write_bytes(content)

    drafts = drafts_of(path, "KRW")

    assert drafts.problems == []
    assert [(each.name, told(each.variants[0])) for each in drafts.products] == [
        ("컵", ("P1", {}, 1200, True)),
        ("접시", ("P2", {}, 3400, False)),
    ]


def test_a_title_above_the_columns_is_told(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "p.csv", "Stock list,,\nid,name,price\nA,Lamp,5\n"))

    assert (table.above, table.header, [line.number for line in table.lines]) == (
        ["Stock list"],
        ["id", "name", "price"],
        [3],
    )


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.csv", b"PK\x03\x04rest", "a workbook, or a zip archive"),
        ("p.csv", b"\xd0\xcf\x11\xe0rest", "this is a workbook"),
        ("p.xls", "\ufeff <HTML><table>".encode(), "a web page, which some shops export as .xls"),
        ("p.csv", b"\x1f\x8b\x08", "this is compressed"),
        ("p.csv", b"%PDF-1.4", "this is a PDF"),
        ("p.json", b'[{"id": "A"}]', "this is JSON; write one object per line"),
        ("p.csv", b"\xff\xfea", "not UTF-16"),
        ("p.csv", b",".join(b"c%d" % number for number in range(100_000)), "it has 100,000 columns; 1,000 are"),
        ("p.csv", b"id,name,price\nA," + b"a" * 1_000_001 + b",5\n", "a cell has more than 1,000,000 characters"),
        ("p.parquet", b"PAR1....PAR1", "this is no parquet file"),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(ProductsFileError, match=said):
        read_table(path)


def test_more_rows_than_the_memory_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 2)

    with pytest.raises(ProductsFileError, match="line 4: it has more than 2 rows"):
        read_table(write(tmp_path, "p.csv", "id,name,price\nA,a,1\nB,b,1\nC,c,1\n"))


@pytest.mark.parametrize(
    ("currency", "row", "problem"),
    [
        ("KRW", "A,컵,1.200,", "price: '1.200' can be read in two ways"),
        ("KRW", "A,컵,1.2E+06,", "price: a spreadsheet rounded '1.2E+06'"),
        ("KRW", "8.8E12,컵,1200,", "id: a spreadsheet rounded '8.8E12'"),
        ("KRW", "A,=A1+B1,1200,", "name: '=A1+B1' is a formula"),
        ("KRW", 'A,컵,1200,"3,5"', "stock: '3,5' is not a number of pieces"),
        ("EUR", 'A,Cup,"1.249,90",', "price: '1.249,90' has a decimal comma (--fix makes it 1249.90)"),
    ],
)
def test_what_could_be_another_value_is_told(tmp_path: Path, currency: str, row: str, problem: str) -> None:
    drafts = drafts_of(write(tmp_path, "p.csv", f"id,name,price,stock\n{row}\n"), currency)

    assert str(drafts.problems[0]).startswith(f"line 2, column {problem}")


def test_parquet_is_read_as_the_same_table_in_csv_would_be(tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    columns = {
        "id": [8801234567890.0, None],
        "name": ["컵", "Plate"],
        "price": [Decimal("49.90"), Decimal("5.00")],
        "options": [{"color": "red", "size": None}, None],
        "available": [True, False],
    }
    pq.write_table(pa.table(columns), tmp_path / "p.parquet")

    drafts = drafts_of(tmp_path / "p.parquet", "USD")

    [cup] = drafts.products
    assert (cup.id, told(cup.variants[0])) == ("8801234567890", ("8801234567890/red", {"color": "red"}, 4990, True))
    assert [str(each) for each in drafts.problems] == ["line 2, column id: it is empty; every product needs an id"]
