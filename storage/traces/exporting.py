"""Sending spans to a collector over OTLP/HTTP, with OpenTelemetry's SDK. Imported only where traces are wanted.

What a span holds is cut down here to the shop's conventions, in the thread that sends it: nothing a library adds by
itself, such as an error's message or a request's address, reaches the collector. Everything else that OpenTelemetry's
own variables can say (headers of the collector, sampling, attributes of the resource), its SDK reads by itself.
"""

import os
from collections.abc import Mapping, Sequence
from importlib.metadata import version

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.httpx import HTTPX2ClientInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult
from opentelemetry.trace import Link, SpanKind, Status, TraceState, get_current_span
from opentelemetry.util.types import AttributeValue
from sqlalchemy import Engine

from storage.settings import Settings
from storage.traces.conventions import CREATE_AGENT, EXECUTE_TOOL, INVOKE_WORKFLOW, KEPT, METHOD, OPERATION, TEXT, TOOL
from storage.traces.statements import Statements

SENDS_WITHIN_S = 3
CALLED = "tools/call"
SENT = "MCP send "
"""What the MCP SDK puts before the name of a client's span; the conventions have the name alone."""

NEWEST_NAMES = "http"
"""The HTTP client's library still uses names of before the conventions were stable, unless it is told so."""


class Exporting:
    """The SDK of this process: begins spans, and sends those that ended."""

    def __init__(self, settings: Settings, service: str) -> None:
        os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", NEWEST_NAMES)
        # Each message between AutoGen's agents would be a span of its own, in the middle of ours.
        os.environ.setdefault("AUTOGEN_DISABLE_RUNTIME_TRACING", "true")
        self.text = settings.trace_text
        named = {SERVICE_NAME: service, SERVICE_VERSION: version("shopdesk")}
        self.provider = TracerProvider(
            resource=Resource.create({"service.namespace": "shopdesk", **named}),
            # The SDK's own choice, made from OTEL_TRACES_SAMPLER, decides about whole traces.
            sampler=ParentBased(Beginnings(TracerProvider().sampler), local_parent_sampled=Parts()),
        )
        sent_to = f"{settings.otel_exporter_otlp_endpoint}/v1/traces"
        sending = OTLPSpanExporter(endpoint=sent_to, timeout=SENDS_WITHIN_S)
        self.provider.add_span_processor(Conventional())
        self.provider.add_span_processor(BatchSpanProcessor(Kept(sending, KEPT | TEXT if self.text else KEPT)))
        # The MCP SDK and AutoGen trace with the provider of the process.
        trace.set_tracer_provider(self.provider)
        HTTPX2ClientInstrumentor().instrument(tracer_provider=self.provider)
        self.tracer = self.provider.get_tracer("shopdesk", version("shopdesk"))

    def trace_sql(self, engines: Sequence[Engine]) -> None:
        """Trace the statements of these engines."""
        for engine in engines:
            Statements(self.tracer).listen(engine)

    def close(self) -> None:
        """Send what ended by now."""
        self.provider.shutdown()


class Beginnings(Sampler):
    """A trace begins with a request or with a turn; what nobody asked for, such as a look for lost turns, is none."""

    def __init__(self, chosen: Sampler) -> None:
        self._chosen = chosen

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Mapping[str, AttributeValue] | None = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Leave it to the SDK's sampler, where a trace may begin."""
        if kind is not SpanKind.SERVER and (attributes or {}).get(OPERATION) != INVOKE_WORKFLOW:
            return SamplingResult(Decision.DROP)
        return self._chosen.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        """Return its name, and the SDK's."""
        return f"Beginnings({self._chosen.get_description()})"


class Parts(Sampler):
    """Each part of a trace, but for the making of an agent's object, which AutoGen tells of seven times in a turn."""

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Mapping[str, AttributeValue] | None = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Keep all but that."""
        is_noise = (attributes or {}).get(OPERATION) == CREATE_AGENT
        decision = Decision.DROP if is_noise else Decision.RECORD_AND_SAMPLE
        state = get_current_span(parent_context).get_span_context().trace_state
        return SamplingResult(decision, None if is_noise else attributes, state)

    def get_description(self) -> str:
        """Return its name."""
        return "Parts"


class Conventional(SpanProcessor):
    """Has the MCP SDK's client spans tell what the conventions ask for: the method and the tool."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Rename a client's call, and name its tool."""
        if span.kind is not SpanKind.CLIENT or not span.name.startswith(SENT):
            return
        name = span.name.removeprefix(SENT)
        span.update_name(name)
        if (span.attributes or {}).get(METHOD) == CALLED:
            span.set_attributes({OPERATION: EXECUTE_TOOL, TOOL: name.removeprefix(f"{CALLED} ")})


class Kept(SpanExporter):
    """Sends spans with no attribute but the shop's own, no message of an error and no event."""

    def __init__(self, sending: SpanExporter, names: frozenset[str]) -> None:
        self._sending = sending
        self._names = names

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send them, cut down."""
        return self._sending.export([self._kept(span) for span in spans])

    def _kept(self, span: ReadableSpan) -> ReadableSpan:
        attributes = {name: value for name, value in (span.attributes or {}).items() if name in self._names}
        return ReadableSpan(
            name=span.name,
            context=span.context,
            parent=span.parent,
            resource=span.resource,
            attributes=attributes,
            links=span.links,
            kind=span.kind,
            instrumentation_scope=span.instrumentation_scope,
            status=Status(span.status.status_code),
            start_time=span.start_time,
            end_time=span.end_time,
        )

    def shutdown(self) -> None:
        """Close the connection."""
        self._sending.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what is left."""
        return self._sending.force_flush(timeout_millis)
