"""Migrating a database to the tables this version needs."""

import asyncio
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.db import WRITE, DatabaseMissingError, connect
from storage.given_file import require_no_other
from storage.outages import DatabaseBusyError, Refusals, within_reach
from storage.private import make_folder
from storage.settings import CannotStartError

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 20260630
"""The lock that migrations take in PostgreSQL."""
OTHERS_TAKE_S = 600
"""How long another process may take to migrate the same database; SQLite itself gives up waiting sooner."""


class OtherVersionError(CannotStartError):
    """The database's tables belong to a different version of this program."""

    def __init__(self, version: str) -> None:
        wanted = newest_version()
        way_out = (
            "Run `shopdesk up` once to migrate them; the data is kept."
            if version < wanted
            else "They were left alone. Start the newer version that created them, or restore an older backup."
        )
        super().__init__(f"The shop's tables have version {version}, but this program needs {wanted}. {way_out}")


def newest_version() -> str:
    """Return the table version that this program needs."""
    # Read from the file names: Alembic takes 0.3 s to import.
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def migrate(url: str) -> None:
    """Create or upgrade every table. Safe to run again, and on a shop with data.

    Raises:
        DatabaseAwayError: the database cannot be reached.
        NotAShopError: the file is empty, or belongs to another program.
        OtherVersionError: the tables belong to a newer version.
    """
    await require_no_other(url)
    database = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and database:
        make_folder(Path(database).parent)
    engine = connect(url, Refusals())
    try:
        with within_reach(url):
            async with engine.connect() as connection:
                version = await connection.run_sync(_version)
            if version == newest_version():
                return
            if version is not None and version > newest_version():
                raise OtherVersionError(version)
            await _in_turn(engine)
    finally:
        await engine.dispose()


async def _in_turn(engine: AsyncEngine) -> None:
    """Upgrade. Replicas start together: one creates the tables, the others wait and find them there."""
    # Tool servers import this module, and only setup needs it.
    from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay

    is_busy, limit = retry_if_exception_type(DatabaseBusyError), stop_after_delay(OTHERS_TAKE_S)
    async for attempt in AsyncRetrying(retry=is_busy, stop=limit, reraise=True):
        with attempt:
            async with engine.connect() as connection:
                await connection.execution_options(**{WRITE: True})
                # Begun here, since Alembic would end a transaction of its own after each migration in SQLite.
                async with connection.begin():
                    await connection.run_sync(_upgrade)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _upgrade(connection: Connection) -> None:
    # Slow to import, and only setup needs it.
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def require_shop(url: str) -> None:
    """Check that the database has a shop's tables in this program's version.

    Raises:
        DatabaseMissingError: it has none; the message names the command that creates them.
        OtherVersionError: they belong to an older or newer version.
        DatabaseAwayError: it cannot be reached; the message names its address.
        NotAShopError: the file is empty, or belongs to another program.
    """
    await require_no_other(url)
    path = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and path and not await asyncio.to_thread(Path(path).exists):
        raise DatabaseMissingError(url)
    engine = connect(url, Refusals())
    try:
        with within_reach(url):
            async with engine.connect() as connection:
                version = await connection.run_sync(_version)
        if version is None:
            raise DatabaseMissingError(url)
        if version != newest_version():
            raise OtherVersionError(version)
    finally:
        await engine.dispose()
