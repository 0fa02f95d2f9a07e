"""Files that are their owner's alone: the database holds customers' data, and the key signs every token."""

import logging
import os
from functools import cache
from pathlib import Path

OWNERS_FILE, OWNERS_FOLDER = 0o600, 0o700
OTHERS = 0o077
BESIDE = ("", "-wal", "-shm", "-journal")
"""A SQLite database's files; SQLite gives the others the rights of the first when it makes them."""

logger = logging.getLogger(__name__)


def make_folder(folder: Path) -> None:
    """Make a folder with those above it that are missing, for its owner alone; one that is there stays as it is."""
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(OWNERS_FOLDER, exist_ok=True)


def keep_private(database: str) -> None:
    """Have a SQLite database's files, made by this or there before, readable by their owner alone."""
    path = Path(database)
    if database.startswith((":memory:", "file:")) or not database or not path.parent.is_dir():
        return
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, OWNERS_FILE))
    for end in BESIDE:
        narrow(path.with_name(f"{path.name}{end}"))


def narrow(path: Path) -> None:
    """Take the rights of all others from a file, if it is there, and say so once."""
    try:
        mode = path.stat().st_mode
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)
            _tell(f"{path} could be read by other users of this machine; now by its owner alone.")
    except FileNotFoundError:
        # Another process closed the database, which ends its log.
        return
    except PermissionError:
        _tell(f"{path} can be read by other users of this machine, and only its owner can change that: chmod 600 it.")


@cache
def _tell(what: str) -> None:
    logger.warning("%s", what)
