"""Logging for serving processes: plain lines on stderr, limited per kind, with bounded length."""

import logging
import sys
from collections import Counter

from storage.process.limits import TokenBuckets

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LONGEST = 200
"""Longest message, in characters, since it may contain a caller's input. Our own traceback follows it in full."""
A_MINUTE = 10
"""Lines and tracebacks of one kind per minute."""


def log_plainly() -> None:
    """Log warnings and errors to stderr, before any library sets up its own logging."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(FORMAT))
    handler.addFilter(Seldom())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class OneLine(logging.Formatter):
    """Limits a message to one line of bounded length, so that nobody can forge log lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name logging calls
        """Return the line without its traceback."""
        record.message = "".join(mark if mark.isprintable() else "·" for mark in record.message)
        if len(record.message) > LONGEST:
            record.message = f"{record.message[:LONGEST]}…"
        return super().formatMessage(record)


class Seldom(logging.Filter):
    """Passes a few lines of each kind per minute and counts the rest; errors always pass, without their traceback.

    So clients cannot fill the log, while a recurring fault keeps its lines, which contain the reference numbers that
    customers are given.
    """

    def __init__(self) -> None:
        super().__init__()
        self._buckets = TokenBuckets(A_MINUTE, 60)
        self._left_out: Counter[str] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether to log a record."""
        kind = f"{record.name} {record.levelno} {record.msg}"[:LONGEST]
        if self._buckets.take(kind):
            record.exc_info = record.exc_text = None
            self._left_out[kind] += record.levelno < logging.ERROR
            return record.levelno >= logging.ERROR
        left_out = self._left_out.pop(kind, 0)
        if left_out:
            record.msg, record.args = f"{record.getMessage()} (and {left_out:,} more before it, not shown)", None
        return True
