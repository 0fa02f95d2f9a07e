"""Bringing a database to the tables this version needs."""

import asyncio
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.engine import make_url

from storage.db import DatabaseMissingError, connect
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
            async with engine.begin() as connection:
                await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Replicas start together: one makes the tables, the others wait and find them made.
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    # Alembic takes 0.3 s to import and only set-up needs it.
    from alembic import command
    from alembic.config import Config

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
