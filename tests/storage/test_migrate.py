"""Bringing a database to this version's tables."""

import asyncio
import sqlite3
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select

from storage.db import DatabaseMissingError, connect, open_sessions
from storage.migrate import migrate, require_shop
from storage.shop import Shop
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

    engine = connect(empty)
    async with engine.connect() as connection:
        differences = await connection.run_sync(_differences)
    await engine.dispose()
    assert differences == []


def _differences(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection), METADATA))
