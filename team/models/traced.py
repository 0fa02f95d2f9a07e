"""A reply whose span ends with it: at once where it came whole, with its last piece where it is streamed."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from openai.types.chat import ChatCompletion, ChatCompletionChunk

from storage.traces.model_calls import ModelCall


def traced(
    reply: ChatCompletion | AsyncGenerator[ChatCompletionChunk, None], call: ModelCall
) -> ChatCompletion | AsyncIterator[ChatCompletionChunk]:
    """Return the same reply; its span is told what it says of itself, and ends when it was read."""
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
        # Nobody reads on, or the server broke off.
        call.fail(error)
        raise
    call.end()


def _sent(piece: ChatCompletion | ChatCompletionChunk) -> dict[str, Any]:
    # A server may send anything; what is none of the API's shape is read by whoever answers with it.
    return piece.to_dict(warnings=False)
