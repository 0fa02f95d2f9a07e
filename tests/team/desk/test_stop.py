"""Stop, pressed on the page wherever a turn is: it ends within a second, and the conversation goes on."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from typing import Any

import pytest
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.db import Sessions
from storage.owners import Staff
from storage.settings import Settings
from storage.shop.audit import Audit
from storage.shop.orders import OrderStatus, get_order
from tests.factories import add_account, add_customer, add_order
from tests.postgres import BOTH, POSTGRESQL
from tests.team.faulty import Fault, Pair, hang, speaks_and_hangs, status
from tests.team.page_process import ACCEPTED, Visit, behind_the_page, page_process

WITHIN_S = 1.0
LONG_S = 30
EMAIL = "stopping@example.com"
ORDER = "#W7801"
WHERE = f"Where is my order {ORDER}?"
CANCEL = f"Please cancel order {ORDER}"
BOTH_ASKED = f"Where is my order {ORDER} and do you have a desk lamp?"


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class Late:
    """Tool servers that can be told to take long: for their list, before a call is worked on, or after it."""

    tools: ASGIApp
    where: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if self.where == "list" and path == "/servers":
            await asyncio.sleep(LONG_S)
        if self.where == "before" and path == "/mcp":
            await asyncio.sleep(LONG_S)
        await self.tools(scope, receive, _late(send) if self.where == "after" and path == "/mcp" else send)


def _late(send: Send) -> Send:
    async def after_a_while(message: Message) -> None:
        await asyncio.sleep(LONG_S)
        await send(message)

    return after_a_while


@dataclass(frozen=True)
class Place:
    """Where a turn is when stop is pressed: what was said, the step it has come to, and what holds it there."""

    says: str
    step: str
    models: dict[int, Fault] = field(default_factory=dict)
    tools: str = ""
    locked: bool = False


async def streams_hang(request: Request) -> Response | None:
    """Let the router choose, and specialists wait for ever."""
    return await hang(request) if (await request.json()).get("stream") else None


async def words_stop(request: Request) -> Response | None:
    """Begin a sentence and never end it."""
    return speaks_and_hangs((await request.json())["model"]) if (await request.json()).get("stream") else None


PLACES = {
    "tools' list": Place("hello", "router", tools="list"),
    "router": Place(WHERE, "message", {1: hang}),
    "model": Place(WHERE, "router", {2: hang}),
    "words": Place(WHERE, "token", {2: words_stop}),
    "tool": Place(WHERE, "tool_call", tools="before"),
    "tool's answer": Place(CANCEL, "tool_call", tools="after"),
    "next specialist": Place(BOTH_ASKED, "handoff", {1: streams_hang}),
    "busy model": Place(WHERE, "model", {2: status(429, {"Retry-After": "4"})}),
}
LOCKED = {"locked order": Place(CANCEL, "tool_call", locked=True)}
"""SQLite has no lock of a row: there the turn waits for whoever writes, as every other step does."""


@dataclass
class Servers:
    """What stands behind the page: the tools, which can be late, and both models, which can fail."""

    models: Pair = field(default_factory=Pair)
    tools: list[Late] = field(default_factory=list)

    def around(self, number: int, app: ASGIApp) -> ASGIApp:
        if number:
            return self.models.around(number, app)
        self.tools.append(Late(app))
        return self.tools[0]

    def hold(self, place: Place | None) -> None:
        """Let a turn come as far as this place and no further; without one, as far as it likes."""
        self.tools[0].where = place.tools if place else ""
        for number, server in self.models.slices.items():
            server.fault = place.models.get(number) if place else None


@asynccontextmanager
async def locked(sessions: Sessions) -> AsyncIterator[None]:
    """Hold the order, as another's transaction does."""
    async with sessions() as session:
        await get_order(session, ORDER, Staff(), lock=True)
        yield


async def a_customer(sessions: Sessions) -> None:
    customer = await add_customer(sessions, id="stopping")
    await add_order(sessions, id=ORDER, customer_id=customer.id, status=OrderStatus.PENDING)
    await add_account(sessions, email=EMAIL, customer_id=customer.id)


async def last(visit: Visit) -> int:
    return max((step["seq"] for step in await visit.steps()), default=0)


async def stopped(visit: Visit, presses: Visit, step: str, begin: Callable[[], Awaitable[int]]) -> float:
    """Begin a turn, press stop when it has come to a step of this kind; return the seconds until it has ended."""
    after = await last(visit)
    async with asyncio.timeout(25), visit.listening(after) as came:
        assert await begin() == ACCEPTED
        await came(step)
        pressed = time.monotonic()
        answer = await presses.post("stop", {})
        await came("turn_ended")
        seconds = time.monotonic() - pressed
    assert answer.json() == {"stopped": True}
    assert (await visit.ended(after))["status"] == "stopped"
    return seconds


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_stop_ends_a_turn_within_a_second_wherever_it_is(
    settings: Settings, demo_sessions: Sessions, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await a_customer(demo_sessions)
    servers, took = Servers(), dict[str, float]()
    async with (
        behind_the_page(settings, demo_sessions, 1, servers.around) as environment,
        page_process(environment) as (at, _),
        page_process(environment) as (replica, _),
    ):
        visit = Visit(at)
        await visit.log_in(EMAIL)
        presses = cycle([visit, Visit(replica, visit.chat, visit.cookies)])
        for name, place in (PLACES | (LOCKED if database == POSTGRESQL else {})).items():
            servers.hold(place)
            async with locked(demo_sessions) if place.locked else nullcontext():
                took[name] = await stopped(visit, next(presses), place.step, partial(visit.say, place.says))
            servers.hold(None)
            await goes_on(visit)
            assert await state(demo_sessions) == (OrderStatus.PENDING, 0), name

        took["write"] = await stopped_while_writing(visit, servers)
        whole(await visit.steps())

    with capsys.disabled():
        told = {name: round(seconds, 2) for name, seconds in took.items()}
        sys.stdout.write(f"\n{database}, seconds from stop to the turn's end: {told}\n")
    assert max(took.values()) < WITHIN_S, took
    assert await state(demo_sessions) == (OrderStatus.CANCELLED, 1)


async def goes_on(visit: Visit) -> None:
    """The conversation is usable: its next message is answered."""
    before = await last(visit)
    await visit.say("thanks")
    assert (await visit.ended(before))["status"] == "done"


async def stopped_while_writing(visit: Visit, servers: Servers) -> float:
    """Stop a confirmed cancellation whose result is on its way; a second yes finds that it was done."""
    before = await last(visit)
    await visit.say(CANCEL)
    assert (await visit.ended(before))["status"] == "asked"
    question = next(step["question_id"] for step in reversed(await visit.steps()) if step["kind"] == "question")
    servers.hold(Place("", "", tools="after"))
    seconds = await stopped(visit, visit, "tool_call", partial(visit.press, question))
    servers.hold(None)
    before = await last(visit)
    await visit.press(question)
    assert (await visit.ended(before))["status"] == "done"
    return seconds


def whole(steps: list[dict[str, Any]]) -> None:
    """Nothing is half written: each turn has an end and one answer, each call its result."""
    kinds = [step["kind"] for step in steps]
    answers = [step for step in steps if step["kind"] == "message" and step["role"] == "assistant"]
    assert kinds.count("turn_started") == kinds.count("turn_ended") == len(answers)
    assert kinds.count("tool_call") == kinds.count("tool_result")


async def state(sessions: Sessions) -> tuple[OrderStatus, int]:
    async with sessions() as session:
        order = await get_order(session, ORDER, Staff())
        audits = (await session.scalars(select(Audit).where(Audit.customer_id == "stopping"))).all()
    return order.status, len(audits)
