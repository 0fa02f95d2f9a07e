"""A CSV file that cannot be used is refused with its place and what was expected, and the shop stays as it was."""

from pathlib import Path

import pytest

from storage.db import Sessions
from storage.moving.contents import is_untouched_demo
from storage.moving.csv_files import rows
from tests.storage.moving.csv_shop import change, load_files, refusal, write_files


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("variants", ",5995,", ",59.95,", "line 3, column price: '59.95' is not a whole number of minor units, such"),
        ("variants", ",5995,", ",-1,", "line 3, column price: '-1' is not a whole number of minor units"),
        ("variants", ",5995,", ",٣,", "line 3, column price: '٣' is not a whole number of minor units"),
        ("variants", ",5995,", ",9007199254740992,", "line 3, column price: '9007199254740992' is not a whole number"),
        ("variants", ",5995,", ",,", "line 3, column price: it is empty; a whole number of minor units"),
        ("variants", ",false", ",no", "line 3, column available: 'no' is not true or false"),
        ("variants", ",false", "", "line 3, column available: the row ends before it"),
        ("variants", ",false", ",false,x", "line 3: the row has 6 cells, and there are 5 columns"),
        ("variants", "{}", "color=black", "line 3, column options: 'color=black' is not a JSON object of texts, such"),
        ("variants", "{}", '"{""a"": 1}"', "line 3, column options: '{\"a\": 1}' is not a JSON object of texts"),
        ("variants", "{}", '"{""a"": ""1"", ""a"": ""2""}"', 'line 3, column options: \'{"a": "1", "a": "2"}\' is not'),
        ("variants", "{}", '"{""a"": ""\\ud800""}"', 'line 3, column options: \'{"a": "\\\\ud800"}\' is not'),
        ("variants", "P1,K2", "P9,K2", "line 3, column product_id: there is no P9 in products.csv"),
        ("variants", "P1,K2", "P1,K1", "line 3, column item_id: K1 stands on line 2 already"),
        ("variants", "P1,K2", ",K2", "line 3, column product_id: it is empty; text without NUL characters is expected"),
        ("customers", "adam@", "MINA@", "line 3, column email: mina@example.com stands on line 2 already"),
        ("customers", "Atlanta", "At\0lanta", "line 3, column city: 'At\\x00lanta' is not text without NUL characters"),
        ("customers", ",ko,", ",fr,", "line 2, column language: 'fr' is not one of en, ko"),
        ("payment_methods", "7000", "", "line 3, column balance: a gift card has a balance, and nothing else has one"),
        (
            "payment_methods",
            "paypal,,,",
            "paypal,,,5",
            "line 4, column balance: a gift card has a balance, and nothing",
        ),
        ("payment_methods", "9212", "92", "line 2, column last_four: '92' is not the last four digits"),
        ("payment_methods", "adam,card", "eve,card", "line 4, column customer_id: there is no eve in customers.csv"),
        ("payment_methods", "credit_card", "visa", "line 2, column kind: 'visa' is not one of credit_card, gift_card"),
        ("products", "USD", "usd", "line 2, column currency: 'usd' is not a currency's code, such as USD"),
        ("orders", "pending,USD", "pending,KRW", "line 2, column currency: KRW is a second currency; the first is USD"),
        ("orders", ",pending,", ",shipped,", "line 2, column status: 'shipped' is not one of pending, pending (items"),
        ("orders", "+09:00", "", "line 2, column ordered_at: '2026-03-02T18:30:00' is not a moment with its time zone"),
        ("orders", "2026-03-02T18:30:00+09:00", "0001-01-01T00:00:00+09:00", "line 2, column ordered_at: '0001-"),
        ("orders", "W1,mina", "W1,eve", "line 2, column customer_id: there is no eve in customers.csv"),
        ("orders", "W2,mina", "W1,mina", "line 3, column id: W1 stands on line 2 already"),
        (
            "orders",
            ",gift",
            ",paypal",
            "line 3, column return_payment_method_id: there is no paypal of mina in payment_",
        ),
        (
            "orders",
            '""K1""',
            '""K1"",""K1""',
            "line 3, column return_item_ids: the order does not have K1 in order_lin",
        ),
        ("order_lines", "W2,1", "W9,1", "line 4, column order_id: there is no W9 in orders.csv"),
        ("order_lines", "W1,2", "W1,1", "line 3, column line: W1 1 stands on line 2 already"),
        ("order_lines", "W1,2", "W1,0", "line 3, column line: '0' is not a whole number from 1"),
        ("shipments", '""K1""', '""K2""', "line 2, column item_ids: order W2 has no item K2 in order_lines.csv"),
        (
            "shipments",
            "2026-03-04",
            "4 March",
            "line 2, column shipped_on: '4 March' is not a date, such as 2026-03",
        ),
        ("shipments", "2026-03-09", "2026-03-03", "line 2, column expected_on: it is before shipped_on, 2026-03-04"),
        ("payments", "W2,1", "W9,1", "line 3, column order_id: there is no W9 in orders.csv"),
        (
            "payments",
            "W2,1,payment,4990,card",
            "W2,1,payment,4990,x",
            "line 3, column payment_method_id: there is no x",
        ),
        ("tickets", "mina,W2", "mina,W9", "line 2, column order_id: there is no W9 in orders.csv"),
        ("ticket_entries", "T1,1", "T9,1", "line 2, column ticket_id: there is no T9 in tickets.csv"),
        ("ticket_entries", '""."', '"".', "line 3: this is not CSV: unexpected end of data; a quote may be missing"),
    ],
)
async def test_a_cell_that_cannot_be_used_is_named(
    sessions: Sessions, tmp_path: Path, name: str, old: str, new: str, told: str
) -> None:
    folder = write_files(tmp_path)
    change(folder, name, old, new)

    assert (await refusal(sessions, folder)).startswith(f"{name}.csv {told}")


async def test_an_order_that_is_not_paid_in_full_is_named(sessions: Sessions, tmp_path: Path) -> None:
    folder = write_files(tmp_path)
    change(folder, "payments", "9980", "9979")

    assert await refusal(sessions, folder) == (
        "payments.csv: payments less refunds of order W1 are 9979, and should be 9980, as its lines, in minor units"
    )


async def test_a_cancelled_order_keeps_no_more_than_it_was_worth(sessions: Sessions, tmp_path: Path) -> None:
    folder = write_files(tmp_path)
    change(folder, "orders", "W1,mina,pending", "W1,mina,cancelled")
    change(folder, "payments", "9980", "9981")

    assert "W1 are 9981, and should be from 0 to 9980, as it is cancelled" in await refusal(sessions, folder)


async def test_missing_files_are_named_together(sessions: Sessions, tmp_path: Path) -> None:
    folder = write_files(tmp_path)
    (folder / "shipments.csv").unlink()
    (folder / "tickets.csv").unlink()

    told = await refusal(sessions, folder)

    assert told.endswith("there is no shipments.csv and no tickets.csv in it (a file may hold its first line alone)")


async def test_a_folder_that_is_not_there_is_told(sessions: Sessions, tmp_path: Path) -> None:
    assert await refusal(sessions, tmp_path / "nowhere") == f"{tmp_path / 'nowhere'}: there is no such folder"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("price", "cost", "there is no column 'cost'; the columns are product_id,item_id,options,price,available"),
        ("price", "item_id", "the column item_id is there twice"),
        (",available", "", "the column available is missing"),
        (",", ";", "there is no column 'product_id;item_id;options;price;available'; the columns are product_id,"),
    ],
)
async def test_columns_are_checked_before_anything_else(
    demo_sessions: Sessions, tmp_path: Path, old: str, new: str, told: str
) -> None:
    folder = write_files(tmp_path)
    path = folder / "variants.csv"
    header, rest = path.read_text().split("\n", 1)
    path.write_text(f"{header.replace(old, new)}\n{rest}")

    assert (await refusal(demo_sessions, folder)).startswith(f"variants.csv line 1: {told}")
    async with demo_sessions() as session:
        assert await is_untouched_demo(session)


async def test_another_encoding_is_told_with_the_line(sessions: Sessions, tmp_path: Path) -> None:
    folder = write_files(tmp_path)
    path = folder / "products.csv"
    path.write_bytes(path.read_bytes() + "P2,전기 주전자,USD\n".encode("cp949"))

    assert await refusal(sessions, folder) == "products.csv line 3: the text is not UTF-8; save the file as UTF-8"


async def test_a_quote_that_is_never_closed_does_not_fill_the_memory(
    sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "LONGEST_CELL", 1000)
    folder = write_files(tmp_path)
    with (folder / "products.csv").open("a") as file:
        file.write('P2,"Kettle,USD\n' + "P3,Kettle,USD\n" * 100)

    assert "this is not CSV: field larger than field limit" in await refusal(sessions, folder)


async def test_a_refused_import_leaves_the_shop_as_it_was(demo_sessions: Sessions, tmp_path: Path) -> None:
    folder = write_files(tmp_path)
    change(folder, "ticket_entries", "T1,1", "T9,1")

    await refusal(demo_sessions, folder)

    async with demo_sessions() as session:
        assert await is_untouched_demo(session)
    change(folder, "ticket_entries", "T9,1", "T1,1")
    await load_files(demo_sessions, folder)
