"""An unreachable or busy database, or text it rejects: clear errors instead of the driver's."""

import errno
import os
import socket
from asyncio import CancelledError
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Dialect, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.errors import ShopError
from storage.settings import CannotStartError

# PostgreSQL's SQLSTATEs: a lock or statement timeout, a deadlock, too many connections.
BUSY = frozenset({"55P03", "57014", "40P01", "40001", "53300"})
# The server is stopping, crashed, starting, or ended the connection; and (class 08) the connection broke.
GONE = frozenset({"57P01", "57P02", "57P03", "25P03"})
# A full disk as reported by PostgreSQL, SQLite and the operating system, including quotas and limits.
FULL = frozenset(
    {"53100", "SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE"}
    | {"SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_SHMMAP"}
)
OUT_OF_ROOM = (
    "database or disk is full",
    *(os.strerror(number).lower() for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)),
)
NO_TEXT = "22021"
"""PostgreSQL cannot store a NUL character in text."""


class DatabaseAwayError(CannotStartError):
    """The database could not be reached at startup."""

    def __init__(self, url: str, reason: str) -> None:
        address = make_url(url)
        place = f"{address.host}:{address.port or 5432}" if address.host else address.database
        super().__init__(
            f"The database at {place} cannot be reached: {reason}. Start it, or correct DATABASE_URL "
            f"({address.render_as_string(hide_password=True)}), then try again."
        )


class DatabaseGoneError(ShopError):
    """The database became unreachable while the shop was running. `reason` is for the operator."""

    kind = "gone"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            "The shop's database cannot be reached right now. Try again in a minute, "
            "but check first whether the change was made."
        )


class DatabaseBusyError(ShopError):
    """A lock or connection was held too long by somebody else. `reason` is for the operator."""

    kind = "busy"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__("The shop is busy with other changes; nothing was changed. Try again in a minute.")


class DiskFullError(ShopError, CannotStartError):
    """The disk with the shop's data is full. `reason` is for the operator."""

    kind = "full"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            "The shop cannot save anything right now because its disk is full. Nothing was changed. Try again later."
        )


class NoTextError(ShopError):
    """A NUL character was sent where text is stored or searched."""

    def __init__(self) -> None:
        super().__init__("The text contains a NUL character, which is not allowed. Remove it.")


OUTAGES = (DatabaseBusyError, DatabaseGoneError, DiskFullError)
"""Transient errors: the same request may succeed later."""

Refusals = Counter[str]
"""How often the database refused, by the kind of the error."""


def is_out_of_room(said: str) -> bool:
    """Return whether a library's error message means that a disk or a quota is full."""
    return any(words in said.lower() for words in OUT_OF_ROOM)


def tell_outages(engine: AsyncEngine, refusals: Refusals) -> None:
    """Make the engine raise this module's errors when its database is unreachable or busy, and count them."""
    event.listen(engine.sync_engine, "do_connect", _connect)
    event.listen(engine.sync_engine, "handle_error", partial(_counted, refusals))


@contextmanager
def within_reach(url: str) -> Iterator[None]:
    """Turn an unreachable database at startup into a one-line error.

    Raises:
        DatabaseAwayError: the database is unreachable or rejects the connection.
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
        raise DatabaseGoneError("the host name is unknown") from error
    except OSError as error:
        raise DatabaseGoneError(os.strerror(error.errno) if error.errno else str(error)) from error


def _counted(refusals: Refusals, context: ExceptionContext) -> None:
    try:
        _translate(context)
    except OUTAGES as error:
        refusals[error.kind] += 1
        raise


def _translate(context: ExceptionContext) -> None:
    error = context.original_exception
    # The pool replaces broken connections; one that was cancelled with its task is not broken.
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
        raise DatabaseGoneError("a statement timed out") from error
