"""Bringing a database to the tables this version needs."""

import asyncio
from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlalchemy.engine import make_url

from storage.db import DatabaseMissingError, connect

MIGRATIONS = Path(__file__).parent / "migrations"


async def migrate(url: str) -> None:
    """Create or upgrade every table. Safe to run again, and on a shop with data."""
    database = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = connect(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
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
    """
    path = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and path and not await asyncio.to_thread(Path(path).exists):
        raise DatabaseMissingError(url)
    engine = connect(url)
    try:
        async with engine.connect() as connection:
            if not await connection.run_sync(lambda sync: inspect(sync).has_table("shop")):
                raise DatabaseMissingError(url)
    finally:
        await engine.dispose()
