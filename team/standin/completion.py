"""A reply in OpenAI's shape: whole, or as the chunks of a stream."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from team.standin.wire import ChatRequest, Json

FINGERPRINT = "shopdesk-standin"
BYTES_PER_TOKEN = 4
TOKENS_PER_IMAGE = 256


@dataclass(frozen=True)
class Call:
    """A tool the reply wants called."""

    name: str
    arguments: Json

    @property
    def arguments_json(self) -> str:
        """The arguments as JSON text, the way a model writes them."""
        return json.dumps(self.arguments, ensure_ascii=False)


@dataclass(frozen=True)
class Reply:
    """What a mind answers: text, a call, or both; `weights` are the log-probabilities of a choice."""

    text: str = ""
    call: Call | None = None
    weights: dict[str, float] = field(default_factory=dict)
    finish: str = "stop"


@dataclass(frozen=True)
class Usage:
    """Estimated tokens of one request and its reply."""

    prompt: int
    completion: int

    def as_json(self) -> Json:
        """OpenAI's `usage`."""
        total = self.prompt + self.completion
        return {"prompt_tokens": self.prompt, "completion_tokens": self.completion, "total_tokens": total}


def count_tokens(text: str) -> int:
    """Estimate the tokens of a text: four bytes each, at least one."""
    return max(1, -(-len(text.encode()) // BYTES_PER_TOKEN))


def usage(request: ChatRequest, reply: Reply) -> Usage:
    """Estimate what the request and its reply cost."""
    prompt = sum(count_tokens(message.text) + TOKENS_PER_IMAGE * len(message.images) for message in request.messages)
    prompt += sum(count_tokens(tool.model_dump_json()) for tool in request.tools or [])
    written = reply.text + (reply.call.name + reply.call.arguments_json if reply.call else "")
    return Usage(prompt, count_tokens(written))


def limited(request: ChatRequest, reply: Reply) -> Reply:
    """Cut the reply at a stop text or at `max_tokens`, as vLLM does: a tool call that is cut stays raw text."""
    if reply.call is not None:
        reply = replace(reply, finish="tool_calls")
    found = [at for at in (reply.text.find(stop) for stop in request.stops if stop) if at >= 0]
    if found:
        reply = replace(reply, text=reply.text[: min(found)])
    limit = request.token_limit
    if limit is None or usage(request, reply).completion <= limit:
        return reply
    raw = reply.text
    if reply.call:
        raw += f'<tool_call>\n{{"name": "{reply.call.name}", "arguments": {reply.call.arguments_json}}}'
    return Reply(raw.encode()[: limit * BYTES_PER_TOKEN].decode(errors="ignore"), finish="length")


def request_id(request: ChatRequest) -> str:
    """Derive an id from the request, so that equal requests get equal replies, ids included."""
    return hashlib.sha256(request.model_dump_json(exclude={"stream", "stream_options"}).encode()).hexdigest()[:24]


def whole(request: ChatRequest, reply: Reply) -> Json:
    """The body of a reply that is not streamed."""
    message: Json = {"role": "assistant", "content": reply.text or None}
    if reply.call is not None:
        message["tool_calls"] = [_tool_call(request, reply.call)]
    choice: Json = {
        "index": 0,
        "message": message,
        "finish_reason": reply.finish,
        "logprobs": _logprobs(request, reply),
    }
    return {**_head(request, "chat.completion"), "choices": [choice], "usage": usage(request, reply).as_json()}


def chunks(request: ChatRequest, reply: Reply) -> Iterator[Json]:
    """The chunks of a streamed reply: a role, words, the pieces of a call, and the finish reason."""
    head = _head(request, "chat.completion.chunk")
    yield {**head, "choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}]}
    for delta in [*_words(reply.text), *_call_pieces(request, reply.call)]:
        yield {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    end: Json = {"index": 0, "delta": {}, "finish_reason": reply.finish, "logprobs": _logprobs(request, reply)}
    yield {**head, "choices": [end]}
    if request.stream_options and request.stream_options.include_usage:
        yield {**head, "choices": [], "usage": usage(request, reply).as_json()}


def _head(request: ChatRequest, kind: str) -> Json:
    identity = f"chatcmpl-{request_id(request)}"
    return {"id": identity, "object": kind, "created": 0, "model": request.model, "system_fingerprint": FINGERPRINT}


def _words(text: str) -> Iterator[Json]:
    for word in re.findall(r"\s*\S+\s*$|\s*\S+|\s+$", text):
        yield {"content": word}


def _tool_call(request: ChatRequest, call: Call) -> Json:
    function: Json = {"name": call.name, "arguments": call.arguments_json}
    return {"id": f"call_{request_id(request)}", "type": "function", "function": function}


def _call_pieces(request: ChatRequest, call: Call | None) -> Iterator[Json]:
    if call is None:
        return
    whole_call = _tool_call(request, call)
    yield {"tool_calls": [{"index": 0, **whole_call, "function": {"name": call.name, "arguments": ""}}]}
    for piece in re.findall(r"\s*\S+", call.arguments_json):
        yield {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}


def _logprobs(request: ChatRequest, reply: Reply) -> Json | None:
    if not request.logprobs or not reply.weights:
        return None
    ranked = sorted(reply.weights.items(), key=lambda item: -item[1])[: request.top_logprobs or 0]
    top: list[Json] = [_token(name, value) for name, value in ranked]
    return {"content": [{**_token(reply.text, reply.weights[reply.text]), "top_logprobs": top}]}


def _token(text: str, value: float) -> Json:
    return {"token": text, "logprob": round(value, 4), "bytes": list(text.encode())}
