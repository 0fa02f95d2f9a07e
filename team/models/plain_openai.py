"""The OpenAI client, with its requests sent as they are given.

Its own `create` walks every message and every tool's schema by their types, at each call, in case a key has another
name in the API. None has, and for a specialist's tools that takes longer than the rest of the call.
"""

from functools import cached_property
from typing import Any

from openai import AsyncOpenAI, AsyncStream, NotGiven, Omit
from openai.resources.chat import AsyncChat, AsyncCompletions
from openai.types.chat import ChatCompletion, ChatCompletionChunk

PATH = "/chat/completions"


class PlainCompletions(AsyncCompletions):
    """Chat completions, streamed or whole."""

    def __init__(self, client: AsyncOpenAI) -> None:
        super().__init__(client)
        self.openai = client

    async def create(self, **body: Any) -> Any:  # noqa: ANN401 - of 40 arguments, and what they make of it
        """Ask for a reply; an `extra_body` is a part of the request as the rest is.

        Raises:
            OpenAIError: there is none.
        """
        extra = body.pop("extra_body", None) or {}
        sent = {key: value for key, value in body.items() if not isinstance(value, NotGiven | Omit)} | extra
        return await self.openai.post(
            PATH,
            body=sent,
            cast_to=ChatCompletion,
            stream=bool(sent.get("stream")),
            stream_cls=AsyncStream[ChatCompletionChunk],
        )


class PlainChat(AsyncChat):
    """The part of the client that has completions."""

    def __init__(self, client: AsyncOpenAI) -> None:
        super().__init__(client)
        self.openai = client

    @cached_property
    def completions(self) -> PlainCompletions:
        """Plain ones."""
        return PlainCompletions(self.openai)


class PlainOpenAI(AsyncOpenAI):
    """The client."""

    @cached_property
    def chat(self) -> PlainChat:
        """Plain ones."""
        return PlainChat(self)
