"""The page's process is killed in the middle of conversations: after a restart each goes on, and writes once."""

import asyncio
import contextlib
import random
import sys
import time
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from storage.audit import Audit
from storage.db import Sessions
from storage.events import list_events
from storage.orders import OrderStatus, PaymentType, get_order
from storage.settings import Settings
from tests.factories import add_account, add_customer, add_order
from tests.postgres import BOTH
from tests.processes import free_port
from tests.team.page_process import ACCEPTED, LOOKS_EVERY_S, Visit, behind_the_page, page_process

AT_ONCE = 5
AFTER_STEPS = (2, 5, 8, 11, 14, 17)
"""The page is killed when the first of the conversations at once has stored so many of its about 20 steps."""


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def customers(sessions: Sessions, kill: int) -> list[tuple[str, str]]:
    """Customers, each with a login and an order to cancel."""
    made = []
    for number in range(AT_ONCE):
        name = f"{kill}{number}"
        customer = await add_customer(sessions, id=f"killed_{name}")
        await add_order(sessions, id=f"#W77{name}", customer_id=customer.id, status=OrderStatus.PENDING)
        await add_account(sessions, email=f"killed.{name}@example.com", customer_id=customer.id)
        made.append((f"killed.{name}@example.com", f"#W77{name}"))
    return made


async def converse(visit: Visit, order_id: str, begins: float) -> int:
    """Cancel the order, as a page does for a person who does not give up; return how many messages were taken."""
    await asyncio.sleep(begins)
    taken = 0
    while True:
        # The page is away for a moment; whoever waits tries again, and looks first what is there.
        with contextlib.suppress(httpx2.TransportError):
            steps = await visit.steps()
            if any(step["kind"] == "tool_result" and "audit_id" in step for step in steps) and not running(steps):
                return taken
            if not running(steps):
                taken += await act(visit, steps, order_id) == ACCEPTED
        await asyncio.sleep(LOOKS_EVERY_S)


async def act(visit: Visit, steps: list[dict[str, Any]], order_id: str) -> int:
    questions = [step["question_id"] for step in steps if step["kind"] == "question"]
    if questions:
        await visit.press(questions[-1])
        return 0
    return await visit.say(f"Please cancel order {order_id}")


def running(steps: list[dict[str, Any]]) -> bool:
    kinds = [step["kind"] for step in steps]
    return kinds.count("turn_started") > kinds.count("turn_ended")


async def written(sessions: Sessions, order_id: str) -> tuple[OrderStatus, int, int]:
    async with sessions() as session:
        order = await get_order(session, order_id, None)
        audits = (await session.scalars(select(Audit).where(Audit.customer_id == order.customer_id))).all()
    return order.status, len([one for one in order.payments if one.type is PaymentType.REFUND]), len(audits)


async def stored(sessions: Sessions, chat: str) -> int:
    async with sessions() as session:
        return len(await list_events(session, chat, after=0))


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_a_killed_page_goes_on_with_every_conversation_and_writes_once(
    settings: Settings, demo_sessions: Sessions, capsys: pytest.CaptureFixture[str]
) -> None:
    dice, port, waits = random.Random(6), free_port(), []  # noqa: S311 - dice
    points: list[int] = []
    async with behind_the_page(settings, demo_sessions, delay_ms=25) as environment, contextlib.AsyncExitStack() as up:
        at, page = await up.enter_async_context(page_process(environment, port))
        for kill, steps_before in enumerate(AFTER_STEPS):
            people = await customers(demo_sessions, kill)
            visits = [Visit(at) for _ in people]
            for visit, (email, _) in zip(visits, people, strict=True):
                await visit.log_in(email)
            talks = [
                asyncio.ensure_future(converse(visit, order_id, number * dice.uniform(0, 0.5)))
                for number, (visit, (_, order_id)) in enumerate(zip(visits, people, strict=True))
            ]
            while await stored(demo_sessions, visits[0].chat) < steps_before and not talks[0].done():  # noqa: ASYNC110
                await asyncio.sleep(dice.uniform(0, 0.05))
            page.kill()
            await page.wait()
            points += [await stored(demo_sessions, visit.chat) for visit in visits]
            at, page = await up.enter_async_context(page_process(environment, port))
            since = time.monotonic()
            async with asyncio.timeout(60):
                taken = await asyncio.gather(*talks)
            waits.append(time.monotonic() - since)

            for visit, (_, order_id), messages in zip(visits, people, taken, strict=True):
                steps = await visit.steps()
                assert await written(demo_sessions, order_id) == (OrderStatus.CANCELLED, 1, 1), steps
                heard = [step for step in steps if step["kind"] == "message" and step["role"] == "customer"]
                assert len(heard) >= messages
                assert steps[-1]["kind"] == "turn_ended"
    told = f"killed after {sorted(points)} steps: all of {len(points)} conversations finished with one write each; "
    with capsys.disabled():
        sys.stdout.write(f"\n{told}seconds from a restart to the last of them: {[round(one, 1) for one in waits]}\n")
