"""The page's process is killed in the middle of conversations: after a restart each goes on, and writes once."""

import asyncio
import contextlib
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from storage.chats.events import list_events
from storage.db import Sessions
from storage.owners import Staff
from storage.settings import Settings
from storage.shop.audit import Audit
from storage.shop.orders import OrderStatus, PaymentType, get_order
from tests.factories import add_account, add_customer, add_order
from tests.postgres import BOTH
from tests.processes import free_port
from tests.team.gates import ROUTER, SPECIALIST, TOOLS, Gates, Place
from tests.team.page_process import ACCEPTED, LOOKS_EVERY_S, Visit, behind_the_page, page_process

PLACES = {
    "router asked": Place(ROUTER, 1),
    "model asked": Place(SPECIALIST, 1),
    "tool asked": Place(TOOLS, 1),
    "tool has answered": Place(TOOLS, 1, answered=True),
    "question asked": None,
    "write asked": Place(TOOLS, 2),
    "written, and not told": Place(TOOLS, 2, answered=True),
    "model asked again": Place(SPECIALIST, 2),
}
"""Where conversations are held when the page is killed; at a question the customer waits by themselves."""

AFTER_STEPS = (1, 7, 8, 12, 14, 17)
"""One conversation in each kill is not held: the page is killed as soon as that has stored so many of its 20 steps."""

QUESTION = 11
"""Steps of a conversation until its question is asked and that turn has ended."""

HELD = 4
"""Conversations held in each kill: with the one that is not, 30 in all."""


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class Talk:
    """A customer at the page with an order to cancel; `goes_on` is set when they may answer a question."""

    order: str
    visit: Visit
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def converse(self) -> int:
        """Cancel the order, as a page does for a person who does not give up; return how many messages were taken."""
        taken = 0
        while True:
            # The page is away for a moment; whoever waits tries again, and looks first what is there.
            with contextlib.suppress(httpx2.TransportError):
                steps = await self.visit.steps()
                if any(step["kind"] == "tool_result" and "audit_id" in step for step in steps) and not running(steps):
                    return taken
                if not running(steps):
                    taken += await self._act(steps) == ACCEPTED
            await asyncio.sleep(LOOKS_EVERY_S)

    async def _act(self, steps: list[dict[str, Any]]) -> int:
        questions = [step["question_id"] for step in steps if step["kind"] == "question"]
        if not questions:
            return await self.visit.say(f"Please cancel order {self.order}")
        await self.goes_on.wait()
        await self.visit.press(questions[-1])
        return 0


async def talks(sessions: Sessions, at: str, kill: int) -> list[Talk]:
    """Customers, each with a login and an order to cancel."""
    made = []
    for number in range(HELD + 1):
        name = f"{kill}{number}"
        customer = await add_customer(sessions, id=f"killed_{name}")
        await add_order(sessions, id=f"#W77{name}", customer_id=customer.id, status=OrderStatus.PENDING)
        await add_account(sessions, email=f"killed.{name}@example.com", customer_id=customer.id)
        made.append(Talk(f"#W77{name}", Visit(at)))
        await made[-1].visit.log_in(f"killed.{name}@example.com")
    return made


def running(steps: list[dict[str, Any]]) -> bool:
    kinds = [step["kind"] for step in steps]
    return kinds.count("turn_started") > kinds.count("turn_ended")


async def written(sessions: Sessions, order_id: str) -> tuple[OrderStatus, int, int]:
    async with sessions() as session:
        order = await get_order(session, order_id, Staff())
        audits = (await session.scalars(select(Audit).where(Audit.customer_id == order.customer_id))).all()
    return order.status, len([one for one in order.payments if one.type is PaymentType.REFUND]), len(audits)


async def stored(sessions: Sessions, chat: str) -> int:
    async with sessions() as session:
        return len(await list_events(session, chat, after=0))


async def reached(sessions: Sessions, talk: Talk, steps: int) -> None:
    """Wait until the conversation, which is another process's, has stored so many steps."""
    while await stored(sessions, talk.visit.chat) < steps:  # noqa: ASYNC110
        await asyncio.sleep(0.002)


async def held(sessions: Sessions, gates: Gates, talk: Talk, place: Place | None) -> asyncio.Future[int]:
    """Let a conversation begin, and wait until it has come to its place."""
    if place is not None:
        gates.holds[talk.order] = place
        talk.goes_on.set()
    conversing = asyncio.ensure_future(talk.converse())
    await (reached(sessions, talk, QUESTION) if place is None else gates.arrived[talk.order].wait())
    return conversing


@pytest.mark.slow
@pytest.mark.timeout(500)
async def test_a_killed_page_goes_on_with_every_conversation_and_writes_once(
    settings: Settings, demo_sessions: Sessions, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    gates, port, points, waits = Gates(), free_port(), list[int](), list[float]()
    places = [name for name in PLACES for _ in AFTER_STEPS[::2]]
    random.Random(6).shuffle(places)  # noqa: S311 - dice
    async with (
        behind_the_page(settings, demo_sessions, 25, gates.around) as environment,
        contextlib.AsyncExitStack() as up,
    ):
        at, page = await up.enter_async_context(page_process(environment, port))
        for kill, steps in enumerate(AFTER_STEPS):
            free, *others = people = await talks(demo_sessions, at, kill)
            mine = places[kill * HELD :][:HELD]
            async with asyncio.timeout(60):
                begun = [
                    await held(demo_sessions, gates, *pair) for pair in zip(others, map(PLACES.get, mine), strict=True)
                ]
                free.goes_on.set()
                begun.append(asyncio.ensure_future(free.converse()))
                await reached(demo_sessions, free, steps)
            page.kill()
            await page.wait()
            points += [await stored(demo_sessions, talk.visit.chat) for talk in people]
            gates.holds.clear()
            at, page = await up.enter_async_context(page_process(environment, port))
            since = time.monotonic()
            for talk in people:
                talk.goes_on.set()
            async with asyncio.timeout(60):
                taken = await asyncio.gather(*begun)
            waits.append(time.monotonic() - since)

            for talk, messages in zip([*others, free], taken, strict=True):
                await finished(demo_sessions, talk, messages)
    told = f"{database}: killed after {sorted(points)} steps: all of {len(points)} finished with one write each; "
    with capsys.disabled():
        sys.stdout.write(f"\n{told}seconds from a restart to the last of them: {[round(one, 1) for one in waits]}\n")


async def finished(sessions: Sessions, talk: Talk, messages: int) -> None:
    """The order is cancelled once, no message that was taken is lost, and the last turn has ended."""
    steps = await talk.visit.steps()
    assert await written(sessions, talk.order) == (OrderStatus.CANCELLED, 1, 1), steps
    heard = [step for step in steps if step["kind"] == "message" and step["role"] == "customer"]
    assert len(heard) >= messages
    assert steps[-1]["kind"] == "turn_ended"
