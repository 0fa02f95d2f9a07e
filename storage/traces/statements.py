"""The spans of SQL statements, by SQLAlchemy's own events.

Not with opentelemetry-instrumentation-sqlalchemy: its newest release wants SQLAlchemy before 2.1, and names each
statement by the path of the SQLite file.
"""

import re
from typing import Any

from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext

from storage.traces.conventions import DB_OPERATION, DB_QUERY, DB_SUMMARY, DB_SYSTEM, DB_TABLE, ERROR

TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?(\w+)", re.IGNORECASE)
SPAN = "shopdesk_span"


class Statements:
    """Begins a span before a statement runs, and ends it after. A statement's values are no part of it."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def listen(self, engine: Engine) -> None:
        """Trace this engine's statements from now on."""
        event.listen(engine, "before_cursor_execute", self._begin)
        event.listen(engine, "after_cursor_execute", _end)
        event.listen(engine, "handle_error", _fail)

    def _begin(self, connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        words = statement.split(maxsplit=1)
        operation = words[0].upper() if words else ""
        table = TABLE.search(statement)
        summary = operation if table is None else f"{operation} {table[1]}"
        attributes = {
            DB_SYSTEM: connection.dialect.name,
            DB_OPERATION: operation,
            DB_SUMMARY: summary,
            DB_QUERY: statement,
            **({} if table is None else {DB_TABLE: table[1]}),
        }
        connection.info[SPAN] = self._tracer.start_span(summary, kind=SpanKind.CLIENT, attributes=attributes)


def _end(connection: Connection, *_: object) -> None:
    span: Span | None = connection.info.pop(SPAN, None)
    if span is not None:
        span.end()


def _fail(context: ExceptionContext) -> None:
    info: dict[Any, Any] = {} if context.connection is None else context.connection.info
    span: Span | None = info.pop(SPAN, None)
    if span is not None:
        span.set_attribute(ERROR, type(context.original_exception).__qualname__)
        span.set_status(StatusCode.ERROR)
        span.end()
