"""A client that leaves while it is answered: its turn stops, and the same message can be sent again."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from storage.db import Sessions
from storage.settings import Settings
from tests.team.faulty import Pair, hang
from tests.ui.openai_api.door import WHERE, Door, ask, open_door, user

WITHIN_S = 3


async def ended(door: Door) -> list[dict[str, Any]]:
    """The turns that have ended in the one conversation there is, as soon as one has."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            [chat] = await door.conversations()
            steps = await door.floor.desk.steps.stored(chat, 0)
            if found := [step.data for step in steps if step.kind == "turn_ended"]:
                return found
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses"])
async def test_a_client_that_leaves_stops_its_turn_and_may_ask_again(
    settings: Settings, sessions: Sessions, path: str, *, stream: bool
) -> None:
    pair = Pair()
    body: dict[str, Any] = {"model": "shopdesk", "stream": stream, "input": WHERE, "messages": [user(WHERE)]}
    async with open_door(settings, sessions, around=pair.around) as door:
        asked = asyncio.Event()

        async def waits(request: Request) -> Response:
            asked.set()
            return await hang(request)

        pair.slices[2].fault = waits
        leaving = asyncio.create_task((await door.http()).post(path, json=body))
        async with asyncio.timeout(WITHIN_S):
            await asked.wait()
        leaving.cancel()
        stopped = await ended(door)
        pair.slices[2].fault = None
        answer = await ask(await door.client(), [user(WHERE)])

        assert [turn["status"] for turn in stopped] == ["stopped"]
        assert "is being prepared" in answer


async def test_a_stream_is_never_silent_for_ten_seconds(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.openai_api import completions

    assert completions.PING_S < 10
    monkeypatch.setattr(completions, "PING_S", 0.2)
    pair = Pair()
    async with open_door(settings, sessions, around=pair.around) as door:
        pair.slices[2].fault = hang
        http = await door.http()
        body = {"model": "shopdesk", "stream": True, "messages": [user(WHERE)]}
        async with asyncio.timeout(WITHIN_S), http.stream("POST", "/v1/chat/completions", json=body) as told:
            lines = [line async for line in _until(told.aiter_lines(), comments=2)]

    assert told.headers["content-type"].startswith("text/event-stream")
    assert lines[0].startswith('data: {"id":"chatcmpl-')
    assert lines[-2:] == [": working", ": working"]


async def _until(lines: Any, *, comments: int) -> Any:  # noqa: ANN401 - lines of a stream
    async for line in lines:
        if line:
            yield line
            comments -= line.startswith(":")
        if not comments:
            return
