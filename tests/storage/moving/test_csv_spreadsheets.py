"""A shop's own files, opened and saved by a spreadsheet, come back as they were."""

import csv
from pathlib import Path

from storage.db import Sessions
from tests.storage.moving.csv_shop import contents, export_files, load_files


def save_as_a_spreadsheet(path: Path) -> None:
    """Rewrite a file as spreadsheets do: booleans in capitals, one more empty column and row, its own line ends."""
    with path.open(encoding="utf-8", newline="") as file:
        names, *rows = list(csv.reader(file))
    shown = [[cell.upper() if cell in {"true", "false"} else cell for cell in row] for row in rows]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([*[f"{name} " for name in names], "", ""])
        writer.writerows([*row, "", ""] for row in shown)
        writer.writerow([""] * (len(names) + 2))


async def test_an_export_that_a_spreadsheet_saved_is_imported(demo_sessions: Sessions, tmp_path: Path) -> None:
    exported = await export_files(demo_sessions, tmp_path / "exported")
    saved = tmp_path / "exported"
    for path in saved.iterdir():
        save_as_a_spreadsheet(path)
    assert contents(saved) != exported

    await load_files(demo_sessions, saved)

    assert await export_files(demo_sessions, tmp_path / "again") == exported
