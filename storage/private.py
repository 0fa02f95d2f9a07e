"""Files readable only by their owner: the database holds customers' data, and the key signs every token."""

import logging
import os
import secrets
from functools import cache
from pathlib import Path

OWNERS_FILE, OWNERS_FOLDER = 0o600, 0o700
OTHERS = 0o077
BESIDE = ("", "-wal", "-shm", "-journal")
"""A SQLite database's files; SQLite creates the others with the permissions of the first."""

logger = logging.getLogger(__name__)


def make_folder(folder: Path) -> None:
    """Create a folder and its missing parents, private to their owner; an existing one is left alone."""
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(OWNERS_FOLDER, exist_ok=True)


def keep_private(database: str) -> None:
    """Make a SQLite database's files, new or existing, readable only by their owner."""
    path = Path(database)
    if database.startswith((":memory:", "file:")) or not database or not path.parent.is_dir():
        return
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, OWNERS_FILE))
    for end in BESIDE:
        narrow(path.with_name(f"{path.name}{end}"))


def narrow(path: Path) -> None:
    """Remove other users' permissions from a file, if it exists, and say so once."""
    try:
        mode = path.stat().st_mode
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)
            _tell(f"{path} was readable by other users of this machine; it is now private to its owner.")
    except FileNotFoundError:
        # Another process closed the database, which removes its WAL.
        return
    except PermissionError:
        _tell(
            f"{path} is readable by other users of this machine; only its owner can change that: run chmod 600 on it."
        )


def kept_secret(path: Path) -> str:
    """Return the secret in a file that only its owner may read; the first call generates it."""
    make_folder(path.parent)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNERS_FILE)
    except FileExistsError:
        narrow(path)
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text()


@cache
def _tell(what: str) -> None:
    logger.warning("%s", what)
