"""Ends a model call's span with its reply: immediately if it came whole, after its last piece if it is streamed."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from openai.types.chat import ChatCompletion, ChatCompletionChunk

from storage.traces.model_calls import ModelCall


def traced(
    reply: ChatCompletion | AsyncGenerator[ChatCompletionChunk, None], call: ModelCall
) -> ChatCompletion | AsyncIterator[ChatCompletionChunk]:
    """Return the same reply; its span records what the reply says about itself, and ends once it has been read."""
    if not isinstance(reply, ChatCompletion):
        return _streamed(reply, call)
    call.hear(_sent(reply))
    call.end()
    return reply


async def _streamed(
    chunks: AsyncGenerator[ChatCompletionChunk, None], call: ModelCall
) -> AsyncGenerator[ChatCompletionChunk, None]:
    try:
        async with aclosing(chunks):
            async for chunk in chunks:
                call.hear(_sent(chunk))
                yield chunk
    except BaseException as error:
        # The consumer stopped reading, or the server broke off.
        call.fail(error)
        raise
    call.end()


def _sent(piece: ChatCompletion | ChatCompletionChunk) -> dict[str, Any]:
    # A server may send anything; whatever does not have the API's shape is handled by the code that uses the reply.
    return piece.to_dict(warnings=False)
