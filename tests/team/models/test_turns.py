"""Two models that do not fit together take turns: no call is lost or meets a sleeper, and never are both awake."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storage.endpoints import Endpoint, Endpoints, EndpointsError, parse_endpoints
from storage.settings import Settings
from team.models.slices import turns
from team.models.slices.turns import Turns
from tests.team.serving import address, listening, serving


class Card:
    """A card with room for one of its sleepers."""

    def __init__(self) -> None:
        self.awake: set[str] = set()
        self.wrong: list[str] = []
        self.swaps = 0


class Sleeper:
    """A model server with vLLM's sleep mode, which sleeps once its calls have ended."""

    def __init__(self, name: str, card: Card) -> None:
        self.name, self.card = name, card
        self.open = 0
        self.idle = asyncio.Condition()
        self.broken = False
        self.answered = 0

    async def sleep(self, request: Request) -> Response:
        assert request.query_params["mode"] == "wait"
        async with self.idle:
            await self.idle.wait_for(lambda: not self.open)
        self.card.awake.discard(self.name)
        return JSONResponse({"status": "sleeping"})

    async def wake_up(self, _: Request) -> Response:
        if self.broken:
            return Response(status_code=500)
        self.card.awake.add(self.name)
        self.card.swaps += 1
        if len(self.card.awake) > 1:
            self.card.wrong.append("both are awake")
        return JSONResponse({"status": "awake"})

    async def is_sleeping(self, _: Request) -> Response:
        return JSONResponse({"is_sleeping": self.name not in self.card.awake})

    async def chat(self, _: Request) -> Response:
        self.open += 1
        await asyncio.sleep(0.01)
        if self.name not in self.card.awake:
            self.card.wrong.append(f"{self.name} was asked while it slept")
        async with self.idle:
            self.open -= 1
            self.idle.notify_all()
        self.answered += 1
        return JSONResponse({})

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/sleep", self.sleep, methods=["POST"]),
                Route("/wake_up", self.wake_up, methods=["POST"]),
                Route("/is_sleeping", self.is_sleeping),
                Route("/v1/chat/completions", self.chat, methods=["POST"]),
            ]
        )


class Shared:
    """Two sleepers on one card, and a desk's way to them."""

    def __init__(self, card: Card, sleepers: list[Sleeper], endpoints: Endpoints, http: httpx2.AsyncClient) -> None:
        self.card, self.sleepers, self.endpoints, self.http = card, sleepers, endpoints, http
        self.turns = Turns(http, lambda: self.endpoints)

    def endpoint(self, number: int) -> Endpoint:
        return self.endpoints.endpoints[f"slice{number}"]

    async def ask(self, number: int) -> int:
        endpoint = self.endpoint(number)
        async with self.turns.awake(endpoint):
            return (await self.http.post(f"{endpoint.base_url}/chat/completions", json={})).status_code


@asynccontextmanager
async def sharing() -> AsyncIterator[Shared]:
    card, listeners = Card(), [listening(), listening()]
    sleepers = [Sleeper(f"slice{number}", card) for number in (1, 2)]
    told = {
        f"slice{number}": {
            "base_url": f"{address(listener)}/v1",
            "model": f"m{number}",
            "serve": {"takes_turns": "card"},
        }
        for number, listener in enumerate(listeners, 1)
    }
    endpoints = Endpoints.model_validate({"endpoints": told, "roles": {"router": {"endpoint": "slice1"}}})
    async with (
        serving(*zip([one.app() for one in sleepers], listeners, strict=True)),
        httpx2.AsyncClient(timeout=20) as http,
    ):
        yield Shared(card, sleepers, endpoints, http)


async def test_no_call_is_lost_however_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PASSES_S", 0.05)
    async with sharing() as shared, asyncio.timeout(30):
        found = await asyncio.gather(*(shared.ask(1 + number % 2) for number in range(100)))

    assert found == [200] * 100
    assert shared.card.wrong == []
    assert [one.answered for one in shared.sleepers] == [50, 50]
    assert 2 <= shared.card.swaps < 50


async def test_one_that_waits_is_not_passed_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PASSES_S", 0.05)
    async with sharing() as shared, asyncio.timeout(30):
        ended = asyncio.Event()

        async def crowd() -> None:
            while not ended.is_set():
                await shared.ask(1)

        crowds = [asyncio.create_task(crowd()) for _ in range(4)]
        await shared.ask(1)
        status = await shared.ask(2)
        ended.set()
        await asyncio.gather(*crowds)

    assert status == 200
    assert shared.card.wrong == []


async def test_one_that_cannot_be_woken_fails_and_the_other_goes_on() -> None:
    async with sharing() as shared, asyncio.timeout(30):
        shared.sleepers[1].broken = True
        await shared.ask(1)
        with pytest.raises(httpx2.HTTPStatusError):
            await shared.ask(2)
        after = await shared.ask(1)

    assert after == 200
    assert shared.card.wrong == []


def test_the_tool_servers_model_takes_no_turns(settings: Settings) -> None:
    text = """
        [endpoints.a]
        base_url = "http://127.0.0.1:1/v1"
        model = "m"
        serve = { takes_turns = "card" }
        [roles.vision]
        endpoint = "a"
    """
    with pytest.raises(EndpointsError, match="role vision uses a, which takes turns"):
        parse_endpoints(settings.shopdesk_home / "models.toml", text)
