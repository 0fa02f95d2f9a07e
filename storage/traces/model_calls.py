"""The span of one request to a model, whoever makes it: what was asked for, and what the reply says it cost.

A streamed reply is read long after its request was sent, by code that knows nothing of spans, so the span is begun and
ended by hand. While the request is sent it is the current one, so that the HTTP library puts its `traceparent` into
the request's headers, and a model server that traces goes on with it.
"""

import contextlib
import json
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from storage.traces import conventions as names
from storage.traces.tracing import as_attributes, tracer, traces_text

if TYPE_CHECKING:
    from opentelemetry.trace import Span


class ModelCall:
    """One request that is traced."""

    def __init__(self, span: "Span") -> None:
        self._span = span
        self._sent_at = time.perf_counter()
        self._said: list[str] = []

    @contextlib.contextmanager
    def sending(self) -> Iterator[None]:
        """Send the request inside; a request that fails ends the span."""
        from opentelemetry.trace import use_span

        try:
            with use_span(self._span, record_exception=False, set_status_on_exception=False):
                yield
        except BaseException as error:
            self.fail(error)
            raise

    def hear(self, reply: Mapping[str, Any]) -> None:
        """Take what a reply, or a piece of one, tells of itself."""
        if self._sent_at:
            self._span.set_attribute(names.FIRST_CHUNK_S, round(time.perf_counter() - self._sent_at, 4))
            self._sent_at = 0.0
        usage = _table(reply.get("usage"))
        listed = reply.get("choices")
        choices = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        finish = [str(reason) for choice in choices if (reason := choice.get("finish_reason"))]
        self._span.set_attributes(
            as_attributes(
                **{
                    names.RESPONSE_ID: reply.get("id"),
                    names.RESPONSE_MODEL: reply.get("model"),
                    names.FINISH_REASONS: finish or None,
                    names.INPUT_TOKENS: usage.get("prompt_tokens"),
                    names.OUTPUT_TOKENS: usage.get("completion_tokens"),
                    names.CACHED_TOKENS: _table(usage.get("prompt_tokens_details")).get("cached_tokens"),
                }
            )
        )
        if traces_text():
            self._said += [_words(_table(choice.get("message") or choice.get("delta"))) for choice in choices]

    def fail(self, error: BaseException) -> None:
        """End it: there is no reply, or nobody reads it to its end."""
        from opentelemetry.trace import StatusCode

        self._span.set_attribute(names.ERROR, type(error).__qualname__)
        self._span.set_status(StatusCode.ERROR)
        self._span.end()

    def end(self) -> None:
        """End it: the reply was read."""
        if self._said:
            self._span.set_attribute(names.OUTPUT, _messages([{"role": "assistant", "content": "".join(self._said)}]))
        self._span.end()


def begin_model_call(operation: str, base_url: str, body: Mapping[str, Any], slice_: int = 0) -> ModelCall | None:
    """Begin the span of a request to the endpoint at this address; None while tracing is off."""
    tracing = tracer()
    if tracing is None:
        return None
    from opentelemetry.trace import SpanKind

    address = urlsplit(base_url)
    attributes = {
        names.OPERATION: operation,
        names.PROVIDER: names.OPENAI,
        names.MODEL: body.get("model"),
        names.STREAM: body.get("stream"),
        names.TEMPERATURE: body.get("temperature"),
        names.MAX_TOKENS: body.get("max_tokens"),
        names.SERVER: address.hostname,
        names.PORT: address.port,
        names.SLICE: slice_ or None,
        names.INPUT: _messages(body.get("messages") or []) if traces_text() else None,
    }
    name = f"{operation} {body.get('model', '')}".strip()
    return ModelCall(tracing.start_span(name, kind=SpanKind.CLIENT, attributes=as_attributes(**attributes)))


def _messages(messages: list[Mapping[str, Any]]) -> str:
    """Return messages as the conventions have them, in JSON: each with its parts, a picture without its bytes."""
    parts = [{"role": one.get("role"), "parts": [{"type": "text", "content": _words(one)}]} for one in messages]
    return json.dumps(parts, ensure_ascii=False)


def _table(found: object) -> Mapping[str, Any]:
    """Return a part of a reply; an empty one where a server sends anything else."""
    return found if isinstance(found, dict) else {}


def _words(message: Mapping[str, Any]) -> str:
    content = message.get("content") or ""
    if isinstance(content, list):
        content = "\n".join(part.get("text") or f"[{part.get('type')}]" for part in content)
    calls = message.get("tool_calls")
    return f"{content}{json.dumps(calls, ensure_ascii=False)}" if calls else str(content)
