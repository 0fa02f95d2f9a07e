"""Model and tool servers that fail as a test wants."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.words.languages import LANGUAGES

Fault = Callable[[Request], Awaitable[Response | None]]
"""Answer a request in the server's place; None lets the server answer."""

PATHS = ("/chat/completions", "/mcp")


class Faulty:
    """A server; while it has a `fault`, that one is asked first. `asked` are the requests so far."""

    def __init__(self, app: ASGIApp, fault: Fault | None = None) -> None:
        self.app = app
        self.fault = fault
        self.asked: list[dict[str, Any]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith(PATHS):
            await self.app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        self.asked.append(json.loads(body))

        # Each reads the body once, and then hears of the client who left.
        asking = Request(scope, replayed(body, receive))
        response = None if self.fault is None else await self.fault(asking)
        await (self.app(scope, replayed(body, receive), send) if response is None else response(scope, receive, send))


def replayed(body: bytes, rest: Receive) -> Receive:
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return left.pop() if left else await rest()

    return receive


class Pair:
    """The two model servers of a shop, and its tools as slice 0: give its `around` to `open_shopfloor`."""

    def __init__(self) -> None:
        self.slices: dict[int, Faulty] = {}

    def around(self, number: int, app: ASGIApp) -> ASGIApp:
        self.slices[number] = Faulty(app)
        return self.slices[number]


def status(code: int, headers: dict[str, str] | None = None) -> Fault:
    async def fail(_: Request) -> Response:
        return JSONResponse({"error": {"message": "no"}}, status_code=code, headers=headers)

    return fail


async def hang(request: Request) -> Response:
    """Never answer: it ends when the client leaves."""
    await request.body()
    while (await request.receive())["type"] != "http.disconnect":
        continue
    return Response()


async def hang_in_calls(request: Request) -> Response | None:
    """Never answer a tool call; everything else is answered."""
    return await hang(request) if (await request.json()).get("method") == "tools/call" else None


async def other_language(request: Request) -> Response | None:
    """Answer English in Korean, and Korean in English."""
    said = [one["content"] for one in (await request.json())["messages"] if one["role"] == "user"]
    return await says(
        "Your order is on its way." if LANGUAGES["ko"].letters.search(said[-1]) else "주문하신 상품은 배송 중입니다."
    )(request)


def says(text: str, finish: str = "stop") -> Fault:
    """Speak this line, streamed or not; the router's question goes to the model."""
    return _line({"content": text}, finish)


def calls(tool: str, arguments: str) -> Fault:
    """Call this tool with these arguments, letter for letter."""
    function = {"name": tool, "arguments": arguments}
    return _line({"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": function}]}, "tool_calls")


def streams(*deltas: dict[str, Any], finish: str | None = "stop", pause_s: float = 0) -> Fault:
    """Stream these pieces, with a pause before each; the router's question goes to the model."""

    async def speak(request: Request) -> Response | None:
        asked = await request.json()
        if not asked.get("stream"):
            return None
        ends = [] if finish is None else [finish]
        chunks = _chunks(asked["model"], [*((delta, None) for delta in deltas), *(({}, end) for end in ends)], pause_s)
        return StreamingResponse(chunks, media_type="text/event-stream")

    return speak


def in_turn(*faults: Fault) -> Fault:
    """Do one after the other, the last for ever; the router's question goes to the model."""
    left = list(faults)

    async def next_one(request: Request) -> Response | None:
        if not (await request.json()).get("stream"):
            return None
        return await (left.pop(0) if len(left) > 1 else left[0])(request)

    return next_one


def in_pieces(*texts: str) -> Fault:
    """Speak a line that comes piece by piece."""
    return streams(*({"content": text} for text in texts))


def thinks(thought: str, text: str, field: str = "reasoning_content") -> Fault:
    """Think in a field of its own, then speak."""
    return streams({field: thought}, {"content": text})


def _line(delta: dict[str, Any], finish: str) -> Fault:
    return streams(delta, finish=finish)


def speaks_and_hangs(model: str) -> Response:
    """Stream one sentence, begin the next and never end it."""

    async def begun() -> AsyncIterator[str]:
        async for chunk in _chunks(model, [({"content": "Let me look. Your order is "}, None), ({}, "stop")]):
            yield chunk
            await asyncio.Event().wait()

    return StreamingResponse(begun(), media_type="text/event-stream")


async def _chunks(
    model: str, pieces: Sequence[tuple[dict[str, Any], str | None]], pause_s: float = 0
) -> AsyncIterator[str]:
    head = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": model}
    for delta, finish in pieces:
        await asyncio.sleep(pause_s)
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        yield f"data: {json.dumps({**head, 'choices': [choice]})}\n\n"
    yield "data: [DONE]\n\n"


def raw(body: str, kind: str = "application/json") -> Fault:
    """Answer with this text, whatever was asked."""

    async def answer(_: Request) -> Response:
        return Response(body, media_type=kind)

    return answer


def first(times: int, fault: Fault) -> Fault:
    """Fail the first requests alone."""
    left = [times]

    async def fail(request: Request) -> Response | None:
        left[0] -= 1
        return await fault(request) if left[0] >= 0 else None

    return fail
