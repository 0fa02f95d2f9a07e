"""Reads a streamed reply: words as they arrive, tool calls complete at the end; it stops at a timeout or a loop."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from typing import Any

from openai import AsyncStream
from openai.types.chat import ChatCompletionChunk

from team.models.cached import note_cached
from team.models.chunks import MOST_CALLS, Calls
from team.models.loops import RepeatsError, Told, repeats
from team.models.recording import recorded
from team.models.slices.speeds import Timing

THOUGHT = "reasoning_content"
"""Where AutoGen's client looks for a model's thoughts; some servers call it `reasoning`."""

FUNCTION_CALL = "function_call"
"""The API's earlier name for a tool call."""


async def heard(
    stream: AsyncStream[ChatCompletionChunk], offered: Collection[str], patience_s: float, told: Told, timing: Timing
) -> AsyncGenerator[ChatCompletionChunk, None]:
    """Yield a reply's chunks: words as they arrive, then all calls in one chunk with the finish reason, then the usage.

    Args:
        stream: the reply as its server chunks it; always closed on exit.
        offered: the names of the tools that may be called.
        patience_s: the longest wait for the next chunk of any kind.
        told: what the model was given to read, and may quote even where it repeats itself.
        timing: hears each chunk as it came.

    Raises:
        TimeoutError: nothing arrived for that long.
        RepeatsError: it repeats itself.
    """
    reply = _Reply(offered, told, timing)
    try:
        while (chunk := await _next(stream, patience_s)) is not None:
            if (words := reply.hear(chunk)) is not None:
                yield words
    finally:
        await stream.close()
        reply.tell()
    note_cached(reply.usage)
    for chunk in reply.ending():
        yield chunk


async def _next(stream: AsyncStream[ChatCompletionChunk], patience_s: float) -> ChatCompletionChunk | None:
    async with asyncio.timeout(patience_s):
        return await anext(stream, None)


class _Reply:
    """What has arrived so far."""

    def __init__(self, offered: Collection[str], told: Told, timing: Timing) -> None:
        self._timing = timing
        self._calls = Calls(offered)
        self._told = told
        self._written = ""
        self._last: dict[str, Any] = {}
        self.usage: object = None
        self._finish: object = None
        self._exchange = recorded()

    def hear(self, chunk: ChatCompletionChunk) -> ChatCompletionChunk | None:
        """Store what belongs to the end of the reply, and return the chunk's words; None if it has none."""
        sent = chunk.to_dict(warnings=False)
        self._timing.hear(sent)
        if self._exchange is not None:
            self._exchange.hear(sent)
        self._last = {key: value for key, value in sent.items() if key not in {"choices", "usage"}}
        self.usage = sent.get("usage") or self.usage
        choices = sent.get("choices")
        if not isinstance(choices, list) or not choices:
            return None
        self._finish = choices[0].get("finish_reason") or self._finish
        delta = choices[0].get("delta") or {}
        said = self._hear_delta(delta)
        return self._made({"index": 0, "delta": said, "finish_reason": None}) if said else None

    def _hear_delta(self, delta: dict[str, Any]) -> dict[str, Any]:
        content = delta.get("content")
        if isinstance(content, list):
            content = "".join(part.get("text") or "" for part in content)
        pieces = delta.get("tool_calls") or []
        legacy = [{FUNCTION_CALL: True, "function": delta[FUNCTION_CALL]}] if delta.get(FUNCTION_CALL) else []
        in_calls = [self._calls.add(piece) for piece in [*(pieces if isinstance(pieces, list) else [pieces]), *legacy]]
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        self._watch("".join(text for text in (thought, content, *in_calls) if isinstance(text, str)))
        told = {"content": content, THOUGHT: thought}
        return {name: text for name, text in told.items() if text}

    def _watch(self, more: str) -> None:
        self._written += more
        if (more and repeats(self._written, self._told)) or len(self._calls) > MOST_CALLS:
            raise RepeatsError

    def tell(self) -> None:
        """Tell whoever records the reply which calls it had, however far it came."""
        if self._exchange is not None:
            self._exchange.end(self._calls.as_delta())

    def ending(self) -> list[ChatCompletionChunk]:
        """Return the calls with the finish reason, then the usage."""
        if not self._last:
            return []
        calls = self._calls.as_delta()
        finish = "tool_calls" if calls and self._finish == FUNCTION_CALL else self._finish
        ended = self._made({"index": 0, "delta": {"tool_calls": calls} if calls else {}, "finish_reason": finish})
        return [ended, *([self._made(usage=self.usage)] if self.usage else [])]

    def _made(self, choice: dict[str, Any] | None = None, **more: object) -> ChatCompletionChunk:
        made: ChatCompletionChunk = ChatCompletionChunk.construct(
            **{**self._last, **more, "choices": [] if choice is None else [choice]}
        )
        return made
