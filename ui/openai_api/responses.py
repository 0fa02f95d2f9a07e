"""`POST /v1/responses`: what a chat completion is, in the newer words of OpenAI's API; text, pictures and a stream."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sse_starlette.event import ServerSentEvent
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ui.logins.visits import person_of
from ui.openai_api.asking import asker_of, hint_of, require_only_text
from ui.openai_api.completions import CONVERSATION, event, streamed
from ui.openai_api.exchange import Exchange, begin
from ui.openai_api.history import history_of
from ui.openai_api.leaving import GONE, unless_left
from ui.openai_api.models import endpoint_named
from ui.openai_api.passthrough import pass_on
from ui.openai_api.shapes import TEAM, ResponseRequest, Wanted, read_bytes, read_shape


@dataclass
class Reply:
    """One response, which is told whole, or by events that are numbered."""

    exchange: Exchange
    previous: str | None
    created: int = field(default_factory=lambda: int(time.time()))
    numbers: Any = field(default_factory=count)

    @property
    def message_id(self) -> str:
        """The id of the one message it has."""
        return f"msg_{self.exchange.turn.id.removeprefix('resp_')}"

    def as_json(self, status: str, text: str | None = None) -> dict[str, Any]:
        """Return the response, with its message if there is one."""
        done = text is not None
        return {
            "id": self.exchange.turn.id,
            "object": "response",
            "created_at": self.created,
            "status": status,
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "max_output_tokens": None,
            "metadata": {"conversation_id": self.exchange.turn.conversation_id},
            "model": TEAM,
            "output": [self.message("completed", self.text(text or ""))] if done else [],
            "parallel_tool_calls": False,
            "previous_response_id": self.previous,
            "temperature": None,
            "text": {"format": {"type": "text"}},
            "tool_choice": "none",
            "tools": [],
            "top_p": None,
            "truncation": "disabled",
            "usage": self._usage() if done else None,
        }

    def message(self, status: str, *content: dict[str, Any]) -> dict[str, Any]:
        """Return the assistant's message."""
        return {
            "id": self.message_id,
            "type": "message",
            "role": "assistant",
            "status": status,
            "content": list(content),
        }

    @staticmethod
    def text(text: str) -> dict[str, Any]:
        """Return a text as a part of a message."""
        return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}

    def event(self, kind: str, **fields: Any) -> ServerSentEvent:  # noqa: ANN401 - an event's fields are JSON of any shape
        """Return the next event."""
        return event({"type": kind, "sequence_number": next(self.numbers), **fields}, kind)

    def _usage(self) -> dict[str, Any]:
        account = self.exchange.account
        return {
            "input_tokens": account.prompt_tokens,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": account.completion_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": account.prompt_tokens + account.completion_tokens,
        }


async def respond(request: Request) -> Response:
    """Answer a request for a response."""
    person = await person_of(request)
    body = await read_bytes(request)
    wanted = await read_shape(body, Wanted)
    if wanted.model != TEAM:
        return await pass_on(request, person, endpoint_named(request, person, wanted.model), body)
    asked = await read_shape(body, ResponseRequest)
    require_only_text(asked)
    hint = hint_of(request, asked, asked.previous_response_id or "")
    exchange = await begin(request, await asker_of(request, asked), history_of(asked.input), hint)
    reply, headers = Reply(exchange, asked.previous_response_id), {CONVERSATION: exchange.turn.conversation_id}
    if asked.stream:
        return streamed(exchange, _events(reply), headers)
    text = await unless_left(request, exchange.whole(), exchange.left)
    if text is None:
        return Response(status_code=GONE)
    return JSONResponse(reply.as_json("completed", text), headers=headers)


async def _events(reply: Reply) -> AsyncIterator[ServerSentEvent]:
    place = {"item_id": reply.message_id, "output_index": 0, "content_index": 0}
    for kind in ("response.created", "response.in_progress"):
        yield reply.event(kind, response=reply.as_json("in_progress"))
    yield reply.event("response.output_item.added", output_index=0, item=reply.message("in_progress"))
    yield reply.event("response.content_part.added", **place, part=reply.text(""))
    told = ""
    async for piece in reply.exchange.pieces():
        told += piece
        yield reply.event("response.output_text.delta", **place, delta=piece, logprobs=[])
    part = reply.text(told)
    yield reply.event("response.output_text.done", **place, text=told, logprobs=[])
    yield reply.event("response.content_part.done", **place, part=part)
    yield reply.event("response.output_item.done", output_index=0, item=reply.message("completed", part))
    yield reply.event("response.completed", response=reply.as_json("completed", told))


ROUTES = [Route("/v1/responses", respond, methods=["POST"])]
