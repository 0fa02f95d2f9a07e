"""vLLM's own router in front of two real servers: it shares the calls out, and outlives one of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from scripts.machines.parts import router
from storage.db import Sessions
from storage.settings import Settings
from tests.factories import add_account, add_conversation, add_order
from tests.processes import free_port, process
from tests.team.shopfloor import answer_of, only
from tests.vllm.served import Served, serve
from tests.vllm.test_road import AFTER_A_TOOL, ROUTED, TOLD, WITH_TOOLS, call
from tests.vllm.test_two_slices import counted, opened

pytestmark = [pytest.mark.vllm, pytest.mark.timeout(2_400)]

TURNS = 4
SAID = ((ROUTED, "OrderTracker"), (AFTER_A_TOOL, TOLD), (WITH_TOOLS, call("get_order", order_id="#W1042")))


@pytest.fixture
def second(environment: Path, vllm: Served, tmp_path: Path) -> Iterator[Served]:
    """Another server of the same model, which may be killed."""
    (tmp_path / "second").mkdir()
    with serve(environment, vllm.model, tmp_path / "second") as served:
        yield served


@pytest.fixture
async def address(vllm: Served, second: Served) -> AsyncIterator[str]:
    """Where the router answers."""
    part = router(1, free_port(), (vllm.port, second.port), "")
    async with process(part.command, {}, ready=part.health):
        yield f"{part.health.removesuffix('/health')}/v1"


async def test_calls_are_shared_out_and_a_server_that_dies_costs_no_answer(
    settings: Settings, sessions: Sessions, vllm: Served, second: Served, address: str
) -> None:
    customer = (await add_order(sessions, id="#W1042")).customer_id
    account = await add_account(sessions, customer_id=customer)
    for served in (vllm, second):
        served.says(*SAID)
    before = counted(vllm, "vllm:request_success_total")

    async for floor in opened(settings, sessions, address, address):
        chats = [
            (await add_conversation(sessions, customer_id=customer, account_id=account.id)).id for _ in range(TURNS)
        ]
        shared = await asyncio.gather(*(floor.say(chat, "Where is my order #W1042?") for chat in chats))
        asked = [counted(one, "vllm:request_success_total") for one in (vllm, second)]
        second.kill()
        alone = [await floor.say(chat, "And where is #W1042 now?") for chat in chats]

    assert asked[0] > before
    assert asked[1] > 0
    for steps in (*shared, *alone):
        assert (answer_of(steps), only(steps, "turn_ended")[0]["status"]) == (TOLD, "done")
