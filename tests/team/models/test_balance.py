"""A role with several endpoints: the least loaded is asked, the others stand in for it, and the file may change."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from storage.db import Sessions
from storage.endpoints import Endpoint
from storage.settings import Settings
from team.models import load as loading
from team.models.balance import Balance
from team.models.load import Loads
from tests.factories import add_conversation, add_order
from tests.team.faulty import Faulty, status
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import Shopfloor, answer_of, only, open_shopfloor

ASKED = "Where is my order #W1042?"
BOTH = '[roles.orders]\nendpoint = ["slice2", "slice1"]'


class Busy:
    """A model server in front of another: it tells of these requests in its metrics, or is dead altogether."""

    def __init__(self, app: ASGIApp) -> None:
        self.faulty = Faulty(app)
        self.metrics = ""
        self.dead = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response: Response | None = None
        if self.dead:
            response = Response(status_code=503)
        elif scope["path"] == "/metrics" and self.metrics:
            response = PlainTextResponse(self.metrics)
        await (self.faulty if response is None else response)(scope, receive, send)

    def says(self, *, running: float = 0, waiting: float = 0, cache: float = 0) -> None:
        gauges = {"num_requests_running": running, "num_requests_waiting": waiting, "kv_cache_usage_perc": cache}
        self.metrics = "".join(f"vllm:{name} {value}\n" for name, value in gauges.items())


@pytest.fixture
def servers() -> dict[int, Busy]:
    return {}


@pytest.fixture
async def shop(
    settings: Settings, sessions: Sessions, servers: dict[int, Busy], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Shopfloor]:
    def around(number: int, app: ASGIApp) -> ASGIApp:
        if number == 0:
            return app
        servers[number] = Busy(app)
        return servers[number]

    # Every turn looks again.
    monkeypatch.setattr(loading, "FRESH_S", 0)
    async with open_shopfloor(settings, sessions, around=around) as floor:
        change(floor, '[roles.orders]\nendpoint = "slice2"', BOTH)
        yield floor


def change(floor: Shopfloor, old: str, new: str) -> None:
    path = floor.settings.shopdesk_home / "models.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


async def conversation(floor: Shopfloor) -> str:
    order = await add_order(floor.sessions, id="#W1042")
    return (await add_conversation(floor.sessions, customer_id=order.customer_id)).id


async def asked_in_turn(floor: Shopfloor, chat: str) -> list[tuple[str, str]]:
    """Ask, and return which endpoints spoke for the role, and in whose place."""
    steps = await floor.say(chat, ASKED)
    assert "pending" in answer_of(steps)
    return [(one["endpoint"], one.get("in_place_of", "")) for one in only(steps, "model") if "error" not in one]


async def test_the_endpoint_that_is_less_busy_now_is_asked_turn_by_turn(
    shop: Shopfloor, servers: dict[int, Busy]
) -> None:
    chat = await conversation(shop)
    idle = await asked_in_turn(shop, chat)
    servers[2].says(running=4, waiting=9, cache=0.97)
    busy = await asked_in_turn(shop, chat)
    servers[1].says(running=6, waiting=12, cache=0.99)
    busier = await asked_in_turn(shop, chat)

    assert (set(idle), set(busy), set(busier)) == ({("slice2", "")}, {("slice1", "")}, {("slice2", "")})


async def test_a_dead_endpoint_is_not_waited_for_and_one_that_fails_is_replaced(
    shop: Shopfloor, servers: dict[int, Busy]
) -> None:
    chat = await conversation(shop)
    servers[2].dead = True
    dead = await asked_in_turn(shop, chat)
    tried_while_dead = len(servers[2].faulty.asked)
    servers[2].dead, servers[2].faulty.fault = False, status(503)
    failing = await asked_in_turn(shop, chat)
    servers[2].faulty.fault = None

    assert (set(dead), tried_while_dead) == ({("slice1", "")}, 0)
    assert set(failing) == {("slice1", "slice2")}
    assert len(servers[2].faulty.asked) >= 2


async def test_a_file_changed_in_mid_conversation_counts_from_the_next_turn_and_a_broken_one_keeps_the_last(
    shop: Shopfloor, caplog: pytest.LogCaptureFixture
) -> None:
    chat, models = await conversation(shop), shop.desk.answering.models
    before = await asked_in_turn(shop, chat)
    change(shop, BOTH, '[roles.orders]\nendpoint = "slice1"')
    after = await asked_in_turn(shop, chat)
    change(shop, '[roles.orders]\nendpoint = "slice1"', '[roles.orders]\nendpoint = ["slice1", "slice1"]')
    broken = await asked_in_turn(shop, chat)
    problem = models.problem
    change(shop, '["slice1", "slice1"]', BOTH.partition(" = ")[2])
    mended = await asked_in_turn(shop, chat)

    assert [set(one) for one in (before, after, broken, mended)] == [
        {("slice2", "")},
        {("slice1", "")},
        {("slice1", "")},
        {("slice2", "")},
    ]
    assert "roles.orders.endpoint: Value error, it names an endpoint twice" in problem
    assert "models.toml was changed and cannot be used" in caplog.text
    assert models.problem == ""


async def test_endpoints_that_tell_nothing_are_weighed_by_our_own_open_calls() -> None:
    one, other = (Endpoint(base_url=f"http://127.0.0.1:9/{name}", model="m") for name in ("one", "other"))
    named = [("one", one), ("other", other)]
    async with httpx2.AsyncClient() as http:
        balance = Balance(Loads(http))
        with balance.calling(one):
            while_one = [key for key, _ in balance.least_loaded_first(named)]
        after = [key for key, _ in balance.least_loaded_first(named)]

    assert (while_one, after) == (["other", "one"], ["one", "other"])


async def test_a_server_that_does_not_say_how_busy_it_is_holds_up_no_turn() -> None:
    silent = listening()
    silent.listen()
    quick = listening()
    endpoints = {
        "silent": Endpoint(base_url=f"{address(silent)}/v1", model="m"),
        "quick": Endpoint(base_url=f"{address(quick)}/v1", model="m"),
    }
    async with httpx2.AsyncClient() as http, serving((Response("[]"), quick)):
        balance = Balance(Loads(http))
        started = asyncio.get_running_loop().time()
        await balance.look(endpoints)
        waited = asyncio.get_running_loop().time() - started
        await balance.close()
    silent.close()

    assert waited < loading.TIMEOUT_S
