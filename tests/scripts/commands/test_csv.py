"""`shopdesk import csv` and `shopdesk export csv`, as a person runs them."""

from pathlib import Path

import pytest

from scripts.files.csv_columns import COLUMNS
from storage.db import Sessions
from storage.moving.csv_files.layout import SHEETS
from storage.people.accounts import check_password, find_account
from tests.factories import add_customer
from tests.scripts.command import shopdesk
from tests.storage.moving.csv_shop import change, contents, write_files

# Each test starts the command several times over, a second each.
pytestmark = pytest.mark.slow

COUNTS = "2 customers, 1 products (2 variants), 2 orders, 1 tickets"


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_folder_comes_in_and_goes_out_and_comes_in_again(sessions: Sessions, tmp_path: Path) -> None:
    folder, out = write_files(tmp_path), tmp_path / "out"

    imported = await shopdesk("import", "csv", str(folder), "--password", "open sesame")
    exported = await shopdesk("export", str(out))
    again = await shopdesk("import", "csv", str(out), "--replace")

    assert (imported.code, imported.complained) == (0, "")
    assert f"Imported {folder}: {COUNTS}, in " in imported.said
    assert "Every customer can log in with that password." in imported.said
    assert (exported.code, exported.complained) == (0, "")
    assert f"Exported {COUNTS} to {out} in " in exported.said
    assert sorted(contents(out)) == sorted(sheet.name for sheet in SHEETS)
    assert (again.code, again.complained) == (0, "")
    assert "No customer can log in." in again.said


async def test_customers_log_in_with_the_password(sessions: Sessions, tmp_path: Path) -> None:
    await shopdesk("import", "csv", str(write_files(tmp_path)), "--password", "open sesame")

    async with sessions() as session:
        assert check_password(await find_account(session, "mina@example.com"), "open sesame").customer_id == "mina"


async def test_a_shop_in_use_is_refused_without_a_bar(sessions: Sessions, tmp_path: Path) -> None:
    await add_customer(sessions)

    refused = await shopdesk("import", "csv", str(write_files(tmp_path)))

    assert (refused.code, refused.said) == (2, "")
    assert "(customers: 1, orders: 0). Add --replace" in refused.complained


async def test_a_bad_row_is_told_in_one_line(sessions: Sessions, tmp_path: Path) -> None:
    folder = write_files(tmp_path)
    change(folder, "variants", ",5995,", ",59.95,")

    refused = await shopdesk("import", "csv", str(folder))

    assert refused.code == 2
    assert refused.complained == (
        f"shopdesk: {folder / 'variants.csv'} line 3, column price: '59.95' is not a whole number of minor units, "
        "such as 4990 for 49.90. Nothing was imported, and the shop is as it was.\n"
    )


async def test_an_earlier_export_is_replaced_only_on_request(sessions: Sessions, tmp_path: Path) -> None:
    out = tmp_path / "shop" / "out"
    out.parent.mkdir()
    await shopdesk("export", "csv", str(out))
    (out / "orders.csv").write_text("old")

    refused = await shopdesk("export", "csv", str(out))
    kept = (out / "orders.csv").read_text()
    replaced = await shopdesk("export", "csv", str(out), "--force")

    assert (refused.code, kept) == (2, "old")
    assert refused.complained == (
        f"shopdesk: {out} already exists. Add --force to replace it, or choose another name.\n"
    )
    assert replaced.code == 0
    assert (out / "orders.csv").read_text().startswith("id,customer_id,status")
    assert names(out.parent) == ["out"]


async def test_a_folder_with_other_files_is_never_replaced(sessions: Sessions, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("to keep")

    refused = await shopdesk("export", "csv", str(tmp_path / "mine"), "--force")

    assert refused.code == 2
    assert "it has letter.txt, which is not from an export. Choose a new folder." in refused.complained
    assert (tmp_path / "mine" / "letter.txt").read_text() == "to keep"


async def test_an_export_that_fails_leaves_nothing(sessions: Sessions, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    refused = await shopdesk("export", "csv", str(tmp_path / "file" / "out"))

    assert refused.code == 2
    assert refused.complained.count("\n") == 1
    assert "was not written: Not a directory" in refused.complained


def test_help_names_every_column() -> None:
    assert {f"{name}.csv": columns.split(", ") for name, columns in COLUMNS.items()} == {
        sheet.name: [column.name for column in sheet.columns] for sheet in SHEETS
    }
