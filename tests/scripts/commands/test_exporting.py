"""`shopdesk export tau2` writes a file whole, or not at all."""

import json
from pathlib import Path

import pytest

from storage.db import Sessions
from storage.settings import Settings
from tests.scripts.command import shopdesk

# Each test starts the command several times over, a second each.
pytestmark = pytest.mark.slow


async def test_the_shop_is_written_to_the_file_and_nothing_else_is_left(
    demo_sessions: Sessions, tmp_path: Path
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "db.json").write_text("an older export")

    outcome = await shopdesk("export", "tau2", str(folder / "db.json"), "--force")

    assert (outcome.code, outcome.complained) == (0, "")
    assert "Exported 200 customers, 60 products (320 variants) and 600 orders" in outcome.said
    assert len(json.loads((folder / "db.json").read_text())["orders"]) == 600
    assert [path.name for path in folder.iterdir()] == ["db.json"]


async def test_a_file_that_cannot_be_written_is_told_in_one_line(sessions: Sessions, tmp_path: Path) -> None:
    outcome = await shopdesk("export", "tau2", str(tmp_path / "missing" / "db.json"))

    assert (outcome.code, outcome.said.strip()) == (2, "")
    assert outcome.complained == (
        f"shopdesk: {tmp_path / 'missing' / 'db.json'} was not written: No such file or directory. "
        "Choose a location you can write to.\n"
    )


async def test_a_shop_that_does_not_exist_is_not_exported(settings: Settings, tmp_path: Path) -> None:
    outcome = await shopdesk("export", "tau2", str(tmp_path / "db.json"))

    assert outcome.code == 2
    assert "There is no shop at" in outcome.complained
    assert not (tmp_path / "db.json").exists()


async def test_a_file_that_is_there_is_kept_without_force(demo_sessions: Sessions, tmp_path: Path) -> None:
    (tmp_path / "db.json").write_text("an older export")

    outcome = await shopdesk("export", "tau2", str(tmp_path / "db.json"))

    assert (outcome.code, outcome.said.strip()) == (2, "")
    assert outcome.complained == (
        f"shopdesk: {tmp_path / 'db.json'} already exists. Add --force to replace it, or choose another name.\n"
    )
    assert (tmp_path / "db.json").read_text() == "an older export"


async def test_a_dash_writes_the_database_alone_to_standard_output(demo_sessions: Sessions) -> None:
    outcome = await shopdesk("export", "tau2", "-")

    assert outcome.code == 0
    assert len(json.loads(outcome.said)["orders"]) == 600
    assert "600 orders to standard output" in outcome.complained
