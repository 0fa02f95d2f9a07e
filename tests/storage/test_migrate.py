"""Bringing a database to this version's tables."""

import asyncio
import re
import sqlite3
import sys
import unicodedata
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text

from storage import tables
from storage.db import DatabaseMissingError, connect, open_sessions
from storage.migrate import MIGRATIONS, OtherVersionError, migrate, require_shop
from storage.outages import Refusals
from storage.settings import REPOSITORY
from storage.shop.shop import Shop
from storage.tables import METADATA
from tests.postgres import POSTGRESQL

MIGRATE = "import asyncio, sys; from storage.migrate import migrate; asyncio.run(migrate(sys.argv[1]))"


@pytest.fixture
def empty(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database without a table."""
    if database == POSTGRESQL:
        with request.getfixturevalue("postgres").copy_of("template0") as url:
            yield url
    else:
        # A file is changed to this mode once, which several cannot do at the same instant.
        with closing(sqlite3.connect(tmp_path / "shop.db")) as file:
            file.execute("PRAGMA journal_mode=WAL")
        (tmp_path / "shop.db").chmod(0o600)
        yield f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}"


@pytest.mark.slow
async def test_processes_that_start_together_make_the_tables_once(empty: str) -> None:
    command = [sys.executable, "-c", MIGRATE, empty]

    started = [await asyncio.create_subprocess_exec(*command, stderr=PIPE) for _ in range(3)]
    told = [(await process.communicate())[1].decode() for process in started]

    assert told == [""] * 3
    await require_shop(empty)
    async with open_sessions(empty) as sessions, sessions() as session:
        assert (await session.scalars(select(Shop))).all() == []


async def test_a_database_without_a_shop_is_told_with_the_command_that_makes_one(empty: str) -> None:
    with pytest.raises(DatabaseMissingError, match=r"^There is no shop at .* yet\. Run `shopdesk seed`"):
        await require_shop(empty)


async def test_the_migrations_make_the_tables_that_the_code_reads(empty: str) -> None:
    await migrate(empty)

    engine = connect(empty, Refusals())
    async with engine.connect() as connection:
        differences = await connection.run_sync(_differences)
    await engine.dispose()
    assert differences == []


CAME_LATER = (["conversation_id"], ["key_id"])
DECOMPOSED = unicodedata.normalize("NFD", "민아")
OF_THE_FIRST_VERSION = (
    "INSERT INTO customers (id, position, first_name, last_name, email, language, address1, address2, city, state,"
    " country, zip) VALUES"
    " ('MK-1', 1, '\u1106\u1175\u11ab\u110b\u1161', '김', 'mina@shop.example', 'ko', '', '', '', '', '', '06236')",
    "INSERT INTO accounts (id, email, name, password_hash, staff) VALUES ('u1', 'dana@shop.example', '', 'h', true)",
    "INSERT INTO documents VALUES ('old:en', 'old', 'en', 'Old', '', '2025-01-01', '2025-07-01', 'f', 's', 'Text')",
    "INSERT INTO passages VALUES ('p1', 'old:en', 1, 'Section', 'Text')",
    "INSERT INTO tickets (id, subject, status, category, priority, created_at)"
    " VALUES ('T1', 'Help', 'open', 'other', 'normal', '2025-01-01 00:00:00+00')",
    "INSERT INTO ticket_entries (ticket_id, number, at, by, kind, text)"
    " VALUES ('T1', 1, '2025-01-01 00:00:00+00', 'staff', 'opened', 'Help me')",
)


async def test_a_shop_of_an_older_version_is_told_and_keeps_its_rows_when_it_is_brought_up_to_date(empty: str) -> None:
    engine = connect(empty, Refusals())
    async with engine.begin() as connection:
        await connection.run_sync(_to_version, "0001")
        for statement in OF_THE_FIRST_VERSION:
            await connection.execute(text(statement))
    with pytest.raises(OtherVersionError, match=r"^The shop's tables have version 0001, .* Run `shopdesk up`"):
        await require_shop(empty)

    await migrate(empty)

    await require_shop(empty)
    async with engine.connect() as connection:
        kept = await connection.execute(
            text("SELECT asked, CAST(expires AS VARCHAR), count(*) FROM passages, documents GROUP BY asked, expires")
        )
        assert [tuple(row) for row in kept] == [("", "2025-06-30", 1)]
        entries = await connection.execute(
            text(
                "SELECT ticket_entries.text, conversation_id FROM tickets JOIN ticket_entries ON ticket_id = tickets.id"
            )
        )
        assert [tuple(row) for row in entries] == [("Help me", None)]
        accounts = await connection.execute(text("SELECT id, password_hash FROM accounts"))
        assert [tuple(row) for row in accounts] == [("u1", "h")]
        assert (await connection.execute(text("SELECT id, until FROM ended_logins"))).all() == []
        keys = await connection.execute(
            text("SELECT first_name, customers.folded_id, folded_name, t.folded_id FROM customers, tickets AS t")
        )
        assert [tuple(row) for row in keys] == [(DECOMPOSED, "mk1", "민아 김", "t1")]
    await engine.dispose()


async def test_keys_of_before_an_unseen_character_counted_as_none_are_made_anew(empty: str) -> None:
    engine = connect(empty, Refusals())
    add = OF_THE_FIRST_VERSION[0].replace("MK-1", "MK\u22121\ufe0f").replace("김", "葛\U000e0100")
    async with engine.begin() as connection:
        await connection.run_sync(_to_version, "0017")
        await connection.execute(text(add))
        await connection.execute(text("UPDATE customers SET folded_id = 'mk\u22121\ufe0f', folded_name = 'old'"))

    await migrate(empty)

    async with engine.connect() as connection:
        keys = await connection.execute(text("SELECT id, folded_id, folded_name FROM customers"))
        assert [tuple(row) for row in keys] == [("MK\u22121\ufe0f", "mk1", "민아 葛")]
    await engine.dispose()


def _to_version(connection: Connection, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _differences(connection: Connection) -> list[Any]:
    found = list(compare_metadata(MigrationContext.configure(connection), METADATA))
    if connection.dialect.name == "postgresql":
        return found
    # Of a reference that came with its column, SQLAlchemy reads neither its name nor its ON DELETE back from SQLite.
    return [
        each for each in found if each[0] not in {"add_fk", "remove_fk"} or [*each[1].columns.keys()] not in CAME_LATER
    ]


def test_the_module_of_every_table_is_imported_with_all_of_them() -> None:
    declared = {
        ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
        for path in (REPOSITORY / "storage").rglob("*.py")
        if re.search(r"^    __tablename__ = \"", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    imported = {each.__name__ for each in vars(tables).values() if isinstance(each, ModuleType)}
    assert declared == imported
