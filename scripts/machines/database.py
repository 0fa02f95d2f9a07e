"""The PostgreSQL of a shop on several machines: the one that DATABASE_URL names, or one of its own."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from scripts.machines.parts import free_port
from scripts.machines.postgresql import Cluster, programs
from storage.private import make_folder
from storage.settings import CannotStartError, Settings

SHOP = "shop"


class NotPostgresqlError(CannotStartError):
    """Several machines cannot share a file."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL is no PostgreSQL, and several machines cannot share a file. Unset it to have one started, "
            "or set it to postgresql+asyncpg://…"
        )


class NoPostgresqlError(CannotStartError):
    """None is installed."""

    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL cannot be found. Install it (Debian, Ubuntu: apt-get install postgresql), or set DATABASE_URL "
            "to one that is running."
        )


class AsRootError(CannotStartError):
    """PostgreSQL does not run as root."""

    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL does not run as root. Start this as another user, or set DATABASE_URL to one that is running."
        )


def require_database(settings: Settings) -> None:
    """Check that there is a PostgreSQL, or that one can be started.

    Raises:
        NotPostgresqlError: DATABASE_URL names a file.
        NoPostgresqlError: there is none.
        AsRootError: there is one, and it would not start.
    """
    if settings.database_url:
        if not settings.database_url.startswith("postgresql"):
            raise NotPostgresqlError
        return
    if programs() is None:
        raise NoPostgresqlError
    if os.geteuid() == 0:
        raise AsRootError


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """Yield the address of the shop's database; one that is started for it is stopped at the end, its data kept."""
    if settings.database_url:
        yield settings.database_url
        return
    own = _own(settings.shopdesk_home / "machines" / "postgresql")
    await asyncio.to_thread(own.start)
    try:
        if not (own.home / SHOP).exists():
            await own.ask(f"CREATE DATABASE {SHOP}")
            (own.home / SHOP).touch()
        yield own.url(SHOP)
    finally:
        await asyncio.to_thread(own.stop, "fast")


def _own(home: Path) -> Cluster:
    """Return the cluster in this folder, on a port that is free now; make it where there is none yet."""
    found = programs()
    assert found is not None  # noqa: S101 - checked before anything is started
    made = (home / "data" / "postgresql.auto.conf").exists()
    make_folder(home)
    password = (home / "password").read_text() if made else secrets.token_hex(16)
    own = Cluster(found, home, free_port(), password)
    if made:
        own.configure()
    else:
        own.make()
    return own
