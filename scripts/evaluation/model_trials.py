"""Testing an endpoint: everything the team needs from a model, tried once, with the setting to change on failure."""

import asyncio
import base64
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from io import BytesIO

import httpx2
from openai import (
    APIConnectionError,
    APIStatusError,
    AsyncOpenAI,
    AuthenticationError,
    NotFoundError,
    OpenAIError,
    PermissionDeniedError,
)
from PIL import Image

from mcp_servers.vision.model import NO_PICTURES
from scripts.evaluation.wire_trials import find_takes
from storage.endpoints import Choice, Endpoint
from storage.models.features import Feature
from team.crew.choice import chosen, constraint
from team.models.plain_openai import PlainOpenAI

WITHIN_S = 30
WARM_WITHIN_S = 180
"""A server that has just started loads and compiles during its first reply."""
NAMES = ["OrderTracker", "PolicyGuide", "ProductAdvisor"]
CHOICES: tuple[Choice, ...] = ("structured_outputs", "json_schema", "tool", "text")
WHO = "Which specialist answers a question about the return policy? Reply with the name alone: " + ", ".join(NAMES)
TOOL = {
    "type": "function",
    "function": {
        "name": "get_order",
        "description": "Look up one order: its status, its lines, its shipments.",
        "parameters": {
            "type": "object",
            "properties": {"order_id": {"type": "string", "description": "Order id, such as '#W1042'"}},
            "required": ["order_id"],
        },
    },
}

TOOLS_OFF = "--enable-auto-tool-choice"
PARSERS = {
    "<function=": "qwen3_coder",
    "<tool_call>": "hermes",
    "[TOOL_CALLS]": "mistral",
    "<|python_tag|>": "llama3_json",
    '"parameters"': "llama3_json",
    '"arguments"': "hermes",
}
"""Marks of a call that was not parsed, with vLLM's name for the right parser; the most specific mark first."""

RED = re.compile(r"\bred\b|빨간|빨강|붉은", re.IGNORECASE)
BLIND_HINT = "; set vision = false for this endpoint, and let the role `vision` have one that sees"


@dataclass(frozen=True)
class Trial:
    """What was tried, whether it worked, and a message."""

    what: str
    passed: bool
    told: str


class TrialError(Exception):
    """The endpoint answered, but not with what the team needs."""


Try = Callable[[AsyncOpenAI, Endpoint], Awaitable[str]]


async def try_endpoint(endpoint: Endpoint) -> tuple[list[Trial], tuple[Feature, ...] | None]:
    """Try everything, and find out which request fields the endpoint accepts; None if that cannot be determined.

    If the endpoint does not answer at all, nothing else is tried.
    """
    async with httpx2.AsyncClient(timeout=WITHIN_S) as http:
        # Wait for a cold server only once: it is warm for the trials that follow.
        trials = [
            await _tried("answers", _answers, PlainOpenAI(endpoint, http, WARM_WITHIN_S), endpoint, WARM_WITHIN_S)
        ]
        if not trials[0].passed:
            return trials, None
        takes = await find_takes(endpoint)
        if takes is not None:
            endpoint = endpoint.model_copy(update={"takes": takes})
        client = PlainOpenAI(endpoint, http, WITHIN_S)
        more: list[tuple[str, Try]] = [("choice", _choice), ("tool call", _tool_call), ("streaming", _streaming)]
        if endpoint.vision:
            more.append(("picture", _picture))
        return [*trials, *[await _tried(what, attempt, client, endpoint) for what, attempt in more]], takes


async def _tried(what: str, attempt: Try, client: AsyncOpenAI, endpoint: Endpoint, within_s: float = WITHIN_S) -> Trial:
    try:
        # An endpoint that trickles data never triggers the client's own timeouts.
        async with asyncio.timeout(within_s):
            return Trial(what, True, await attempt(client, endpoint))
    except TimeoutError:
        return Trial(what, False, f"no whole answer within {within_s:g} seconds")
    except (OpenAIError, TrialError, ValueError, LookupError) as error:
        return Trial(what, False, " ".join(str(error).split())[:300] + hint(error, endpoint))


async def _answers(client: AsyncOpenAI, endpoint: Endpoint) -> str:
    served = [model.id for model in (await client.models.list()).data] if endpoint.lists_models else []
    if served and endpoint.model not in served:
        raise TrialError(f"it serves {', '.join(served[:5])}, not {endpoint.model}; set model to one of them")
    return f"the model is served{await _warmed_up(client, endpoint)}"


async def _warmed_up(client: AsyncOpenAI, endpoint: Endpoint) -> str:
    """Let a cold server load and compile before its replies are timed; later trials report what it rejects."""
    started = time.monotonic()
    try:
        await client.chat.completions.create(
            model=endpoint.model, messages=[{"role": "user", "content": "Hello"}], max_tokens=1
        )
    except OpenAIError:
        return ""
    return f"; its first reply took {time.monotonic() - started:.1f} s"


async def _choice(client: AsyncOpenAI, endpoint: Endpoint) -> str:
    if await _chooses(client, endpoint, endpoint.choice):
        return endpoint.choice
    works = [choice for choice in CHOICES if choice != endpoint.choice and await _chooses(client, endpoint, choice)]
    advice = f'; set choice = "{works[0]}" for this endpoint' if works else ""
    raise TrialError(f"{endpoint.choice} did not produce one of the names{advice}")


async def _chooses(client: AsyncOpenAI, endpoint: Endpoint, choice: Choice) -> bool:
    try:
        reply = await client.chat.completions.create(
            model=endpoint.model,
            messages=[{"role": "user", "content": WHO}],
            temperature=0,
            **constraint(choice, NAMES, 16),
        )
    except OpenAIError:
        return False
    return bool(chosen(reply, NAMES)[0])


async def _tool_call(client: AsyncOpenAI, endpoint: Endpoint) -> str:
    reply = await client.chat.completions.create(
        model=endpoint.model,
        messages=[
            {"role": "system", "content": "You look up orders. Always call get_order; never guess."},
            {"role": "user", "content": "Where is my order #W1042?"},
        ],
        tools=[TOOL],  # type: ignore[list-item]  # a plain dictionary of the same shape
        temperature=0,
        max_tokens=256,
    )
    message = reply.choices[0].message
    if not message.tool_calls:
        written = message.content or ""
        raise TrialError(f"it wrote {written[:60]!r} and called nothing{parser_for(written)}")
    arguments = json.loads(getattr(message.tool_calls[0], "function").arguments)  # noqa: B009 - a custom tool has none
    return f"get_order({', '.join(f'{name}={value!r}' for name, value in arguments.items())})"


async def _streaming(client: AsyncOpenAI, endpoint: Endpoint) -> str:
    stream = await client.chat.completions.create(
        model=endpoint.model,
        messages=[{"role": "user", "content": "Say hello to a customer in one sentence."}],
        stream=True,
        stream_options={"include_usage": True},
        max_tokens=64,
    )
    pieces, usage = 0, None
    async for chunk in stream:
        pieces += bool(chunk.choices and chunk.choices[0].delta.content)
        usage = chunk.usage or usage
    if not pieces:
        raise TrialError("the stream had no text in it")
    return f"{pieces} pieces" + ("" if usage else "; no usage reported, so tokens are not counted")


async def _picture(client: AsyncOpenAI, endpoint: Endpoint) -> str:
    shown = BytesIO()
    Image.new("RGB", (64, 64), (200, 30, 30)).save(shown, "PNG")
    url = f"data:image/png;base64,{base64.b64encode(shown.getvalue()).decode()}"
    reply = await client.chat.completions.create(
        model=endpoint.model,
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "image_url", "image_url": {"url": url}},
                    {"type": "text", "text": "Which colour do you see? Answer in a few words."},
                ],
            }
        ],
        max_tokens=64,
    )
    said = " ".join((reply.choices[0].message.content or "").split())
    if not said:
        raise TrialError("it said nothing about the picture")
    if not RED.search(said):
        raise TrialError(f"shown a red square, it said {said[:60]!r}: it does not see{BLIND_HINT}")
    return said[:80]


def hint(error: Exception, endpoint: Endpoint) -> str:
    """Say how to fix an endpoint that answered like this; empty if that is unknown."""
    match error:
        case APIConnectionError():
            return f"; is it running? Nothing answers at base_url, {endpoint.base_url}"
        case AuthenticationError() | PermissionDeniedError():
            key = endpoint.api_key_env or "api_key_env"
            return f"; its key comes from {key}" if endpoint.api_key_env else f"; name its key's variable in {key}"
        case NotFoundError() if "model" not in str(error):
            return f"; does base_url end with /v1? It is {endpoint.base_url}"
        case APIStatusError() if TOOLS_OFF in str(error):
            return f"; start vLLM with {TOOLS_OFF} --tool-call-parser hermes (for Qwen)"
        case APIStatusError() if NO_PICTURES.search(str(error)):
            return BLIND_HINT
    return ""


def parser_for(written: str) -> str:
    """Name the parser that would have recognised a call that a model wrote into its text."""
    found = next((parser for mark, parser in PARSERS.items() if mark in written), None)
    return f"; start vLLM with {TOOLS_OFF} --tool-call-parser {found}" if found else ""
