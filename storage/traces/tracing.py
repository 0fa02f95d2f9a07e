"""Traces, where OTEL_EXPORTER_OTLP_ENDPOINT is set; where it is not, nothing here imports or does anything.

A span is begun where the work is done. Who began the work is known from the context that asyncio hands to a task, so a
turn that goes on after its request was answered is still a part of that request's trace. Work for several turns at
once, which belongs to none of them, runs in `nobodys` context.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from contextvars import Context
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncEngine

from storage.settings import Settings
from storage.traces.conventions import ERROR

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer
    from starlette.types import ASGIApp

    from storage.traces.exporting import Exporting

Attributes = Mapping[str, str | int | float | bool | Sequence[str]]

NOT_TRACED = ("/health$", "/healthz$", "/ready$", "/metrics$", "/static/", "/events$", "/mcp$")
"""Requests of machines, files, streams that last as long as a page is open; an MCP request has a span by itself."""


class Traced:
    """What this process traces with; nothing while tracing is off."""

    exporting: "Exporting | None" = None


@contextlib.contextmanager
def tracing(settings: Settings, service: str) -> Iterator[None]:
    """Trace this process under the name of its service, where an endpoint for traces is set."""
    if not settings.otel_exporter_otlp_endpoint:
        yield
        return
    # A shop without traces does not pay for importing the SDK.
    from storage.traces.exporting import Exporting

    Traced.exporting = Exporting(settings, service)
    try:
        yield
    finally:
        exporting, Traced.exporting = Traced.exporting, None
        exporting.close()


def is_traced() -> bool:
    """Return whether this process traces."""
    return Traced.exporting is not None


@contextlib.contextmanager
def span(name: str, attributes: Attributes | None = None) -> Iterator["Part"]:
    """Trace what runs inside as a part of what runs now; an error is told by its class alone."""
    if Traced.exporting is None:
        yield NO_PART
        return
    with Traced.exporting.tracer.start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as begun:
        part = Part(begun)
        try:
            yield part
        except BaseException as error:
            part.fail(error)
            raise


class Part:
    """A span that has begun, or none."""

    def __init__(self, begun: "Span | None") -> None:
        self._span = begun

    def tell(self, attributes: Attributes) -> None:
        """Add what is known by now."""
        if self._span is not None:
            self._span.set_attributes(dict(attributes))

    def fail(self, error: BaseException | str) -> None:
        """Mark it as failed, by the error's class; what the error says may be a customer's."""
        if self._span is not None:
            from opentelemetry.trace import StatusCode

            self._span.set_attribute(ERROR, error if isinstance(error, str) else type(error).__qualname__)
            self._span.set_status(StatusCode.ERROR)


NO_PART = Part(None)


def tell(attributes: Attributes) -> None:
    """Add attributes to the span that runs now."""
    if Traced.exporting is not None:
        from opentelemetry.trace import get_current_span

        get_current_span().set_attributes(dict(attributes))


def trace_id() -> str | None:
    """Return the id of the trace that runs now, as 32 hexadecimal digits; None where there is none."""
    if Traced.exporting is None:
        return None
    from opentelemetry.trace import format_trace_id, get_current_span

    found = get_current_span().get_span_context()
    return format_trace_id(found.trace_id) if found.is_valid else None


def nobodys() -> Context:
    """Return the context of a task that works for several turns: it belongs to no trace and no conversation."""
    return Context()


def traced_app(app: "ASGIApp") -> "ASGIApp":
    """Return an app whose requests are traced."""
    if Traced.exporting is None:
        return app
    from starlette.middleware.opentelemetry import OpenTelemetryMiddleware

    return OpenTelemetryMiddleware(app, excluded_urls=NOT_TRACED, tracer_provider=Traced.exporting.provider)


def trace_sql(engines: Sequence[AsyncEngine]) -> None:
    """Trace the statements of this process's engines."""
    if Traced.exporting is not None:
        Traced.exporting.trace_sql([engine.sync_engine for engine in engines])


def tracer() -> "Tracer | None":
    """Return what begins spans by hand; None while tracing is off."""
    return None if Traced.exporting is None else Traced.exporting.tracer


def traces_text() -> bool:
    """Return whether spans may have what customers and models said."""
    return Traced.exporting is not None and Traced.exporting.text


def as_attributes(**found: Any) -> dict[str, Any]:  # noqa: ANN401 - of any type an attribute may have
    """Return those of these that are known."""
    return {name: value for name, value in found.items() if value is not None}
