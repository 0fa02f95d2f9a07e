"""A model with prewritten replies, served as OpenAI's API: both teams ask it, and it counts what they ask.

Run it as `python -m scripts.bench.turns.model PORT`. `POST /latency?ms=` sets its latency. `GET /taken` returns how
many calls it got since the last time, how many prompt tokens, and how long it took over them, by the last `ref-N` that
a prompt contains.
"""

import asyncio
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

NAME = "scripted"
SPECIALISTS = {"where is my order": "OrderTracker", "cancel order": "ReturnsAgent", "yes": "ReturnsAgent"}
"""Who answers which message; the last one in a prompt counts."""
CHARS_A_TOKEN = 4
SAID = re.compile(rf"\b({'|'.join(SPECIALISTS)})\b", re.IGNORECASE)
REF, ORDER = re.compile(r"ref-\d+"), re.compile(r"#W\d+")


@dataclass
class Taken:
    """What a turn asked of the model; `seconds` is the model's own time."""

    calls: int = 0
    prompt_tokens: int = 0
    seconds: float = 0.0


class Script:
    """The model: its latency, and what was asked of it."""

    def __init__(self) -> None:
        self.latency_s = 0.05
        self.taken: defaultdict[str, Taken] = defaultdict(Taken)

    async def complete(self, request: Request) -> Response:
        """Reply to a prompt, streamed or whole."""
        started = time.perf_counter()
        body = await request.json()
        prompt = json.dumps([body["messages"], body.get("tools", [])], ensure_ascii=False)
        tokens = len(prompt) // CHARS_A_TOKEN
        message = reply(body, prompt)
        await asyncio.sleep(self.latency_s)
        usage = {"prompt_tokens": tokens, "completion_tokens": 12, "total_tokens": tokens + 12}
        answer = _streamed(message, usage) if body.get("stream") else JSONResponse(_whole(message, usage))
        taken = self.taken[(["", *REF.findall(prompt)])[-1]]
        taken.calls, taken.prompt_tokens = taken.calls + 1, taken.prompt_tokens + tokens
        taken.seconds += time.perf_counter() - started
        return answer

    async def tell(self, _: Request) -> Response:
        """Return what was asked since the last time."""
        told = {ref: asdict(taken) for ref, taken in self.taken.items()}
        self.taken.clear()
        return JSONResponse(told)

    async def set_latency(self, request: Request) -> Response:
        """Set the latency of each reply from now on."""
        self.latency_s = float(request.query_params["ms"]) / 1000
        return JSONResponse({})


def reply(body: dict[str, Any], prompt: str) -> dict[str, Any]:
    """Return what the model says: a specialist's name, a tool call, or an answer."""
    last = body["messages"][-1]
    if "structured_outputs" in body or "select the next role" in prompt:
        return {"role": "assistant", "content": SPECIALISTS[SAID.findall(prompt)[-1].lower()]}
    if last["role"] == "tool" or not body.get("tools"):
        return {"role": "assistant", "content": "Order found: it is pending, and has not left the warehouse."}
    # The desk's reminders next to a message have the user's role but state nobody's wish.
    messages = [str(one["content"]) for one in body["messages"] if one["role"] == "user" and one.get("name") != "desk"]
    said, order = messages[-1].lower(), {"order_id": ORDER.findall("".join(messages))[-1]}
    if "where" in said:
        return _call("get_order", order)
    return _call("cancel_order", {**order, "reason": "ordered by mistake"})


def _call(tool: str, arguments: dict[str, str]) -> dict[str, Any]:
    function = {"name": tool, "arguments": json.dumps(arguments)}
    call = {"id": f"call_{time.monotonic_ns()}", "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def _whole(message: dict[str, Any], usage: dict[str, int]) -> dict[str, Any]:
    reason = "tool_calls" if "tool_calls" in message else "stop"
    choice = {"index": 0, "message": message, "finish_reason": reason}
    return {**_head("chat.completion"), "choices": [choice], "usage": usage}


def _streamed(message: dict[str, Any], usage: dict[str, int]) -> Response:
    calls = [{"index": at, **call} for at, call in enumerate(message.get("tool_calls", []))]
    delta = {**message, **({"tool_calls": calls} if calls else {})}
    reason = "tool_calls" if calls else "stop"

    async def chunks() -> AsyncIterator[str]:
        for choices, more in (
            ([{"index": 0, "delta": delta, "finish_reason": None}], {}),
            ([{"index": 0, "delta": {}, "finish_reason": reason}], {}),
            ([], {"usage": usage}),
        ):
            yield f"data: {json.dumps({**_head('chat.completion.chunk'), 'choices': choices, **more})}\n\n"
        yield "data: [DONE]\n\n"

    return StreamingResponse(chunks(), media_type="text/event-stream")


def _head(kind: str) -> dict[str, Any]:
    return {"id": "scripted", "object": kind, "created": int(time.time()), "model": NAME}


async def _models(_: Request) -> Response:
    return JSONResponse({"object": "list", "data": [{"id": NAME, "object": "model", "created": 0, "owned_by": NAME}]})


if __name__ == "__main__":
    script = Script()
    routes = [
        Route("/v1/chat/completions", script.complete, methods=["POST"]),
        Route("/v1/models", _models),
        Route("/health", _models),
        Route("/taken", script.tell),
        Route("/latency", script.set_latency, methods=["POST"]),
    ]
    uvicorn.run(Starlette(routes=routes), port=int(sys.argv[1]), http="h11", log_level="warning")
