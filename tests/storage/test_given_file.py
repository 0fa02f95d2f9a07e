"""What is in the place of the shop's database is never made a shop without being asked."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.settings import Settings
from tests.scripts.command import shopdesk
from tests.scripts.started import free_ports


@pytest.fixture
def database() -> str:
    """SQLite alone: a shop in PostgreSQL has no such file."""
    return "sqlite"


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def text(path: Path) -> None:
    path.write_text("Dear diary, " * 1000)


def songs(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE songs (title)")


def other_alembic(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE alembic_version (version_num)")
        other.execute("INSERT INTO alembic_version VALUES ('9f3c')")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        for table in ("alembic_version (version_num)", "shop (id)", "customers (id)"):
            other.execute(f"CREATE TABLE {table}")
        other.execute("INSERT INTO alembic_version VALUES ('9999')")
        other.commit()


FOUND = [
    (nothing, "is empty (0 bytes)"),
    (text, "is not an SQLite database"),
    (songs, "is another program's database, with the tables songs,"),
    (other_alembic, "is another program's database, with the tables alembic_version,"),
    (newer, "The shop's tables have version 9999,"),
]


@pytest.mark.parametrize(("make", "told"), FOUND)
async def test_a_file_that_is_no_shop_is_named_in_one_line_and_left_as_it_is(
    settings: Settings, make: Callable[[Path], None], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = settings.shopdesk_home / "shop.db"
    # Another shop may run on this machine.
    for name, port in zip(("UI_PORT", "MCP_PORT"), free_ports(settings.shopdesk_home), strict=False):
        monkeypatch.setenv(name, str(port))
    await asyncio.to_thread(make, path)
    path.chmod(0o600)
    before = path.read_bytes()

    for command in ("up", "seed", "ingest", "mcp"):
        outcome = await shopdesk(command)

        assert (outcome.code, outcome.said.count("demo")) == (2, 0), command
        assert told in outcome.complained
        assert len(outcome.complained.splitlines()) == 1, command
        assert path.read_bytes() == before
