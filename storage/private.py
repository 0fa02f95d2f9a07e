"""Files readable only by their owner: the database holds customers' data, and the key signs every token."""

import logging
import os
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


@cache
def _tell(what: str) -> None:
    logger.warning("%s", what)
