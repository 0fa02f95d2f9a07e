"""Finds out which request fields an endpoint accepts: each is sent once, the way a turn would send it."""

from collections.abc import Mapping
from typing import Any

import httpx2
from openai import APIStatusError, OpenAIError

from storage.endpoints import Endpoint
from storage.models.features import Feature
from team.crew.choice import TOP_LOGPROBS
from team.models.plain_openai import PlainOpenAI

WITHIN_S = 30
REFUSALS = frozenset({400, 404, 405, 415, 422, 501})
"""Statuses with which servers reject a request they do not understand; other failures say nothing about the field."""

ROOM = 64
ASKED = [{"role": "user", "content": "Where is my order #W1042?"}]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_order",
        "description": "Look up one order.",
        "parameters": {
            "type": "object",
            "properties": {"order_id": {"type": "string", "description": "Order id", "maxLength": 40}},
            "required": ["order_id"],
            "additionalProperties": False,
        },
    },
}
LIMITS: tuple[Feature, ...] = ("max_tokens", "max_completion_tokens")
WORDS: Mapping[Feature, dict[str, Any]] = {
    "temperature": {"temperature": 0},
    "stream_options": {"stream": True, "stream_options": {"include_usage": True}},
    "logprobs": {"logprobs": True, "top_logprobs": TOP_LOGPROBS},
}
WITH_TOOLS: Mapping[Feature, dict[str, Any]] = {
    "strict": {},
    "parallel_tool_calls": {"parallel_tool_calls": False},
    "tool_choice_required": {"tool_choice": "required"},
}
"""Fields that are sent together with a tool, and tried only if tools are accepted at all."""


async def find_takes(endpoint: Endpoint) -> tuple[Feature, ...] | None:
    """Return the fields the endpoint accepts; one without a result keeps its previous one. None: no request worked."""
    async with httpx2.AsyncClient(timeout=WITHIN_S) as http:
        limits: dict[Feature, bool | None] = {}
        for name in LIMITS:
            limits[name] = await _taken(http, endpoint, (name,), {name: ROOM})
        base = next((name for name, taken in limits.items() if taken), None)
        if base is None:
            return None
        found = dict(limits)
        for feature, body in WORDS.items():
            found[feature] = await _taken(http, endpoint, (base, feature), {base: ROOM, **body})
        if await _taken(http, endpoint, (base,), {base: ROOM, "tools": [TOOL]}):
            for feature, body in WITH_TOOLS.items():
                sent = {base: ROOM, "tools": [TOOL], **body}
                found[feature] = await _taken(http, endpoint, (base, feature), sent)
        names = [*WITH_TOOLS, *WORDS, *LIMITS]
        return tuple(one for one in names if (found.get(one) if found.get(one) is not None else one in endpoint.takes))


async def _taken(
    http: httpx2.AsyncClient, endpoint: Endpoint, takes: tuple[Feature, ...], body: dict[str, Any]
) -> bool | None:
    """Whether a request is answered when sent with these fields; None if it failed for another reason."""
    client = PlainOpenAI(endpoint.model_copy(update={"takes": takes}), http, WITHIN_S)
    try:
        reply = await client.chat.completions.create(model=endpoint.model, messages=ASKED, **body)
        if body.get("stream"):
            await anext(reply, None)
            await reply.aclose()
    except APIStatusError as error:
        return False if error.status_code in REFUSALS else None
    except (OpenAIError, TimeoutError):
        return None
    return True
