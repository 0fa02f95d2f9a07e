"""What the hostile mind is about to say, and how that is sent: whole, or as the chunks of a stream."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from team.standin.completion import BYTES_PER_TOKEN, FINGERPRINT, Call, Reply, count_tokens, request_id
from team.standin.raw import SSE, Raw
from team.standin.wire import ChatRequest, Json

JSON = "application/json"
DONE = "data: [DONE]\n\n"
LONGEST = 4_000
"""Bytes of a reply if the request sets no limit."""


@dataclass(frozen=True)
class Said:
    """A reply before it is sent: its calls are entries of `tool_calls`; `fields` are sent next to its content."""

    text: str = ""
    calls: tuple[Json, ...] = ()
    fields: Json = field(default_factory=dict)
    finish: str = "stop"


def said_by(request: ChatRequest, reply: Reply) -> Said:
    """Convert another mind's reply."""
    if reply.call is None:
        return Said(reply.text, finish=reply.finish)
    return Said(reply.text, (entry(request, reply.call),), finish="tool_calls")


def entry(request: ChatRequest, call: Call, at: int = 0) -> Json:
    """Return a call as an entry of `tool_calls`."""
    function = {"name": call.name, "arguments": call.arguments_json}
    return {"index": at, "id": f"call_{request_id(request)[:20]}{at}", "type": "function", "function": function}


def within_limit(request: ChatRequest, said: Said) -> Said:
    """Cut a text that is longer than the request allows, as a model server does."""
    most = request.token_limit * BYTES_PER_TOKEN if request.token_limit else LONGEST
    if len(said.text.encode()) <= most:
        return said
    return replace(said, text=said.text.encode()[:most].decode(errors="ignore"), calls=(), finish="length")


def framed(request: ChatRequest, said: Said) -> list[Json]:
    """Return the JSON objects that carry it: the chunks of a stream, or a single body."""
    cost = {"prompt_tokens": 100, "completion_tokens": count_tokens(said.text)}
    usage = {**cost, "total_tokens": sum(cost.values())}
    if not request.stream:
        message = {"role": "assistant", "content": said.text or None, **said.fields}
        if said.calls:
            message["tool_calls"] = [{key: value for key, value in one.items() if key != "index"} for one in said.calls]
        choice = {"index": 0, "message": message, "finish_reason": said.finish}
        return [{**_head(request, "chat.completion"), "choices": [choice], "usage": usage}]
    head = _head(request, "chat.completion.chunk")
    chunks = [{**head, "choices": [{"index": 0, "delta": one, "finish_reason": None}]} for one in _deltas(said)]
    chunks.append({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": said.finish}]})
    if request.stream_options and request.stream_options.include_usage:
        chunks.append({**head, "choices": [], "usage": usage})
    return chunks


def sent(request: ChatRequest, frames: Sequence[Json]) -> Raw:
    """Return the frames as they go over the wire."""
    written = [json.dumps(one, ensure_ascii=False) for one in frames]
    if not request.stream:
        return Raw(tuple(written), media_type=JSON)
    return Raw((*(f"data: {one}\n\n" for one in written), DONE), media_type=SSE)


def _deltas(said: Said) -> list[Json]:
    fields: list[Json] = [{key: value} for key, value in said.fields.items()]
    words: list[Json] = [{"content": word} for word in re.findall(r"\s*\S+\s*$|\s*\S+|\s+$", said.text)]
    return [{"role": "assistant", "content": ""}, *fields, *words, *({"tool_calls": [one]} for one in said.calls)]


def _head(request: ChatRequest, kind: str) -> Json:
    identity = f"chatcmpl-{request_id(request)}"
    return {"id": identity, "object": kind, "created": 0, "model": request.model, "system_fingerprint": FINGERPRINT}
