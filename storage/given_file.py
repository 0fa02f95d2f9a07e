"""What is at the SQLite shop's path before anything is written there: a shop, nothing, or another file."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from storage.settings import CannotStartError

VERSIONS = "alembic_version"
OURS = frozenset({"shop", "customers"})
"""Tables that every version of the shop has, besides the version table."""
SHOWN = 3
MADE_WITHIN_S, LOOKS_EVERY_S = 2, 0.1
"""How long a file may be empty while another process is creating a shop in it."""


class NotAShopError(CannotStartError):
    """Something else is where the shop's database should be; it is left alone."""

    def __init__(self, path: Path, found: str) -> None:
        super().__init__(
            f"{path} {found}, so it was left alone. Replace it with a copy of your shop, "
            "or move it away and start again for a new shop."
        )


async def require_no_other(url: str) -> None:
    """Check that a shop exists or can be created here, without changing a byte; PostgreSQL is not checked.

    Raises:
        NotAShopError: the file is empty, or belongs to another program.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return
    path = Path(address.database)
    for _ in range(int(MADE_WITHIN_S / LOOKS_EVERY_S)):
        if not await asyncio.to_thread(_is_empty, path):
            break
        await asyncio.sleep(LOOKS_EVERY_S)
    if found := await asyncio.to_thread(_found_in, path):
        raise NotAShopError(path, found)


def _is_empty(path: Path) -> bool:
    return path.is_file() and not path.stat().st_size


def _found_in(path: Path) -> str:
    """Return what is wrong with a file, or nothing."""
    if path.is_dir():
        return "is a folder"
    if not path.exists():
        return ""
    if _is_empty(path):
        return "is empty (0 bytes); even a new shop is not"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        return _told(error)
    if not tables or {VERSIONS, *OURS} <= tables:
        return ""
    return f"is another program's database, with the tables {', '.join(sorted(tables)[:SHOWN])}"


def _told(error: sqlite3.DatabaseError) -> str:
    # A later open for writing will wait for the lock, or report why it fails.
    if error.sqlite_errorname == "SQLITE_NOTADB":
        return "is not an SQLite database"
    return f"is a damaged database ({error})" if error.sqlite_errorname.startswith("SQLITE_CORRUPT") else ""
