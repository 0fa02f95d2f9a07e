"""Whether an index is as the last ingest left it, and where one goes that is not.

The libraries tell damage in many ways, of which the worst is no word at all: they answer with less, or end the process.
So what an ingest wrote is remembered by its digest, and compared before a library opens it.
"""

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from storage.errors import ShopError
from storage.outages import DiskFullError, is_out_of_room
from storage.settings import CannotStartError

ASIDE = "damaged-"
"""How the names of damaged indexes begin, which are kept beside the one in use."""
KEPT_ASIDE = 2
PERSISTED = "index_metadata.pickle"
"""What Chroma keeps beside the files of a graph of vectors; without it they mean nothing, and change by themselves."""
NOTED_WHEN_OPENED = "acquire_write"
"""Chroma's table of who opened the database to write; the others hold what was written."""
ROWS_AT_ONCE = 1000


class IndexUnusableError(ShopError):
    """The index cannot answer: half an index would be a quieter search, not an error."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"Policies cannot be searched: {problem}. Run `shopdesk ingest`.")


class IndexDamagedError(IndexUnusableError, CannotStartError):
    """The files of the index are not what was written. `damage` is for whoever runs the shop."""

    def __init__(self, damage: str) -> None:
        self.damage = damage
        super().__init__(f"their index is damaged ({damage})")


class IndexBusyError(ShopError):
    """The index cannot answer yet: somebody makes it at this moment."""

    def __init__(self) -> None:
        super().__init__("Policies cannot be searched yet: their index is being rebuilt. Try again in a minute.")


def made_with() -> str:
    """Return the versions of the libraries that write an index."""
    return ", ".join(f"{name} {version(name)}" for name in ("chromadb", "tantivy"))


def digests_of(path: Path) -> dict[str, str]:
    """Return the digest of each file of an index, by its name; one that cannot be read has none."""
    return {str(file.relative_to(path)): _digest(file) for half in ("bm25", "chroma") for file in _files(path / half)}


def require_whole(path: Path, digests: Mapping[str, str]) -> None:
    """Do nothing where the files of an index are those of these digests.

    Raises:
        IndexDamagedError: one is missing, or another now.
    """
    for name, digest in digests.items():
        if not (path / name).is_file():
            raise IndexDamagedError(f"{name} is missing")
        if _digest(path / name) != digest:
            raise IndexDamagedError(f"{name} is not what was written")


@contextmanager
def told_where_damaged() -> Iterator[None]:
    """Tell what the libraries say of an index that they cannot use.

    Raises:
        IndexDamagedError: they cannot.
        DiskFullError: the disk has no room.
    """
    # Slow to import; whoever opens an index has done so already.
    from chromadb.errors import ChromaError, NotFoundError

    try:
        yield
    except NotFoundError:
        raise
    # tantivy says everything by a ValueError; Chroma says what it did not foresee by the others.
    except (ChromaError, OSError, ValueError, RuntimeError, AttributeError) as error:
        said = " ".join(str(error).split())[:200]
        if is_out_of_room(said):
            raise DiskFullError(said) from error
        raise IndexDamagedError(said) from error


def set_aside(path: Path) -> Path:
    """Move a damaged index out of the way, keep the last of them, and return where it is now."""
    name = f"{ASIDE}{datetime.now(UTC):%Y-%m-%dT%H%M%S.%f}"
    aside = path.rename(path.with_name(name))
    for older in sorted(path.parent.glob(f"{ASIDE}*"))[:-KEPT_ASIDE]:
        # What of it cannot be removed is in nobody's way.
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
    # Opening alone changes some bytes of the file, so the rows are what is compared.
    digest = hashlib.sha256()
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as database:
        digest.update(repr(database.execute("PRAGMA quick_check(1)").fetchone()).encode())
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for name in sorted({*names} - {NOTED_WHEN_OPENED}):
            rows = database.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - the names are of its own tables
            while some := rows.fetchmany(ROWS_AT_ONCE):
                digest.update(repr((name, some)).encode())
    return digest.hexdigest()
