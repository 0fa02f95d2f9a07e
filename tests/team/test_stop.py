"""Stop, pressed on the page wherever a turn is: it ends within a second, and the conversation goes on."""

import asyncio
import sys
import time
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.audit import Audit
from storage.db import Sessions
from storage.orders import OrderStatus, get_order
from storage.settings import Settings
from tests.factories import add_account, add_customer, add_order
from tests.team.page_process import ACCEPTED, LOOKS_EVERY_S, Visit, behind_the_page, page_process

WITHIN_S = 1.0
LONG_S = 30
EMAIL = "stopping@example.com"
ORDER = "#W7801"


@dataclass
class Slow:
    """Tool servers that can be told to take long: before a call is worked on, after it, or for their list."""

    tools: ASGIApp | None = None
    where: str = ""

    def around(self, tools: ASGIApp) -> ASGIApp:
        self.tools = tools
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.tools is not None
        if self.where == "list" and scope.get("path") == "/servers":
            await asyncio.sleep(LONG_S)
        if scope["type"] != "http" or not self.where or scope["path"] != "/mcp":
            await self.tools(scope, receive, send)
        elif self.where == "before":
            await asyncio.sleep(LONG_S)
        else:
            await self.tools(scope, receive, _late(send))


def _late(send: Send) -> Send:
    async def after_a_while(message: Message) -> None:
        await asyncio.sleep(LONG_S)
        await send(message)

    return after_a_while


async def a_customer(sessions: Sessions) -> None:
    customer = await add_customer(sessions, id="stopping")
    await add_order(sessions, id=ORDER, customer_id=customer.id, status=OrderStatus.PENDING)
    await add_account(sessions, email=EMAIL, customer_id=customer.id)


async def step_of(visit: Visit, kind: str, after: int) -> None:
    """Wait until the turn, which is another process's, has come to a step of this kind."""
    while not any(step["kind"] == kind and step["seq"] > after for step in await visit.steps()):  # noqa: ASYNC110
        await asyncio.sleep(LOOKS_EVERY_S)


async def stopped_at(visit: Visit, kind: str, after: int) -> float:
    """Press stop as soon as there is such a step; return the seconds until the turn has ended."""
    async with asyncio.timeout(25):
        await step_of(visit, kind, after)
        pressed = time.monotonic()
        answer = await visit.post("stop", {})
        ended = await visit.ended(after)
    assert answer.json() == {"stopped": True}
    assert ended["status"] == "stopped"
    return time.monotonic() - pressed


async def last(visit: Visit) -> int:
    return max((step["seq"] for step in await visit.steps()), default=0)


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize(("delay_ms", "kind"), [(3_000, "message"), (150, "router")], ids=["router", "model"])
async def test_stop_while_a_model_thinks_or_speaks(
    settings: Settings, demo_sessions: Sessions, delay_ms: float, kind: str
) -> None:
    await a_customer(demo_sessions)
    async with (
        behind_the_page(settings, demo_sessions, delay_ms) as environment,
        page_process(environment) as (at, _),
        page_process(environment) as (replica, _),
    ):
        visit = Visit(at)
        await visit.log_in(EMAIL)
        elsewhere = Visit(replica, visit.chat, visit.cookies)
        for presses in (visit, elsewhere):
            before = await last(visit)
            assert await visit.say(f"Where is my order {ORDER}?") == ACCEPTED

            assert await stopped_at(presses, kind, before) < WITHIN_S

    assert (await state(demo_sessions)) == (OrderStatus.PENDING, 0)


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_stop_while_the_tools_are_asked_or_write(settings: Settings, demo_sessions: Sessions) -> None:
    await a_customer(demo_sessions)
    slow = Slow()
    async with (
        behind_the_page(settings, demo_sessions, 1, slow.around) as environment,
        page_process(environment) as (at, _),
    ):
        visit = Visit(at)
        await visit.log_in(EMAIL)
        took = {}
        for where, kind, text in [
            ("list", "router", "hello"),
            ("before", "tool_call", f"Where is my order {ORDER}?"),
            ("after", "tool_call", f"Please cancel order {ORDER}"),
        ]:
            slow.where = where
            before = await last(visit)
            assert await visit.say(text) == ACCEPTED
            took[where] = await stopped_at(visit, kind, before)
            slow.where = ""
            before = await last(visit)
            await visit.say("thanks")
            assert (await visit.ended(before))["status"] == "done"

        before = await last(visit)
        await visit.say(f"Please cancel order {ORDER}")
        assert (await visit.ended(before))["status"] == "asked"
        question = next(step["question_id"] for step in await visit.steps() if step["kind"] == "question")
        slow.where, before = "after", await last(visit)
        await visit.press(question)
        took["write"] = await stopped_at(visit, "tool_call", before)
        slow.where, before = "", await last(visit)
        await visit.press(question)
        assert (await visit.ended(before))["status"] == "done"

    sys.stdout.write(
        f"seconds from stop to the turn's end: { {place: round(one, 2) for place, one in took.items()} }\n"
    )
    assert max(took.values()) < WITHIN_S, took
    assert (await state(demo_sessions)) == (OrderStatus.CANCELLED, 1)


async def state(sessions: Sessions) -> tuple[OrderStatus, int]:
    async with sessions() as session:
        order = await get_order(session, ORDER, None)
        audits = (await session.scalars(select(Audit).where(Audit.customer_id == "stopping"))).all()
    return order.status, len(audits)
