"""What a mind sends raw, as a client of HTTP gets it."""

import json

import httpx2
import pytest

from team.standin.completion import Reply
from team.standin.hostility.breaks import broken
from team.standin.hostility.said import Said
from team.standin.raw import Raw
from team.standin.server import build_app
from team.standin.wire import ChatRequest, Json
from tests.team.serving import address, listening, serving

SAID = Said("Your order is on its way to you.")
ASKED: Json = {
    "model": "m",
    "messages": [{"role": "user", "content": "Where is my order?"}],
    "stream": True,
    "stream_options": {"include_usage": True},
}


async def got(code: str, **more: object) -> httpx2.Response:
    """Ask a mind whose reply is broken in this way."""

    def mind(request: ChatRequest) -> Reply | Raw:
        return broken(code, request, SAID)

    listener = listening()
    async with serving((build_app("m", mind), listener)), httpx2.AsyncClient(base_url=address(listener)) as client:
        return await client.post("/v1/chat/completions", json={**ASKED, **more})


def chunks(response: httpx2.Response) -> list[Json]:
    told = [line.removeprefix("data: ") for line in response.text.splitlines() if line.startswith("data: ")]
    return [json.loads(line) for line in told if line != "[DONE]"]


@pytest.mark.parametrize("code", ["mid_chunk", "breaks_off"])
@pytest.mark.parametrize("stream", [True, False])
async def test_a_reply_that_breaks_off_ends_the_connection(code: str, stream: bool) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        await got(code, stream=stream)


async def test_a_refusal_has_its_status_and_says_when_to_come_again() -> None:
    response = await got("again_soon")

    assert (response.status_code, response.headers["retry-after"]) == (429, "1")


async def test_a_stream_may_end_without_its_mark() -> None:
    response = await got("no_done")

    assert "[DONE]" not in response.text
    assert chunks(response)[-1]["usage"]["completion_tokens"] > 0


async def test_an_error_may_stand_in_a_stream_of_200() -> None:
    response = await got("error_inside")

    assert response.status_code == 200
    assert chunks(response)[-1]["error"]["message"] == "CUDA out of memory"


@pytest.mark.parametrize("code", ["comments", "letters", "one_chunk"])
async def test_an_odd_stream_says_the_same(code: str) -> None:
    deltas = [choice["delta"] for chunk in chunks(await got(code)) for choice in chunk["choices"]]

    assert "".join(delta.get("content") or "" for delta in deltas) == SAID.text
