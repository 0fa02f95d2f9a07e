"""Bringing a database to the tables this version needs."""

import asyncio
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.engine import make_url

from storage.db import WRITE, DatabaseMissingError, connect
from storage.outages import within_reach

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 20260630
"""The name of the lock that migrations take in PostgreSQL."""


async def migrate(url: str) -> None:
    """Create or upgrade every table. Safe to run again, and on a shop with data.

    Raises:
        DatabaseAwayError: the database cannot be reached.
    """
    database = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = connect(url)
    try:
        with within_reach(url):
            async with engine.connect() as connection:
                if await connection.run_sync(_is_current):
                    return
            async with engine.connect() as connection:
                # Replicas start together: one makes the tables, the others wait and find them made.
                await connection.execution_options(**{WRITE: True})
                await connection.run_sync(_upgrade)
                await connection.commit()
    finally:
        await engine.dispose()


def _is_current(connection: Connection) -> bool:
    # Alembic takes 0.3 s to import and only set-up needs it.
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == newest


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def require_shop(url: str) -> None:
    """Do nothing when the database has a shop's tables.

    Raises:
        DatabaseMissingError: it has none; the message names the command that makes them.
        DatabaseAwayError: it cannot be reached; the message names where it should be.
    """
    path = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and path and not await asyncio.to_thread(Path(path).exists):
        raise DatabaseMissingError(url)
    engine = connect(url)
    try:
        with within_reach(url):
            async with engine.connect() as connection:
                there = await connection.run_sync(lambda sync: inspect(sync).has_table("shop"))
        if not there:
            raise DatabaseMissingError(url)
    finally:
        await engine.dispose()
