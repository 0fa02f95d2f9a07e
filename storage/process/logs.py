"""Logs of a process that serves: plain lines on stderr, few of a kind, and no line that a caller can make long."""

import logging
import sys
from collections import Counter

from storage.process.limits import TokenBuckets

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LONGEST = 200
"""Characters of a message; what a caller sent may stand in it. A traceback of our own comes after it, whole."""
A_MINUTE = 10
"""Lines of one kind, and tracebacks of one kind."""


def log_plainly() -> None:
    """Write warnings and worse to stderr, in this process, before any library sets up logging of its own."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(FORMAT))
    handler.addFilter(Seldom())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class OneLine(logging.Formatter):
    """Keeps a message to one line of bounded length, so that nobody can write lines into the log."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name logging calls
        """Return the line without its traceback."""
        record.message = "".join(mark if mark.isprintable() else "·" for mark in record.message)
        if len(record.message) > LONGEST:
            record.message = f"{record.message[:LONGEST]}…"
        return super().formatMessage(record)


class Seldom(logging.Filter):
    """Lets a few lines of a kind pass in a minute and counts the others; of errors the line passes, bare.

    What a client does can then fill no log, and a fault that comes again and again keeps its lines, which have the
    numbers that customers are told.
    """

    def __init__(self) -> None:
        super().__init__()
        self._buckets = TokenBuckets(A_MINUTE, 60)
        self._left_out: Counter[str] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is written."""
        kind = f"{record.name} {record.levelno} {record.msg}"[:LONGEST]
        if self._buckets.take(kind):
            record.exc_info = record.exc_text = None
            self._left_out[kind] += record.levelno < logging.ERROR
            return record.levelno >= logging.ERROR
        left_out = self._left_out.pop(kind, 0)
        if left_out:
            record.msg, record.args = f"{record.getMessage()} (and {left_out:,} times before)", None
        return True
