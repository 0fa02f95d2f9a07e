import base64
import io
import json

import httpx2
import openai
import pytest
from PIL import Image

from tests.team.standin.conftest import MODEL
from tests.team.standin.talk import CANCEL, LIST_ORDERS


def client(url: str) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)


def hello(**more: object) -> dict[str, object]:
    return {"model": MODEL, "messages": [{"role": "user", "content": "Hello!"}], **more}


async def test_a_reply_is_an_openai_completion_that_says_it_is_a_stand_in(url: str) -> None:
    async with client(url) as model:
        reply = await model.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "안녕하세요"}])

    assert reply.system_fingerprint == "shopdesk-standin"
    assert reply.choices[0].message.content == "안녕하세요! 주문, 상품, 정책 가운데 무엇을 도와드릴까요?"
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage is not None
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


async def test_the_same_request_has_the_same_reply(url: str) -> None:
    async with httpx2.AsyncClient(base_url=url) as http:
        first = await http.post("/v1/chat/completions", json=hello())
        second = await http.post("/v1/chat/completions", json=hello())

    assert first.content == second.content


async def test_a_stream_brings_the_words_one_by_one_and_the_usage_last(url: str) -> None:
    async with client(url) as model:
        stream = await model.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": "Hello!"}],
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = [chunk async for chunk in stream]

    words = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    assert len(words) > 5
    assert "".join(words) == "Hello! How can I help you with your orders, our products or our policies?"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage is not None


async def test_a_tool_call_is_streamed_in_pieces_that_make_its_arguments(url: str) -> None:
    async with client(url) as model:
        stream = await model.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": "Cancel #W1042, I ordered it by mistake"}],
            tools=[CANCEL],
            stream=True,
        )
        deltas = [chunk.choices[0].delta async for chunk in stream if chunk.choices]

    pieces = [piece.function for delta in deltas for piece in delta.tool_calls or [] if piece.function]
    assert pieces[0].name == "cancel_order"
    assert len(pieces) > 3
    arguments = json.loads("".join(piece.arguments or "" for piece in pieces))
    assert arguments == {"order_id": "#W1042", "reason": "ordered by mistake"}


async def test_a_choice_is_one_of_the_choices_with_the_log_probability_of_each(url: str) -> None:
    choices = ["OrderTracker", "ReturnsAgent", "PolicyGuide"]
    async with client(url) as model:
        reply = await model.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": "Language: en\n<message>where is my order</message>"}],
            logprobs=True,
            top_logprobs=5,
            extra_body={"structured_outputs": {"choice": choices}},
        )

    assert reply.choices[0].message.content == "OrderTracker"
    assert reply.choices[0].logprobs is not None
    assert reply.choices[0].logprobs.content is not None
    top = reply.choices[0].logprobs.content[0].top_logprobs
    assert sorted(one.token for one in top) == sorted(choices)
    assert top[0].token == "OrderTracker"


async def test_a_picture_is_described_in_the_schema_that_is_asked_for(url: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 20, 20)).save(buffer, "PNG")
    picture = f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
    schema = {
        "type": "object",
        "properties": {
            "description": {"type": "string"},
            "text": {"type": "string"},
            "verdict": {"$ref": "#/$defs/Verdict"},
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        },
        "required": ["description"],
        "$defs": {"Verdict": {"enum": ["damaged", "not_damaged", "unclear"]}},
    }
    async with httpx2.AsyncClient(base_url=url) as http:
        reply = await http.post(
            "/v1/chat/completions",
            json={
                "model": MODEL,
                "messages": [
                    {
                        "role": "user",
                        "content": [
                            {"type": "text", "text": "Describe this."},
                            {"type": "image_url", "image_url": {"url": picture}},
                        ],
                    }
                ],
                "response_format": {"type": "json_schema", "json_schema": {"name": "seen", "schema": schema}},
            },
        )

    assert json.loads(reply.json()["choices"][0]["message"]["content"]) == {
        "description": "A wide picture of 40 by 20 pixels, evenly lit, mostly red.",
        "text": "",
        "verdict": "unclear",
        "confidence": 0.5,
    }


async def test_max_tokens_cuts_the_reply_and_says_so(url: str) -> None:
    async with httpx2.AsyncClient(base_url=url) as http:
        reply = (await http.post("/v1/chat/completions", json=hello(max_tokens=3))).json()

    assert reply["choices"][0]["finish_reason"] == "length"
    assert reply["usage"]["completion_tokens"] == 3
    assert reply["choices"][0]["message"]["content"] == "Hello! How c"


async def test_a_reply_ends_before_a_stop_text(url: str) -> None:
    async with httpx2.AsyncClient(base_url=url) as http:
        reply = (await http.post("/v1/chat/completions", json=hello(stop=["How"]))).json()

    assert reply["choices"][0]["message"]["content"] == "Hello! "


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ("{", 400, "Invalid JSON"),
        (json.dumps({"model": MODEL}), 400, "messages"),
        (json.dumps({"model": MODEL, "messages": []}), 400, "messages"),
        (json.dumps(hello(n=2)), 400, "n:"),
        (json.dumps(hello(model="other")), 404, "The model `other` does not exist."),
    ],
)
async def test_a_bad_request_is_refused_in_openai_s_words(url: str, body: str, status: int, says: str) -> None:
    async with httpx2.AsyncClient(base_url=url) as http:
        reply = await http.post("/v1/chat/completions", content=body)

    assert reply.status_code == status
    assert says in reply.json()["error"]["message"]


async def test_a_picture_that_cannot_be_read_is_a_bad_request(url: str) -> None:
    broken = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    async with httpx2.AsyncClient(base_url=url) as http:
        body = {"model": MODEL, "messages": [{"role": "user", "content": [broken]}]}
        reply = await http.post("/v1/chat/completions", json=body)

    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == "messages"


async def test_models_health_and_metrics_answer_as_vllm_does(url: str) -> None:
    async with httpx2.AsyncClient(base_url=url) as http:
        asked = (await http.post("/v1/chat/completions", json=hello())).json()["usage"]
        models = (await http.get("/v1/models")).json()
        health = await http.get("/health")
        metrics = (await http.get("/metrics")).text

    assert models["data"] == [{"id": MODEL, "object": "model", "created": 0, "owned_by": "shopdesk-standin"}]
    assert health.status_code == 200
    assert f'vllm:prompt_tokens_total{{model_name="{MODEL}"}} {float(asked["prompt_tokens"])}' in metrics
    assert f'vllm:num_requests_running{{model_name="{MODEL}"}} 0.0' in metrics


async def test_list_orders_is_called_where_no_order_is_named(url: str) -> None:
    async with client(url) as model:
        reply = await model.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": "주문 목록 보여 주세요"}],
            tools=[LIST_ORDERS],
        )

    assert reply.choices[0].finish_reason == "tool_calls"
    call = (reply.choices[0].message.tool_calls or [])[0]
    assert call.type == "function"
    assert call.function.name == "list_orders"
