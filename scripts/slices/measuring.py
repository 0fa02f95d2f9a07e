"""What a model server does under load: time to the first token, tokens a second, and how its caches are used."""

import asyncio
import json
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import frontmatter
import httpx2

from storage.endpoints import Endpoint
from storage.settings import REPOSITORY, CannotStartError
from team.models.load import read_load

AT_ONCE = (1, 4, 16)
"""Conversations at once, one after the other."""
QUESTIONS = ("Where is my order?", "And when will it arrive?", "Thank you. Can I still return it?")
"""What each conversation says: a turn each, so that the later ones find the earlier in the prefix cache."""
PROMPT = REPOSITORY / "team" / "agents" / "order_tracker.md"
LOOKS_EVERY_S = 0.5
ANSWERS_WITHIN_S = 600.0
P95 = 95


class CannotMeasureError(CannotStartError):
    """An endpoint does not answer, or not as a model does."""

    def __init__(self, key: str, endpoint: Endpoint, why: str) -> None:
        super().__init__(f"{key} ({endpoint.model} at {endpoint.base_url}) cannot be measured: {why}")


@dataclass
class Measured:
    """What was measured of one endpoint with so many conversations at once: seconds, and shares from 0 to 1."""

    key: str
    model: str
    conversations: int
    first_token_s: list[float] = field(default_factory=list)
    tokens: int = 0
    took_s: float = 0.0
    prefix_hits: float | None = None
    kv_cache_peak: float | None = None

    def as_json(self) -> dict[str, object]:
        """Return the figures, rounded to what they are worth."""
        return {
            "endpoint": self.key,
            "model": self.model,
            "conversations": self.conversations,
            "first_token_s": round(statistics.median(self.first_token_s), 3),
            "first_token_p95_s": round(percentile(self.first_token_s, P95), 3),
            "tokens_per_s": round(self.tokens / self.took_s, 1),
            "tokens_per_s_each": round(self.tokens / self.took_s / self.conversations, 1),
            "prefix_hits": None if self.prefix_hits is None else round(self.prefix_hits, 3),
            "kv_cache_peak": None if self.kv_cache_peak is None else round(self.kv_cache_peak, 3),
        }


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many percent of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


async def measure(key: str, endpoint: Endpoint, conversations: int, tokens: int) -> Measured:
    """Hold so many conversations at once, with replies of this many tokens at most, and return what was measured.

    Raises:
        CannotMeasureError: the endpoint does not answer, refuses, or streams nothing.
    """
    found = Measured(key, endpoint.model, conversations)
    async with httpx2.AsyncClient(timeout=ANSWERS_WITHIN_S) as http:
        before = await read_load(http, endpoint)
        watching = asyncio.create_task(_watch(http, endpoint, found))
        began = time.monotonic()
        try:
            # What differs comes first after the shared prompt, so that conversations share that and nothing else.
            talks = (
                _talk(http, key, endpoint, f"{began:.0f}-{number}", tokens, found) for number in range(conversations)
            )
            await asyncio.gather(*talks)
        finally:
            watching.cancel()
            found.took_s = time.monotonic() - began
        after = await read_load(http, endpoint)
    if after.prefix_queries and after.prefix_hits is not None:
        queries = after.prefix_queries - (before.prefix_queries or 0)
        found.prefix_hits = (after.prefix_hits - (before.prefix_hits or 0)) / queries if queries else None
    return found


async def _watch(http: httpx2.AsyncClient, endpoint: Endpoint, found: Measured) -> None:
    while True:
        load = await read_load(http, endpoint)
        if load.kv_cache is not None:
            found.kv_cache_peak = max(found.kv_cache_peak or 0.0, load.kv_cache)
        await asyncio.sleep(LOOKS_EVERY_S)


async def _talk(
    http: httpx2.AsyncClient, key: str, endpoint: Endpoint, name: str, tokens: int, found: Measured
) -> None:
    prompt = frontmatter.loads(PROMPT.read_text(encoding="utf-8")).content
    messages = [{"role": "system", "content": prompt}]
    for question in QUESTIONS:
        messages.append({"role": "user", "content": f"{name}: {question}"})
        body = endpoint.as_taken(
            {
                "model": endpoint.model,
                "messages": messages,
                "max_tokens": tokens,
                "temperature": 0.0,
                "stream": True,
                "stream_options": {"include_usage": True},
            }
        )
        try:
            said = await _reply(http, endpoint, body, found)
        except httpx2.HTTPError as error:
            raise CannotMeasureError(key, endpoint, str(error) or type(error).__name__) from error
        messages.append({"role": "assistant", "content": said})


async def _reply(http: httpx2.AsyncClient, endpoint: Endpoint, body: Mapping[str, Any], found: Measured) -> str:
    """Return what was said to one request; note when it began and how many tokens it had."""
    began, first, said, pieces, counted = time.monotonic(), None, "", 0, None
    key = {"Authorization": f"Bearer {endpoint.api_key}"}
    async with http.stream("POST", f"{endpoint.base_url}/chat/completions", json=body, headers=key) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            if not line.startswith("data: {"):
                continue
            chunk = json.loads(line.removeprefix("data: "))
            counted = (chunk.get("usage") or {}).get("completion_tokens", counted)
            for choice in chunk["choices"]:
                if piece := choice["delta"].get("content"):
                    first = first or time.monotonic() - began
                    said, pieces = said + piece, pieces + 1
    found.first_token_s.append(first or time.monotonic() - began)
    found.tokens += pieces if counted is None else counted
    return said
