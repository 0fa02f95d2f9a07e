"""`scripts/many`: a shop on two machines, in which a conversation outlives each process that is killed."""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import anyio
import pytest

from scripts.machines.parts import HAPROXY
from storage.db import Sessions
from storage.settings import Settings
from storage.shop.orders import OrderStatus
from tests.factories import add_account, add_customer, add_order
from tests.postgres import POSTGRESQL
from tests.scripts.started import Started, started, until
from tests.team.desk.test_killed_page import Talk, finished, written
from tests.team.page_process import ACCEPTED, Visit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_200)]

REQUIRED = "SHOPDESK_REQUIRE_HAPROXY"
MANY = [sys.executable, "-m", "scripts.machines"]
STARTED_WITHIN_S, DONE_WITHIN_S = 300, 180
KILLED = ("tool servers 1", "stand-in models 1", "page 2")
CUSTOMERS = 3


@pytest.fixture
def database() -> str:
    return POSTGRESQL


@pytest.fixture(autouse=True)
def haproxy() -> None:
    if shutil.which(HAPROXY) is None and not os.environ.get(REQUIRED):
        pytest.skip("HAProxy is not installed (Debian: apt-get install haproxy)")


@dataclass(frozen=True)
class Machines:
    """A shop on two machines: how it was started, and its customers."""

    shop: Started
    sessions: Sessions

    def at(self, name: str) -> str:
        """Where a replica answers."""
        return self._told(name)[0]

    async def kill(self, name: str) -> None:
        """Kill a replica; whoever waits for it to be there again, waits for `restarted`."""
        os.kill(int(self._told(name)[1]), 9)

    async def restarted(self, name: str) -> None:
        await until(self.shop.process, f"✓ {name}".encode())

    def _told(self, name: str) -> tuple[str, str]:
        found = re.search(rf"✓ {name} +(\S+?)(?: \S+)?, process (\d+)", self.shop.printed)
        assert found is not None, self.shop.printed
        return found[1], found[2]

    async def talk(self, name: str, page: str = "") -> Talk:
        """A customer with an order to cancel, logged in at the balancer, or at one of the pages."""
        customer = await add_customer(self.sessions, id=f"many_{name}")
        await add_order(self.sessions, id=f"#W88{name}", customer_id=customer.id, status=OrderStatus.PENDING)
        await add_account(self.sessions, email=f"many.{name}@example.com", customer_id=customer.id)
        talk = Talk(f"#W88{name}", Visit(page or self.shop.url))
        await talk.visit.log_in(f"many.{name}@example.com")
        return talk


@asynccontextmanager
async def many(settings: Settings, sessions: Sessions) -> AsyncIterator[Machines]:
    async with started(MANY, settings.shopdesk_home, within_s=STARTED_WITHIN_S) as shop:
        yield Machines(shop, sessions)


async def test_a_conversation_outlives_the_page_the_tools_and_the_model_that_are_killed_in_its_turns(
    settings: Settings, demo_sessions: Sessions
) -> None:
    async with many(settings, demo_sessions) as machines:
        await moves_from_a_killed_page_to_the_other(machines)
        for number, name in enumerate(KILLED, start=1):
            await outlives(machines, name, number)
        rest = await machines.shop.end()
        left = await machines.shop.open_ports()

    assert "Stopped; the shop's data is kept." in rest
    assert (machines.shop.process.returncode, left) == (0, [])


async def moves_from_a_killed_page_to_the_other(machines: Machines) -> None:
    """A customer asks at one page and reads at the other, which hears of each step and takes over in mid-turn."""
    talk = await machines.talk("0", machines.at("page 1"))
    reading = replace(talk.visit, page=machines.at("page 2"))
    with anyio.fail_after(DONE_WITHIN_S):
        async with reading.listening() as came:
            assert await talk.visit.say(f"Please cancel order {talk.order}") == ACCEPTED
            await came("router")
            await machines.kill("page 1")
            await came("turn_ended")
            await came("question")
        await reading.ended()
        steps = await reading.steps()
        [question] = {step["question_id"] for step in steps if step["kind"] == "question"}
        await reading.press(question)
        await replace(talk, visit=reading).converse()
    assert [step["status"] for step in steps if step["kind"] == "turn_ended"] == ["lost", "asked"]
    assert await written(machines.sessions, talk.order) == (OrderStatus.CANCELLED, 1, 1)
    await machines.restarted("page 1")


async def outlives(machines: Machines, name: str, number: int) -> None:
    """Several customers are served through the balancer while a replica is killed; none loses anything."""
    talks = [await machines.talk(f"{number}{one}") for one in range(CUSTOMERS)]
    for talk in talks:
        talk.goes_on.set()
    conversing = [asyncio.ensure_future(talk.converse()) for talk in talks]
    async with talks[0].visit.listening() as came:
        await came("router")
        await machines.kill(name)
    with anyio.fail_after(DONE_WITHIN_S):
        for talk, messages in zip(talks, await asyncio.gather(*conversing), strict=True):
            await finished(machines.sessions, talk, messages)
    await machines.restarted(name)
