"""A collector of traces as OpenTelemetry's exporters find one: it takes OTLP over HTTP, and keeps what it was sent."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as SentSpan
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.team.serving import address, listening, serving

CLIENT, SERVER = SentSpan.SPAN_KIND_CLIENT, SentSpan.SPAN_KIND_SERVER


@dataclass(frozen=True)
class Span:
    """One span as it was sent. Times are in milliseconds."""

    service: str
    trace: str
    id: str
    parent: str
    name: str
    kind: int
    start: float
    end: float
    attributes: dict[str, Any]
    said: str
    """Everything of it that is text: what no customer's word may be in."""

    @property
    def ms(self) -> float:
        return self.end - self.start


@dataclass
class Collector:
    """What was sent, and where to."""

    url: str
    spans: list[Span] = field(default_factory=list)

    async def trace_with(self, wanted: Callable[[list[Span]], bool]) -> list[Span]:
        """Wait for a trace that is as wanted, and return its spans in the order of their beginnings."""
        async with asyncio.timeout(20):
            while True:
                for trace in {span.trace for span in self.spans}:
                    found = sorted((span for span in self.spans if span.trace == trace), key=lambda span: span.start)
                    if wanted(found):
                        return found
                await asyncio.sleep(0.05)


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    """Serve a collector."""
    listener = listening()
    collector = Collector(address(listener))

    async def take(request: Request) -> Response:
        sent = ExportTraceServiceRequest.FromString(await request.body())
        for one in sent.resource_spans:
            service = next(of.value.string_value for of in one.resource.attributes if of.key == "service.name")
            for scope in one.scope_spans:
                collector.spans += [_read(service, span) for span in scope.spans]
        return Response(b"", media_type="application/x-protobuf")

    async with serving((Starlette(routes=[Route("/v1/traces", take, methods=["POST"])]), listener)):
        yield collector


def _read(service: str, span: SentSpan) -> Span:
    return Span(
        service,
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        span.name,
        span.kind,
        span.start_time_unix_nano / 1e6,
        span.end_time_unix_nano / 1e6,
        {one.key: _value(one.value) for one in span.attributes},
        str(span),
    )


def _value(value: AnyValue) -> Any:  # noqa: ANN401 - of any type an attribute may have
    kind = value.WhichOneof("value")
    return [_value(one) for one in value.array_value.values] if kind == "array_value" else getattr(value, str(kind))
