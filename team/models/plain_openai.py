"""The OpenAI client, sending requests as given, apart from what an endpoint does not accept.

Its own `create` walks every message and tool schema by type on each call, in case a key is named differently in the
API. None is, and with a specialist's tools that takes longer than the rest of the call.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import nullcontext
from functools import cached_property
from typing import Any

import httpx2
from openai import AsyncOpenAI, AsyncStream, NotGiven, Omit
from openai.resources.chat import AsyncChat, AsyncCompletions
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from storage.endpoints import Endpoint
from storage.traces.conventions import CHAT
from storage.traces.model_calls import begin_model_call
from team.models.hearing import heard
from team.models.loops import Told
from team.models.recording import recorded
from team.models.slices.speeds import Speeds, Timing, timed
from team.models.traced import traced
from team.models.wire import as_taken, told_in

PATH = "/chat/completions"


class PlainCompletions(AsyncCompletions):
    """Chat completions, streamed or whole."""

    def __init__(self, client: "PlainOpenAI") -> None:
        super().__init__(client)
        self.openai = client

    async def create(self, **body: Any) -> Any:  # noqa: ANN401 - 40 arguments, and what they make of it
        """Request a reply; `extra_body` is merged into the request.

        Raises:
            OpenAIError: there is no reply.
            TimeoutError: a stream did not start within this client's patience.
        """
        extra = body.pop("extra_body", None) or {}
        given = {key: value for key, value in body.items() if not isinstance(value, NotGiven | Omit)} | extra
        endpoint = self.openai.endpoint
        sent = as_taken(given, endpoint)
        if (exchange := recorded()) is not None:
            exchange.send(f"{endpoint.base_url}{PATH}", sent)
        call = begin_model_call(CHAT, endpoint.base_url, sent, endpoint.slice)
        with nullcontext() if call is None else call.sending(), self.openai.timing() as timing:
            reply = await (self._stream(sent, timing) if sent.get("stream") else self._whole(sent, timing))
        return reply if call is None else traced(reply, call)

    async def _whole(self, sent: dict[str, Any], timing: Timing) -> ChatCompletion:
        reply = await self.openai.post(PATH, body=sent, cast_to=ChatCompletion)
        timing.end()
        if (exchange := recorded()) is not None:
            exchange.hear(reply.to_dict(warnings=False))
        return reply

    async def _stream(self, sent: dict[str, Any], timing: Timing) -> AsyncGenerator[ChatCompletionChunk, None]:
        async with asyncio.timeout(self.openai.patience_s):
            stream = await self.openai.post(
                PATH, body=sent, cast_to=ChatCompletion, stream=True, stream_cls=AsyncStream[ChatCompletionChunk]
            )
        offered = [tool["function"]["name"] for tool in sent.get("tools", [])]
        told = Told(told_in(sent.get("messages", [])))
        return timed(heard(stream, offered, self.openai.patience_s, told, timing), timing)


class PlainChat(AsyncChat):
    """The part of the client that has completions."""

    def __init__(self, client: "PlainOpenAI") -> None:
        super().__init__(client)
        self.openai = client

    @cached_property
    def completions(self) -> PlainCompletions:
        """The plain completions."""
        return PlainCompletions(self.openai)


class PlainOpenAI(AsyncOpenAI):
    """The client of one endpoint. It waits up to `patience_s` for a stream to start, and for each chunk.

    Its calls are timed in `speeds`; those of a trial are not.
    """

    def __init__(
        self, endpoint: Endpoint, http: httpx2.AsyncClient, patience_s: float, speeds: Speeds | None = None
    ) -> None:
        super().__init__(base_url=endpoint.base_url, api_key=endpoint.api_key, http_client=http, max_retries=0)
        self.endpoint = endpoint
        self.patience_s = patience_s
        self._speeds = Speeds() if speeds is None else speeds

    def timing(self) -> Timing:
        """Begin to time a call."""
        return self._speeds.timing(self.endpoint)

    @cached_property
    def chat(self) -> PlainChat:
        """The plain chat."""
        return PlainChat(self)
