"""Each failure against twenty conversations at once: every turn ends in an answer, nothing is lost or done twice."""

import asyncio
import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storage import db
from storage.db import open_sessions
from storage.settings import Settings
from team.desk.desk import open_desk
from team.standin.understanding.classifier import load
from team.tools import client as customer_client
from tests.processes import free_port, process
from tests.team.crowd import Talk, check, everybody, gather, told
from tests.team.faulty import Fault, Pair, calls, hang, hang_in_calls, other_language, raw, says, status
from tests.team.shopfloor import MODELS, Shopfloor, only, open_shopfloor
from tests.tools_process import tools_process

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore:No text content or tool calls"),  # AutoGen warns of what is tested here
]

DEADLINE_S = 12
FAULTS: dict[str, Fault] = {
    "slow": hang,
    "500": status(500),
    "429": status(429, {"Retry-After": "1"}),
    "garbage JSON": raw("data: {broken\n\n", "text/event-stream"),
    "garbage arguments": calls("get_order", "{broken"),
    "unknown tool": calls("delete_everything", "{}"),
    "endless loop": calls("list_orders", "{}"),
    "empty reply": says(""),
    "wrong language": other_language,
    "unparsed call": says("<tool_call>{broken</tool_call>"),
    "cut reply": says("I am going to tell you everything about", "length"),
}


@pytest.fixture
async def patient(settings: Settings) -> AsyncIterator[Settings]:
    """Settings with a short deadline; afterwards no task and no process of the shop is left."""
    # The stand-in reads its weights at the first question, which takes longer than these roles wait.
    await asyncio.to_thread(load)
    before, children = asyncio.all_tasks(), children_of_this()
    yield settings.model_copy(update={"turn_deadline_s": DEADLINE_S})
    own = {asyncio.current_task()}
    async with asyncio.timeout(5):
        while left := asyncio.all_tasks() - before - own:
            await asyncio.wait(left)
    assert children_of_this() == children


def hold_the_lock(path: Path) -> None:
    """Hold the database for longer than anybody waits for it."""
    with contextlib.closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(3)


def tell(line: str) -> None:
    """Print what came of it; `-s` shows it."""
    print(line)  # noqa: T201 - the figures are what these tests are run for


def children_of_this() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@asynccontextmanager
async def shop(settings: Settings, migrated: Path, pair: Pair) -> AsyncIterator[Shopfloor]:
    shutil.copy(migrated, settings.shopdesk_home / "shop.db")
    async with (
        open_sessions(settings.database) as sessions,
        open_shopfloor(settings, sessions, around=pair.around) as floor,
    ):
        patience = MODELS.read_text().replace("timeout_s = 10\n", "")
        for name in ("slice1", "slice2"):
            patience = patience.replace(f'endpoint = "{name}"\n', f'endpoint = "{name}"\ntimeout_s = 2\n')
        (settings.shopdesk_home / "models.toml").write_text(patience)
        yield floor


async def both_turns(name: str, floor: Shopfloor) -> list[Talk]:
    talks = await gather(floor.sessions)
    await everybody([talk.cancel(floor) for talk in talks])
    await everybody([talk.go_on(floor) for talk in talks])
    steps = [step for talk in talks for step in await check(floor, talk)]
    tell(told(name, talks, steps))
    return talks


@pytest.mark.parametrize("where", ["one slice", "both slices"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_model_that_fails(patient: Settings, migrated: Path, fault: str, where: str) -> None:
    pair = Pair()
    async with shop(patient, migrated, pair) as floor:
        pair.slices[2].fault = FAULTS[fault]
        pair.slices[1].fault = FAULTS[fault] if where == "both slices" else None

        await both_turns(f"{fault}, {where}", floor)


@pytest.mark.parametrize("down", [(2,), (1, 2)])
async def test_a_model_that_is_down(patient: Settings, migrated: Path, down: tuple[int, ...]) -> None:
    async with shop(patient, migrated, Pair()) as floor:
        nobody = {f"model{number}_base_url": f"http://127.0.0.1:{free_port()}/v1" for number in down}
        async with open_desk(floor.settings.model_copy(update=nobody), floor.sessions) as desk:
            talks = await both_turns(f"down: {down}", Shopfloor(floor.settings, floor.sessions, desk))

    assert all(talk.yes for talk in talks) == (down == (2,))


async def test_tool_servers_that_are_slow(patient: Settings, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customer_client, "CALL_S", 1)
    pair = Pair()
    async with shop(patient, migrated, pair) as floor:
        pair.slices[0].fault = hang_in_calls
        await both_turns("tools slow", floor)
        pair.slices[0].fault = hang
        await both_turns("tools hang", floor)


async def test_tool_servers_that_are_down(patient: Settings, migrated: Path) -> None:
    async with shop(patient, migrated, Pair()) as floor:
        nobody = floor.settings.model_copy(update={"public_mcp_url": f"http://127.0.0.1:{free_port()}"})
        async with open_desk(nobody, floor.sessions) as desk:
            talks = await both_turns("tools down", Shopfloor(nobody, floor.sessions, desk))

    assert not any(talk.yes for talk in talks)


async def test_tool_servers_that_are_killed_in_the_middle_of_calls(patient: Settings, migrated: Path) -> None:
    async with (
        shop(patient, migrated, Pair()) as floor,
        tools_process(floor.settings) as (settings, tools),
        open_desk(settings, floor.sessions) as desk,
    ):
        killed = Shopfloor(settings, floor.sessions, desk)
        talks = await gather(killed.sessions)
        await everybody([talk.cancel(killed) for talk in talks])
        answers = asyncio.gather(*(talk.go_on(killed) for talk in talks))
        await _called(killed, talks)
        tools.kill()
        await answers
        port = settings.public_mcp_url.rpartition(":")[2]
        again = ["-m", "scripts", "mcp", "--http", port]
        address = {"PUBLIC_MCP_URL": settings.public_mcp_url}
        async with process(again, address, ready=f"{settings.public_mcp_url}/health"):
            await everybody([talk.go_on(killed) for talk in talks])
        steps = [step for talk in talks for step in await check(killed, talk)]
    tell(told("tools killed", talks, steps))


async def _called(floor: Shopfloor, talks: list[Talk]) -> None:
    """Wait until the first tool of the second turns is called."""
    for talk in talks:
        async for step in floor.desk.follow(talk.chat, 0):
            if step.kind == "answer":
                break
    async for step in floor.desk.follow(talks[0].chat, 0):
        if step.kind in {"tool_call", "turn_ended"} and "cancel_order" in str(step.data):
            return


async def test_a_database_that_is_locked(patient: Settings, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "LOCK_WAIT_S", 1)
    async with shop(patient, migrated, Pair()) as floor:
        talks = await gather(floor.sessions)
        for act in (Talk.cancel, Talk.go_on):
            turns = asyncio.gather(*(act(talk, floor) for talk in talks))
            await asyncio.sleep(0.2)
            await asyncio.to_thread(hold_the_lock, floor.settings.shopdesk_home / "shop.db")
            await turns
        steps = [step for talk in talks for step in await check(floor, talk)]

    tell(told("database locked", talks, steps) + f", {sum(talk.refused for talk in talks)} messages refused at once")
    assert only(steps, "turn_ended")
