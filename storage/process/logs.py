"""Logging for serving processes: one line of JSON each on stderr, in a terminal one line for the eye.

Every line has the conversation and the trace it belongs to, where there is one. No line of ours quotes what a customer
said, nor a name, an email address or an order: it has ids of conversations and turns, and what code decided.
"""

import json
import logging
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from storage.process.limits import TokenBuckets
from storage.traces.tracing import trace_id

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LONGEST = 200
"""Longest message, in characters, since it may contain a caller's input. Our own traceback follows it in full."""
A_MINUTE = 10
"""Lines and tracebacks of one kind per minute."""
OURS = ("ui", "team", "mcp_servers", "knowledge", "storage", "scripts")
"""The level that is asked for is that of our packages; a library tells only of what went wrong."""

VALUE, VALUE_END = "input_value=", ", input_type="

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

conversation: ContextVar[str] = ContextVar("conversation", default="")


@contextmanager
def about(conversation_id: str) -> Iterator[None]:
    """Have every line that is logged inside tell that it is about this conversation."""
    token = conversation.set(conversation_id)
    try:
        yield
    finally:
        conversation.reset(token)


def tell(logger: logging.Logger, what: str, level: int = logging.INFO, **facts: object) -> None:
    """Log that something happened, with its facts; those that are None are left out.

    Such a line is never one too many: what happens this often is limited elsewhere.
    """
    if logger.isEnabledFor(level):
        known = {name: fact for name, fact in facts.items() if fact is not None}
        logger.log(level, what, extra={"facts": known, "happened": True})


def note(logger: logging.Logger, what: str, level: int = logging.WARNING, **facts: object) -> None:
    """Log the same of what others bring about, as often as they like: of each kind only some lines a minute."""
    if logger.isEnabledFor(level):
        known = {name: fact for name, fact in facts.items() if fact is not None}
        logger.log(level, what, extra={"facts": known})


def log_lines(level: str) -> None:
    """Log to stderr from this level on, before any library sets up its own logging."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(FORMAT) if sys.stderr.isatty() else JsonLine())
    handler.addFilter(Seldom())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for package in OURS:
        logging.getLogger(package).setLevel(level)


class OneLine(logging.Formatter):
    """Limits a message to one line of bounded length, so that nobody can forge log lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name logging calls
        """Return the line without its traceback."""
        facts = {**context(), **getattr(record, "facts", {})}
        record.message = " ".join([one_line(record.message), *(f"{name}={fact}" for name, fact in facts.items())])
        return super().formatMessage(record)

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802 - the same
        """Return a traceback."""
        return without_values(super().formatException(ei))


class JsonLine(logging.Formatter):
    """One JSON object per line, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": one_line(record.getMessage()),
            **context(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["traceback"] = without_values(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def context() -> dict[str, str]:
    """Return the conversation and the trace that run now."""
    found = {"conversation": conversation.get(), "trace": trace_id() or ""}
    return {name: value for name, value in found.items() if value}


def without_values(traceback: str) -> str:
    """Return a traceback without the values that Pydantic quotes: they are what a caller or a model sent."""
    return "\n".join(map(_without_value, traceback.splitlines()))


def _without_value(line: str) -> str:
    before, quoted, rest = line.partition(VALUE)
    return before + quoted + "…" + rest[rest.rfind(VALUE_END) :] if quoted and VALUE_END in rest else line


def one_line(message: str) -> str:
    """Return a message on one line, and not longer than any of ours."""
    printable = "".join(mark if mark.isprintable() else "·" for mark in message)
    return printable if len(printable) <= LONGEST else f"{printable[:LONGEST]}…"


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
        if getattr(record, "happened", False):
            return True
        facts = [fact for fact in getattr(record, "facts", {}).values() if isinstance(fact, str)]
        kind = f"{record.name} {record.levelno} {record.msg} {' '.join(facts)}"[:LONGEST]
        if self._buckets.take(kind):
            record.exc_info = record.exc_text = None
            self._left_out[kind] += record.levelno < logging.ERROR
            return record.levelno >= logging.ERROR
        left_out = self._left_out.pop(kind, 0)
        if left_out:
            record.msg, record.args = f"{record.getMessage()} (and {left_out:,} more before it, not shown)", None
        return True
