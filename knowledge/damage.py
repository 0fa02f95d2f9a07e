"""Detecting a damaged index, and moving it out of the way.

The libraries report damage in many ways; at worst they silently return fewer results, or crash the process.
So an ingest records a digest of what it wrote, which is compared before a library opens it.
"""

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from storage.errors import UnavailableError
from storage.outages import DiskFullError, is_out_of_room
from storage.settings import CannotStartError

ASIDE = "damaged-"
"""Name prefix of damaged indexes, which are kept next to the one in use."""
KEPT_ASIDE = 2
PERSISTED = "index_metadata.pickle"
"""The file Chroma keeps next to a vector graph's files; without it they are meaningless, and may change."""
NOTED_WHEN_OPENED = "acquire_write"
"""Chroma's table of who opened the database for writing; the other tables hold the data."""
ROWS_AT_ONCE = 1000


class IndexUnusableError(UnavailableError):
    """The index cannot be used. With half an index, a search would silently find less; so it fails instead."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"Policies cannot be searched: {problem}. Run `shopdesk ingest`.")


class IndexDamagedError(IndexUnusableError, CannotStartError):
    """The index's files differ from what was written. `damage` is for the operator."""

    def __init__(self, damage: str) -> None:
        self.damage = damage
        super().__init__(f"their index is damaged ({damage})")


class IndexBusyError(UnavailableError):
    """The index cannot be used yet: it is being built right now."""

    def __init__(self) -> None:
        super().__init__("Policies cannot be searched yet: their index is being rebuilt. Try again in a minute.")


def made_with() -> str:
    """Return the versions of the libraries that write an index."""
    return ", ".join(f"{name} {version(name)}" for name in ("chromadb", "tantivy"))


def digests_of(path: Path) -> dict[str, str]:
    """Return the digest of each of an index's files, by name; unreadable files are left out."""
    return {str(file.relative_to(path)): _digest(file) for half in ("bm25", "chroma") for file in _files(path / half)}


def require_whole(path: Path, digests: Mapping[str, str]) -> None:
    """Check that an index's files match these digests.

    Raises:
        IndexDamagedError: a file is missing or different.
    """
    for name, digest in digests.items():
        if not (path / name).is_file():
            raise IndexDamagedError(f"{name} is missing")
        if _digest(path / name) != digest:
            raise IndexDamagedError(f"{name} has changed since it was written")


@contextmanager
def told_where_damaged() -> Iterator[None]:
    """Turn the libraries' errors about an unusable index into ours.

    Raises:
        IndexDamagedError: they cannot.
        DiskFullError: the disk is full.
    """
    # Slow to import; whoever opens an index has done so already.
    from chromadb.errors import ChromaError, NotFoundError

    try:
        yield
    except NotFoundError:
        raise
    # tantivy raises ValueError for everything; Chroma raises the others for unexpected failures.
    except (ChromaError, OSError, ValueError, RuntimeError, AttributeError) as error:
        said = " ".join(str(error).split())[:200]
        if is_out_of_room(said):
            raise DiskFullError(said) from error
        raise IndexDamagedError(said) from error


def set_aside(path: Path) -> Path:
    """Move a damaged index out of the way, delete older ones, and return its new path."""
    name = f"{ASIDE}{datetime.now(UTC):%Y-%m-%dT%H%M%S.%f}"
    aside = path.rename(path.with_name(name))
    for older in sorted(path.parent.glob(f"{ASIDE}*"))[:-KEPT_ASIDE]:
        # Files that cannot be removed do no harm.
        shutil.rmtree(older, ignore_errors=True)
    return aside


def _files(half: Path) -> list[Path]:
    return sorted(file for file in half.rglob("*") if file.is_file() and _is_content(file))


def _is_content(file: Path) -> bool:
    is_of_graph = file.suffix == ".bin"
    return file.suffix != ".lock" and (not is_of_graph or file.with_name(PERSISTED).exists())


def _digest(file: Path) -> str:
    try:
        if file.name == "chroma.sqlite3":
            return _digest_of_rows(file)
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except (OSError, sqlite3.Error):
        return ""


def _digest_of_rows(file: Path) -> str:
    # Merely opening the file changes some bytes, so the rows are compared instead.
    digest = hashlib.sha256()
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as database:
        digest.update(repr(database.execute("PRAGMA quick_check(1)").fetchone()).encode())
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for name in sorted({*names} - {NOTED_WHEN_OPENED}):
            rows = database.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - the names are of its own tables
            while some := rows.fetchmany(ROWS_AT_ONCE):
                digest.update(repr((name, some)).encode())
    return digest.hexdigest()
