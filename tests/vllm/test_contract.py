"""The stand-in and a real server are asked the same: what a client reads of one, it finds in the other."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from team.models.load import GAUGES
from team.standin.server import build_app
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import NAMES
from tests.vllm.served import Served
from tests.vllm.test_road import ASKED, call

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(600)]

Json = dict[str, Any]
ANSWERED = "Hello there, how may I help you today?"
NAMES_OF_ALL = ["OrderTracker", "ReturnsAgent"]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_order",
        "description": "Look up one order.",
        "parameters": {
            "type": "object",
            "properties": {"order_id": {"type": "string", "description": "Order id"}},
            "required": ["order_id"],
            "additionalProperties": False,
        },
    },
}
USAGE = {"stream": True, "stream_options": {"include_usage": True}}
ORDER = [{"role": "user", "content": ASKED}]
HELLO = [{"role": "user", "content": "hello"}]
TOLD = [
    *ORDER,
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {
                "id": "call_1",
                "type": "function",
                "function": {"name": "get_order", "arguments": '{"order_id": "#W1042"}'},
            }
        ],
    },
    {"role": "tool", "tool_call_id": "call_1", "content": "No order #W1042 was found. Check the order id."},
]
ANSWERS: Mapping[str, Json] = {
    "words": {"messages": HELLO},
    "a cut reply": {"messages": HELLO, "max_tokens": 2},
    "another name of the limit": {"messages": HELLO, "max_completion_tokens": 2},
    "a choice and its chances": {
        "messages": ORDER,
        "structured_outputs": {"choice": NAMES_OF_ALL},
        "logprobs": True,
        "top_logprobs": 2,
    },
    "a call": {"messages": ORDER, "tools": [TOOL], "parallel_tool_calls": False},
    "a call that must be": {"messages": ORDER, "tools": [TOOL], "tool_choice": "required"},
    "the answer after a call": {"messages": TOLD, "tools": [TOOL]},
    "words, streamed": {"messages": HELLO, **USAGE},
    "words, streamed without usage": {"messages": HELLO, "stream": True},
    "a cut reply, streamed": {"messages": HELLO, "max_tokens": 2, **USAGE},
    "a call, streamed": {"messages": ORDER, "tools": [TOOL], **USAGE},
    "the answer after a call, streamed": {"messages": TOLD, "tools": [TOOL], **USAGE},
}
REFUSED: Mapping[str, tuple[str, Json | str]] = {
    "another model": ("/v1/chat/completions", {"model": "nobody", "messages": HELLO}),
    "no messages": ("/v1/chat/completions", {"messages": None}),
    "no JSON": ("/v1/chat/completions", "{"),
    "too many chances": ("/v1/chat/completions", {"messages": HELLO, "logprobs": True, "top_logprobs": 21}),
    "no room to answer": ("/v1/chat/completions", {"messages": HELLO, "max_tokens": 0}),
}
OTHERWISE = {"no JSON": "Bad Request"}
"""The kind of error that vLLM names where the stand-in says `BadRequestError`. Nobody reads it: the status says all.

A role that nobody has is refused by the stand-in; vLLM hands it to the model's template.
"""
OURS = {"system_fingerprint"}
"""What the stand-in alone says, so that the page can tell that it is one."""


@dataclass(frozen=True)
class Both:
    """The two servers, each asked over HTTP as a client does."""

    stand_in: httpx2.AsyncClient
    real: httpx2.AsyncClient

    async def post(self, path: str, body: Json | str) -> tuple[httpx2.Response, httpx2.Response]:
        sent = body if isinstance(body, str) else None
        asked: Json = {} if isinstance(body, str) else {"model": NAMES[0], "temperature": 0, **body}
        more: Json = {"headers": {"Content-Type": "application/json"}, "content": sent} if sent else {"json": asked}
        return await self.stand_in.post(path, **more), await self.real.post(path, **more)

    async def get(self, path: str) -> tuple[httpx2.Response, httpx2.Response]:
        return await self.stand_in.get(path), await self.real.get(path)


@pytest.fixture
async def both(vllm: Served) -> AsyncIterator[Both]:
    vllm.says(
        (r"</tool_response>", "Your order #W1042 is pending."),
        (r"<tools>", call("get_order", order_id="#W1042")),
        (r"order", "OrderTracker"),
        (r"hello", ANSWERED),
    )
    listener = listening()
    async with (
        serving((build_app(NAMES[0]), listener)),
        httpx2.AsyncClient(base_url=address(listener), timeout=120) as stand_in,
        httpx2.AsyncClient(base_url=vllm.url.removesuffix("/v1"), timeout=120) as real,
    ):
        yield Both(stand_in, real)


def shape(data: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """JSON with the kind of each value in its place; what is null is as good as left out."""
    if isinstance(data, dict):
        return {name: shape(value) for name, value in data.items() if value is not None and name not in OURS}
    if isinstance(data, list):
        return [shape(data[0])] if data else []
    return "number" if isinstance(data, int | float) else type(data).__name__


def missing(wanted: Any, found: Any, at: str = "") -> list[str]:  # noqa: ANN401 - JSON of any shape
    """Where `found` lacks something of `wanted`, or has another kind of thing in its place."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        gone = [f"{at}.{name}" for name in wanted if name not in found]
        return gone + [
            one for name in wanted if name in found for one in missing(wanted[name], found[name], f"{at}.{name}")
        ]
    if isinstance(wanted, list) and isinstance(found, list):
        return missing(wanted[0], found[0], f"{at}[]") if wanted and found else []
    return [] if wanted == found else [f"{at}: {wanted} is {found}"]


def chunks(response: httpx2.Response) -> list[Json]:
    """The chunks of a stream, which ends as it has to."""
    import json

    lines = [line.removeprefix("data: ") for line in response.text.splitlines() if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def joined(streamed: Sequence[Json]) -> Json:
    """What a stream comes to: every field of every chunk, the pieces of a text or a call put together."""
    made: Json = {
        "finish": [],
        "text": "",
        "calls": {},
        "usage": [],
        "first": streamed[0]["choices"][0]["delta"].get("role"),
    }
    for chunk in streamed:
        made["usage"] += [chunk["usage"]] if chunk.get("usage") else []
        for choice in chunk["choices"]:
            made["finish"] += [choice["finish_reason"]] if choice.get("finish_reason") else []
            made["text"] += choice["delta"].get("content") or ""
            for piece in choice["delta"].get("tool_calls") or []:
                one = made["calls"].setdefault(piece["index"], {"id": "", "name": "", "arguments": ""})
                one["id"] = piece.get("id") or one["id"]
                for name in ("name", "arguments"):
                    one[name] += (piece.get("function") or {}).get(name) or ""
    return made


def told(response: httpx2.Response, *, streamed: bool) -> Json:
    """What a client makes of an answer: how it ended, its calls, whether there is text, and the kinds of its fields."""
    if streamed:
        whole = joined(chunks(response))
        calls = [(one["name"], one["arguments"].replace(" ", "")) for one in whole["calls"].values()]
        counted = [sorted(one for one in usage if one.endswith("tokens")) for usage in whole["usage"]]
        return {
            "finish": whole["finish"],
            "calls": calls,
            "text": bool(whole["text"]),
            "first": whole["first"],
            "usage": counted,
        }
    [choice] = response.json()["choices"]
    calls = [
        (one["function"]["name"], one["function"]["arguments"].replace(" ", ""))
        for one in choice["message"].get("tool_calls") or []
    ]
    return {"finish": [choice["finish_reason"]], "calls": calls, "text": bool(choice["message"]["content"])}


@pytest.mark.parametrize("asked", ANSWERS)
async def test_an_answer_has_the_fields_the_calls_and_the_end_that_a_real_servers_has(both: Both, asked: str) -> None:
    body = ANSWERS[asked]
    streamed = bool(body.get("stream"))

    ours, theirs = await both.post("/v1/chat/completions", body)

    assert (ours.status_code, theirs.status_code) == (200, 200), (ours.text, theirs.text)
    assert ours.headers["content-type"].partition(";")[0] == theirs.headers["content-type"].partition(";")[0]
    assert told(ours, streamed=streamed) == told(theirs, streamed=streamed)
    if streamed:
        for one in chunks(ours):
            known = [shape(other) for other in chunks(theirs)]
            assert any(missing(shape(one), other) == [] for other in known), (one, chunks(theirs))
    else:
        assert missing(shape(ours.json()), shape(theirs.json())) == []


@pytest.mark.parametrize("asked", REFUSED)
async def test_a_refusal_has_the_status_and_the_body_that_a_real_servers_has(both: Both, asked: str) -> None:
    ours, theirs = await both.post(*REFUSED[asked])

    assert (ours.status_code, sorted(ours.json()["error"])) == (theirs.status_code, sorted(theirs.json()["error"]))
    assert ours.json()["error"]["code"] == theirs.json()["error"]["code"]
    assert theirs.json()["error"]["type"] == OTHERWISE.get(asked, ours.json()["error"]["type"])


async def test_both_list_their_models_say_that_they_are_well_and_count_under_the_same_names(both: Both) -> None:
    listed, health, metrics = [await both.get(path) for path in ("/v1/models", "/health", "/metrics")]

    assert missing(shape(listed[0].json()), shape(listed[1].json())) == []
    assert [one["id"] for one in listed[1].json()["data"]] == list(NAMES)
    assert [(one.status_code, one.text) for one in health] == [(200, ""), (200, "")]
    ours, theirs = (
        {line.split("{")[0].split(" ")[0] for line in one.text.splitlines() if line.startswith("vllm:")}
        for one in metrics
    )
    assert ours <= theirs
    assert {GAUGES[name] for name in theirs & GAUGES.keys()} == set(GAUGES.values())
