"""Programs of other people's libraries: OpenAI's package from npm, and LangChain's ChatOpenAI; streamed and whole."""

import asyncio
import fcntl
import json
import os
import subprocess
import sys
import venv
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from storage.db import Sessions
from storage.moving.demo_data.pictures import draw
from storage.settings import Settings
from storage.shop.orders import OrderStatus
from tests.mcp_servers.vision.test_identify_product import add_pictured
from tests.node.programs import NodePrograms, node_programs
from tests.ui.openai_api.door import ORDER, Door, data_url, open_door

# The first test of a fresh checkout installs the packages.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

HERE = Path(__file__).parent
LANGCHAIN = "langchain-openai==1.7.3"
"""In an environment of its own: it brings eleven packages that nothing of ours uses."""

INSTALL_WITHIN_S = 300
PHOTO = "The photo looks most like:\n- Desk Lamp"
STREAMED = pytest.mark.parametrize("streamed", ["false", "true"], ids=["whole", "streamed"])


@pytest.fixture(scope="module")
def programs() -> NodePrograms:
    return node_programs()


@pytest.fixture(scope="module")
def langchain() -> str:
    """The interpreter of an environment with LangChain, made once beside our own packages."""
    place = Path(sys.prefix) / "langchain"
    place.mkdir(exist_ok=True)
    python, made = place / "bin" / "python", place / "made"
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists() or made.read_text() != LANGCHAIN:
            venv.create(place, with_pip=True)
            subprocess.run([python, "-m", "pip", "install", "-q", LANGCHAIN], check=True, timeout=INSTALL_WITHIN_S)
            made.write_text(LANGCHAIN)
    return str(python)


async def run(door: Door, command: Sequence[str], **environment: str) -> dict[str, Any]:
    told = os.environ | {"BASE_URL": f"{door.url}/v1", "KEY": door.key, "PHOTO": data_url(draw("2001"))} | environment
    running = await asyncio.create_subprocess_exec(*command, env=told, stdout=PIPE, stderr=PIPE)
    output, errors = await asyncio.wait_for(running.communicate(), 120)
    assert running.returncode == 0, errors.decode()
    seen: dict[str, Any] = json.loads(output)
    return seen


async def assert_it_went_well(door: Door, seen: dict[str, Any]) -> None:
    where, asked, done = seen["answers"]
    assert "is being prepared (pending)" in where
    assert asked.startswith("Cancel order #W1042 (1 item).")
    assert done.startswith("Order #W1042 is cancelled.")
    assert seen["photo"] == PHOTO
    assert (await door.status(), await door.writes()) == (OrderStatus.CANCELLED, 1)


@STREAMED
async def test_openais_package_from_npm_cancels_an_order_and_shows_a_photo(
    settings: Settings, sessions: Sessions, programs: NodePrograms, streamed: str
) -> None:
    await add_pictured(sessions, "2001", draw("2001"))
    async with open_door(settings, sessions) as door:
        command = [programs.node, str(HERE / "openai_client.mjs"), ORDER, streamed]
        seen = await run(door, command, NODE_PROGRAMS=str(programs.modules))
        await assert_it_went_well(door, seen)

    assert seen["finished"] == ["stop"] * 4
    assert seen["usage"]["total_tokens"] == seen["usage"]["prompt_tokens"] + seen["usage"]["completion_tokens"] > 0
    assert seen["models"] == ["shopdesk"]
    assert seen["hello"].startswith("Hello!")
    assert seen["refused"] == [400, "n", "unsupported_value"]


@STREAMED
async def test_langchain_cancels_an_order_and_shows_a_photo(
    settings: Settings, sessions: Sessions, langchain: str, streamed: str
) -> None:
    await add_pictured(sessions, "2001", draw("2001"))
    async with open_door(settings, sessions) as door:
        seen = await run(door, [langchain, str(HERE / "langchain_client.py"), ORDER, streamed])
        await assert_it_went_well(door, seen)

    assert seen["usage"]["total_tokens"] == seen["usage"]["input_tokens"] + seen["usage"]["output_tokens"] > 0
