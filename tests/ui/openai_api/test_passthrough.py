"""The shop's models for staff: their endpoints get requests as they are, and what they answer is told as it is."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storage.db import Sessions
from storage.settings import Settings
from tests.team.faulty import Pair, hang, status
from tests.ui.openai_api.door import open_door, user

TOOLS = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}]
BODY: dict[str, Any] = {"model": "slice1", "messages": [user("hello")], "tools": TOOLS, "n": 1, "seed": 7}
PATH = "/v1/chat/completions"


async def test_a_request_reaches_its_endpoint_whole_but_for_the_models_own_name(
    settings: Settings, sessions: Sessions
) -> None:
    pair, seen = Pair(), list[dict[str, Any]]()

    async def note(request: Request) -> Response:
        seen.append(await request.json())
        return JSONResponse({"noted": True})

    async with open_door(settings, sessions, around=pair.around) as door:
        pair.slices[1].fault = note
        answer = await (await door.http(await door.staff())).post(PATH, json=BODY)

    assert answer.json() == {"noted": True}
    assert seen == [BODY | {"model": "Qwen/Qwen3-VL-8B-Instruct"}]


async def test_an_endpoints_refusal_is_told_with_its_status_and_when_to_come_back(
    settings: Settings, sessions: Sessions
) -> None:
    pair = Pair()
    async with open_door(settings, sessions, around=pair.around) as door:
        pair.slices[1].fault = status(429, {"Retry-After": "4"})
        answer = await (await door.http(await door.staff())).post(PATH, json=BODY | {"stream": True})

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "4")
    assert answer.json() == {"error": {"message": "no"}}


async def test_an_endpoint_that_is_away_is_told_in_openais_shape(settings: Settings, sessions: Sessions) -> None:
    async with open_door(settings, sessions) as door:
        models = door.floor.settings.shopdesk_home / "models.toml"
        models.write_text(f'{models.read_text()}\n[endpoints.away]\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "a"\n')
        answer = await (await door.http(await door.staff())).post(PATH, json=BODY | {"model": "away"})

    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["code"]) == (502, "server_error", "endpoint_away")


@pytest.mark.parametrize("stream", [False, True])
async def test_a_client_that_leaves_leaves_the_endpoint_too(
    settings: Settings, sessions: Sessions, *, stream: bool
) -> None:
    pair, asked, left = Pair(), asyncio.Event(), asyncio.Event()

    async def waits(request: Request) -> Response:
        asked.set()
        answer = await hang(request)
        left.set()
        return answer

    async with open_door(settings, sessions, around=pair.around) as door:
        pair.slices[1].fault = waits
        leaving = asyncio.create_task((await door.http(await door.staff())).post(PATH, json=BODY | {"stream": stream}))
        async with asyncio.timeout(5):
            await asked.wait()
            leaving.cancel()
            await left.wait()
