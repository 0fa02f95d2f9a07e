"""What is in the place of a SQLite shop before anything is written there: a shop, nothing yet, or another file."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from storage.settings import CannotStartError

VERSIONS = "alembic_version"
OURS = frozenset({"shop", "customers"})
"""Tables that every version of the shop has, beside the one that names the version."""
SHOWN = 3
MADE_WITHIN_S, LOOKS_EVERY_S = 2, 0.1
"""How long a file may be empty while another process makes a shop of it."""


class NotAShopError(CannotStartError):
    """Something else is where the shop's database should be; it is left as it is."""

    def __init__(self, path: Path, found: str) -> None:
        super().__init__(
            f"{path} {found}, so no shop is made of it and it is left as it is. Put a copy of your shop in its place, "
            "or move it away and start again for a new shop."
        )


async def require_no_other(url: str) -> None:
    """Do nothing where a shop is or can be made; it looks without changing a byte, and PostgreSQL is not looked at.

    Raises:
        NotAShopError: a file is there that is empty, or is another program's.
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
        return "is empty (0 bytes), which no shop is, not even a new one"
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        return _told(error)
    if not tables or {VERSIONS, *OURS} <= tables:
        return ""
    return f"is a database of another program, with the tables {', '.join(sorted(tables)[:SHOWN])}"


def _told(error: sqlite3.DatabaseError) -> str:
    # Whoever opens it to write waits for a lock, or is told why it cannot be opened.
    if error.sqlite_errorname == "SQLITE_NOTADB":
        return "is not an SQLite database"
    return f"is a damaged database ({error})" if error.sqlite_errorname.startswith("SQLITE_CORRUPT") else ""
