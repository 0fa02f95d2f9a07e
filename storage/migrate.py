"""Bringing a database to the tables this version needs."""

import asyncio
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.engine import make_url

from storage.db import WRITE, DatabaseMissingError, connect
from storage.given_file import require_no_other
from storage.outages import within_reach
from storage.private import make_folder
from storage.settings import CannotStartError

MIGRATIONS = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 20260630
"""The name of the lock that migrations take in PostgreSQL."""


class OtherVersionError(CannotStartError):
    """The database's tables are of another version than this program."""

    def __init__(self, version: str) -> None:
        wanted = newest_version()
        way_out = (
            "Run `shopdesk up` once: it brings them up to date and keeps the data."
            if version < wanted
            else "They are left as they are. Start the newer program that made them, or restore an older backup."
        )
        super().__init__(f"The shop's tables are of version {version}, and this program needs {wanted}. {way_out}")


def newest_version() -> str:
    """Return the version of the tables that this program needs."""
    # Read off the files' names: Alembic takes 0.3 s to import.
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


async def migrate(url: str) -> None:
    """Create or upgrade every table. Safe to run again, and on a shop with data.

    Raises:
        DatabaseAwayError: the database cannot be reached.
        NotAShopError: in its place is an empty file, or another program's.
        OtherVersionError: the tables are of a newer program.
    """
    await require_no_other(url)
    database = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and database:
        make_folder(Path(database).parent)
    engine = connect(url)
    try:
        with within_reach(url):
            async with engine.connect() as connection:
                version = await connection.run_sync(_version)
            if version == newest_version():
                return
            if version is not None and version > newest_version():
                raise OtherVersionError(version)
            async with engine.connect() as connection:
                # Replicas start together: one makes the tables, the others wait and find them made.
                await connection.execution_options(**{WRITE: True})
                await connection.run_sync(_upgrade)
                await connection.commit()
    finally:
        await engine.dispose()


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _upgrade(connection: Connection) -> None:
    # Slow to import, and only set-up needs it.
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
    """Do nothing when the database has a shop's tables, as this program needs them.

    Raises:
        DatabaseMissingError: it has none; the message names the command that makes them.
        OtherVersionError: they are of an older or newer program.
        DatabaseAwayError: it cannot be reached; the message names where it should be.
        NotAShopError: in its place is an empty file, or another program's.
    """
    await require_no_other(url)
    path = make_url(url).database
    if make_url(url).get_backend_name() == "sqlite" and path and not await asyncio.to_thread(Path(path).exists):
        raise DatabaseMissingError(url)
    engine = connect(url)
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
