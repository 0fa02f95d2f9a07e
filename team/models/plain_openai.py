"""The OpenAI client, with its requests sent as they are given, but for what an endpoint does not take.

Its own `create` walks every message and every tool's schema by their types, at each call, in case a key has another
name in the API. None has, and for a specialist's tools that takes longer than the rest of the call.
"""

import asyncio
from functools import cached_property
from typing import Any

import httpx2
from openai import AsyncOpenAI, AsyncStream, NotGiven, Omit
from openai.resources.chat import AsyncChat, AsyncCompletions
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from storage.endpoints import Endpoint
from team.models.hearing import heard
from team.models.wire import as_taken

PATH = "/chat/completions"


class PlainCompletions(AsyncCompletions):
    """Chat completions, streamed or whole."""

    def __init__(self, client: "PlainOpenAI") -> None:
        super().__init__(client)
        self.openai = client

    async def create(self, **body: Any) -> Any:  # noqa: ANN401 - of 40 arguments, and what they make of it
        """Ask for a reply; an `extra_body` is a part of the request as the rest is.

        Raises:
            OpenAIError: there is none.
            TimeoutError: a stream does not begin for as long as this client waits.
        """
        extra = body.pop("extra_body", None) or {}
        given = {key: value for key, value in body.items() if not isinstance(value, NotGiven | Omit)} | extra
        sent = as_taken(given, self.openai.endpoint)
        if not sent.get("stream"):
            return await self.openai.post(PATH, body=sent, cast_to=ChatCompletion)
        async with asyncio.timeout(self.openai.patience_s):
            stream = await self.openai.post(
                PATH, body=sent, cast_to=ChatCompletion, stream=True, stream_cls=AsyncStream[ChatCompletionChunk]
            )
        offered = [tool["function"]["name"] for tool in sent.get("tools", [])]
        return heard(stream, offered, self.openai.patience_s)


class PlainChat(AsyncChat):
    """The part of the client that has completions."""

    def __init__(self, client: "PlainOpenAI") -> None:
        super().__init__(client)
        self.openai = client

    @cached_property
    def completions(self) -> PlainCompletions:
        """Plain ones."""
        return PlainCompletions(self.openai)


class PlainOpenAI(AsyncOpenAI):
    """The client of one endpoint. A streamed reply is waited for, and for each piece of it, `patience_s`."""

    def __init__(self, endpoint: Endpoint, http: httpx2.AsyncClient, patience_s: float) -> None:
        super().__init__(base_url=endpoint.base_url, api_key=endpoint.api_key, http_client=http, max_retries=0)
        self.endpoint = endpoint
        self.patience_s = patience_s

    @cached_property
    def chat(self) -> PlainChat:
        """Plain ones."""
        return PlainChat(self)
