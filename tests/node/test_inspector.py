"""The MCP Inspector finds nothing to mend in any server, and one call of each answers as it did before.

SHOPDESK_WRITE_GOLDEN=1 writes the answers anew, for a change that is meant.
"""

import json
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from knowledge.taking_in.ingest import ingest_handbook
from mcp_servers.registry import server_names
from storage.db import Sessions
from storage.endpoints import FILE
from storage.settings import REPOSITORY, Settings
from tests.clients import caller
from tests.factories import add_image
from tests.mcp_servers.vision.models import saying
from tests.mcp_servers.vision.pictures import as_jpeg, parcel
from tests.node.inspector import Inspector
from tests.node.programs import node_programs
from tests.team.serving import address, listening, serving
from tests.tools_process import token_of, tools_process

# The first test of a fresh checkout installs the packages.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SHOPDESK = str(Path(sys.executable).with_name("shopdesk"))
GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
CLEAN = (0, "")
STAFF = caller(None)
OLIVIA = "olivia_brown_1001"


@pytest.fixture(scope="module", params=["legacy", "modern"])
def inspector(request: pytest.FixtureRequest) -> Inspector:
    return Inspector(node_programs(), request.param)


def test_every_server_has_its_golden_call() -> None:
    assert [path.stem for path in GOLDEN] == server_names()


@pytest.mark.parametrize("server", [*server_names(), "all"])
async def test_the_inspector_is_content_with_a_server_over_stdio(
    inspector: Inspector, settings: Settings, sessions: Sessions, server: str
) -> None:
    names = [] if server == "all" else [server]
    environment = [f"-e{name}={os.environ[name]}" for name in ("SHOPDESK_HOME", "SHOPDESK_SECRET")]
    # Otherwise a server says at its start how a change is confirmed.
    environment += ["-eCONFIRM_BY=link", "-eLOG_LEVEL=WARNING"]

    seen = await inspector.list_tools(*environment, SHOPDESK, "mcp", *names)

    assert (seen.code, seen.complaints) == CLEAN
    offered = {tool["_meta"]["shopdesk/server"] for tool in seen.answer["tools"]}
    assert offered == set(names or server_names())


async def test_the_inspector_is_content_with_every_server_over_http(
    inspector: Inspector, settings: Settings, demo_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with the_shop(settings, demo_sessions, monkeypatch) as (target, token):
        for path in GOLDEN:
            golden = json.loads(path.read_text())
            to = [f"{target}/{path.stem}/mcp", "--header", f"Authorization: Bearer {token}"]

            listed = await inspector.list_tools(*to)
            called = await inspector.call_tool(golden["tool"], golden["arguments"], *to)

            assert (listed.code, listed.complaints) == CLEAN
            assert (called.code, called.complaints) == CLEAN
            if "SHOPDESK_WRITE_GOLDEN" in os.environ:
                golden["answer"] = called.answer["structuredContent"]
                path.write_text(json.dumps(golden, ensure_ascii=False, indent=2) + "\n")
            assert called.answer["structuredContent"] == golden["answer"], path.name
            assert json.loads(called.answer["content"][0]["text"]) == golden["answer"]


async def test_the_inspector_sees_a_refusal_as_a_tools_error(
    inspector: Inspector, settings: Settings, sessions: Sessions
) -> None:
    async with tools_process(settings, "orders") as (running, _):
        to = [f"{running.public_mcp_url}/orders/mcp", "--header", f"Authorization: Bearer {token_of(running, STAFF)}"]
        seen = await inspector.call_tool("get_order", {"order_id": "#W0"}, *to)

    assert seen.code == 5
    assert "No order #W0 was found." in json.dumps(seen.answer) + seen.complaints


@asynccontextmanager
async def the_shop(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[str, str]]:
    """The demo shop's tools over HTTP, with its handbook, a picture and a model that looks at it; and a staff token."""
    await ingest_handbook(settings, sessions)
    await add_image(
        sessions, as_jpeg(parcel()), id="img_1", customer_id=OLIVIA, content_type="image/jpeg", width=1200, height=900
    )
    shutil.copy(REPOSITORY / "team" / FILE, settings.shopdesk_home / FILE)
    listener = listening()
    monkeypatch.setenv("MODEL1_BASE_URL", f"{address(listener)}/v1")
    model = saying({"description": "A grey parcel.", "text": "FRAGILE"})
    async with serving((model.app, listener)), tools_process(settings) as (running, _):
        yield running.public_mcp_url, token_of(running, STAFF)
