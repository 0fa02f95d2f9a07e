"""A database that is away or busy, or takes no such text: what is said instead of the driver's own words."""

import errno
import os
import socket
from asyncio import CancelledError
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Dialect, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import ShopError
from storage.settings import CannotStartError

# PostgreSQL's states: a lock or a statement took too long, two callers blocked each other, no connection is left.
BUSY = frozenset({"55P03", "57014", "40P01", "40001", "53300"})
# The server is stopping, crashed, starting, or ended the connection; and (class 08) the connection broke.
GONE = frozenset({"57P01", "57P02", "57P03", "25P03"})
# No room on the disk, as PostgreSQL and SQLite say it; and what the system says, also where a quota or a limit ends.
FULL = frozenset(
    {"53100", "SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE"}
    | {"SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMMAP"}
)
OUT_OF_ROOM = (
    "database or disk is full",
    *(os.strerror(number).lower() for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)),
)
NO_TEXT = "22021"
"""PostgreSQL keeps no NUL character in a text."""


class DatabaseAwayError(CannotStartError):
    """The database did not let us in when a program started."""

    def __init__(self, url: str, reason: str) -> None:
        address = make_url(url)
        place = f"{address.host}:{address.port or 5432}" if address.host else address.database
        super().__init__(
            f"The database at {place} cannot be reached: {reason}. Start it, or correct DATABASE_URL "
            f"({address.render_as_string(hide_password=True)}), then start again."
        )


class DatabaseGoneError(ShopError):
    """The database went away while the shop was running. `reason` is for whoever runs the shop."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            "The shop's database cannot be reached at this moment. Try again in a minute, "
            "and look first whether it was done."
        )


class DatabaseBusyError(ShopError):
    """Somebody else held what was needed for too long. `reason` is for whoever runs the shop."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__("The shop is busy with other changes; nothing was changed. Try again in a minute.")


class DiskFullError(ShopError, CannotStartError):
    """The disk that the shop's data is on has no room. `reason` is for whoever runs the shop."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            "The shop cannot keep anything at this moment, since its disk is full. Nothing was changed. "
            "Try again later."
        )


class NoTextError(ShopError):
    """Somebody sent a NUL character where text is kept or looked for."""

    def __init__(self) -> None:
        super().__init__("A text holds a NUL character, which no text has. Leave it out.")


OUTAGES = (DatabaseBusyError, DatabaseGoneError, DiskFullError)
"""What passes by itself: the same request may be answered later."""


def is_out_of_room(said: str) -> bool:
    """Tell whether a library's words mean that a disk, or what its owner may use of it, is full."""
    return any(words in said.lower() for words in OUT_OF_ROOM)


def tell_outages(engine: AsyncEngine) -> None:
    """Have the engine raise the errors of this module where its database is away or busy."""
    event.listen(engine.sync_engine, "do_connect", _connect)
    event.listen(engine.sync_engine, "handle_error", _translate)


@contextmanager
def within_reach(url: str) -> Iterator[None]:
    """Say it in one line when a program's first step finds no database.

    Raises:
        DatabaseAwayError: the database is away, or does not let us in.
    """
    try:
        yield
    except (DatabaseGoneError, DatabaseBusyError) as error:
        raise DatabaseAwayError(url, " ".join(error.reason.split())) from error


def _connect(
    dialect: Dialect, _entry: ConnectionPoolEntry, arguments: tuple[Any, ...], options: dict[str, Any]
) -> DBAPIConnection:
    try:
        return dialect.connect(*arguments, **options)
    except TimeoutError as error:
        raise DatabaseGoneError(f"no answer within {options['timeout']} seconds") from error
    except socket.gaierror as error:
        raise DatabaseGoneError("no computer has this name") from error
    except OSError as error:
        raise DatabaseGoneError(os.strerror(error.errno) if error.errno else str(error)) from error


def _translate(context: ExceptionContext) -> None:
    error = context.original_exception
    # A broken connection in the pool is replaced by a new one; one that was cancelled with its task is not broken.
    if context.is_pre_ping or isinstance(error, CancelledError):
        return
    state = getattr(error, "sqlstate", None) or ""
    if state == NO_TEXT:
        raise NoTextError from error
    name = getattr(error, "sqlite_errorname", "")
    if state in FULL or name in FULL:
        raise DiskFullError(str(error)) from error
    if state in BUSY or name.startswith("SQLITE_BUSY"):
        raise DatabaseBusyError(str(error)) from error
    could_not_connect = context.connection is None and context.sqlalchemy_exception is not None
    if could_not_connect or context.is_disconnect or state in GONE or state.startswith("08"):
        raise DatabaseGoneError(str(error)) from error
    if isinstance(error, TimeoutError):
        raise DatabaseGoneError("a statement was not answered in time") from error
