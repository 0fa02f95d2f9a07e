"""`POST /v1/chat/completions`: a message to the team, answered whole or as a stream of chunks."""

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import anyio
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ui.logins.visits import person_of
from ui.openai_api.asking import asker_of, hint_of, require_only_text
from ui.openai_api.exchange import Exchange, begin
from ui.openai_api.history import history_of
from ui.openai_api.leaving import GONE, unless_left
from ui.openai_api.models import endpoint_named
from ui.openai_api.passthrough import pass_on
from ui.openai_api.shapes import TEAM, ChatRequest, Wanted, read_bytes, read_shape
from ui.openai_api.side_prompts import side_answer

PATH = "/v1/chat/completions"
PING_S = 8
"""Clients and proxies give up on a stream that is silent for ten seconds or more."""

SEND_TIMEOUT_S, GRACE_S = 30, 1
CONVERSATION = "x-conversation-id"
"""The header that names the conversation, for clients that go on by its id."""


@dataclass
class Answer:
    """What is told of an answer besides its text."""

    id: str
    model: str = TEAM
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, text: str, usage: dict[str, int]) -> dict[str, Any]:
        """Return the answer as one object."""
        message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None, "annotations": []}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return self._as("chat.completion") | {"choices": [choice], "usage": usage}

    def chunk(self, delta: dict[str, str], finish: str | None = None, *, counts: bool) -> dict[str, Any]:
        """Return a piece of the answer; where usage is asked for, each has the field, and the last one its numbers."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return self._as("chat.completion.chunk") | {"choices": [choice]} | ({"usage": None} if counts else {})

    def costs(self, usage: dict[str, int]) -> dict[str, Any]:
        """Return the chunk without choices that ends a stream whose usage is asked for."""
        return self._as("chat.completion.chunk") | {"choices": [], "usage": usage}

    def _as(self, kind: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "object": kind,
            "created": self.created,
            "model": self.model,
            "service_tier": "default",
            "system_fingerprint": None,
        }


def usage_of(prompt: int, completion: int) -> dict[str, int]:
    """Return what an answer cost, as this API tells it."""
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


async def complete(request: Request) -> Response:
    """Answer a chat completion: by the team, by an endpoint for staff, or by code for what a program asks aside."""
    person = await person_of(request)
    body = await read_bytes(request)
    wanted = await read_shape(body, Wanted)
    if wanted.model != TEAM:
        return await pass_on(request, person, endpoint_named(request, person, wanted.model), body)
    asked = await read_shape(body, ChatRequest)
    counts = bool(asked.stream_options and asked.stream_options.include_usage)
    if (aside := side_answer(asked.messages)) is not None:
        return _told(Answer(f"chatcmpl-{aside.id}"), aside.text, stream=bool(asked.stream), counts=counts)
    require_only_text(asked)
    exchange = await begin(request, await asker_of(request, asked), history_of(asked.messages), hint_of(request, asked))
    answer = Answer(f"chatcmpl-{exchange.turn.id}")
    headers = {CONVERSATION: exchange.turn.conversation_id}
    if asked.stream:
        return streamed(exchange, _chunks(exchange, answer, counts=counts), headers)
    text = await unless_left(request, exchange.whole(), exchange.left)
    if text is None:
        return Response(status_code=GONE)
    told = answer.whole(text, _usage(exchange)) | {"metadata": {"conversation_id": exchange.turn.conversation_id}}
    return JSONResponse(told, headers=headers)


def streamed(
    exchange: Exchange, events: AsyncIterator[ServerSentEvent], headers: dict[str, str]
) -> EventSourceResponse:
    """Return a stream that stops the turn when its client leaves; a page that ends leaves the turn to the next one."""
    ending = anyio.Event()

    async def told() -> AsyncIterator[ServerSentEvent]:
        try:
            async for event in events:
                yield event
        finally:
            if not ending.is_set():
                await exchange.left()

    return EventSourceResponse(
        told(),
        headers=headers,
        ping=PING_S,
        ping_message_factory=lambda: ServerSentEvent(comment="working", sep="\n"),
        sep="\n",
        send_timeout=SEND_TIMEOUT_S,
        shutdown_event=ending,
        shutdown_grace_period=GRACE_S,
    )


async def _chunks(exchange: Exchange, answer: Answer, *, counts: bool) -> AsyncIterator[ServerSentEvent]:
    yield event(answer.chunk({"role": "assistant", "content": ""}, counts=counts))
    async for piece in exchange.pieces():
        yield event(answer.chunk({"content": piece}, counts=counts))
    yield event(answer.chunk({}, "stop", counts=counts))
    if counts:
        yield event(answer.costs(_usage(exchange)))
    yield DONE


def _told(answer: Answer, text: str, *, stream: bool, counts: bool) -> Response:
    """Return an answer that is there already, in the way it is asked for."""
    free = usage_of(0, 0)
    if not stream:
        return JSONResponse(answer.whole(text, free))

    async def events() -> AsyncIterator[ServerSentEvent]:
        yield event(answer.chunk({"role": "assistant", "content": ""}, counts=counts))
        yield event(answer.chunk({"content": text}, counts=counts))
        yield event(answer.chunk({}, "stop", counts=counts))
        if counts:
            yield event(answer.costs(free))
        yield DONE

    return EventSourceResponse(events(), sep="\n")


def _usage(exchange: Exchange) -> dict[str, int]:
    return usage_of(exchange.account.prompt_tokens, exchange.account.completion_tokens)


def event(data: dict[str, Any], name: str | None = None) -> ServerSentEvent:
    """Return an event as clients of this API read it."""
    return ServerSentEvent(json.dumps(data, ensure_ascii=False, separators=(",", ":")), event=name, sep="\n")


DONE = ServerSentEvent("[DONE]", sep="\n")

ROUTES = [Route(PATH, complete, methods=["POST"])]
