"""How far a call is, for a client that asked to be told; and the pictures beside servers and tools."""

import asyncio
import base64

import pytest
from pydantic import BaseModel

from mcp_servers.runtime.server import ToolFunction, ToolServer
from mcp_servers.runtime.serving.build import ShopServer, make_server
from mcp_servers.runtime.tools import progress
from storage.db import Sessions
from storage.errors import ShopError
from storage.settings import Settings
from team.standin.server import build_app
from tests import factories
from tests.clients import caller, client_of, server_for, text_of
from tests.mcp_servers.vision.models import seen_by
from tests.mcp_servers.vision.pictures import as_jpeg, parcel


class Done(BaseModel):
    done: bool = True


def mine(settings: Settings, sessions: Sessions, dig: ToolFunction) -> ShopServer:
    who = caller("a", scopes=["mine:read"])
    return make_server("mine", [ToolServer("mine", "Mine", "", reads=[dig])], settings, sessions, local=who)


class Told:
    """What a client is told of a call's progress."""

    def __init__(self) -> None:
        self.reports: list[tuple[float, float | None, str | None]] = []
        self.told = asyncio.Event()

    async def __call__(self, progress: float, total: float | None, message: str | None) -> None:
        self.reports.append((progress, total, message))
        self.told.set()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_long_call_tells_that_it_is_still_worked_on(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr(progress, "EVERY_S", 0)
    monkeypatch.setattr(progress, "SECONDS", [1])
    told = Told()

    async def dig() -> Done:
        """Dig until somebody was told."""
        await told.told.wait()
        return Done()

    server = mine(settings, sessions, dig)
    async with client_of(server, mode=mode) as client:
        result = await client.call_tool("dig", {}, progress_callback=told)

    assert result.structured_content == {"done": True}
    assert told.reports == [(1, None, "Still working on it")]


async def test_a_refusal_stays_one_line_while_progress_is_told(settings: Settings, sessions: Sessions) -> None:
    async def dig() -> Done:
        """Refuse to dig."""
        raise ShopError("Nobody may dig here.")

    server = mine(settings, sessions, dig)
    async with client_of(server) as client:
        result = await client.call_tool("dig", {}, progress_callback=Told())

    assert (result.is_error, text_of(result)) == (True, "Nobody may dig here.")


async def test_looking_at_a_picture_tells_each_step(settings: Settings, sessions: Sessions) -> None:
    await factories.add_customer(sessions, id="olivia")
    await factories.add_image(sessions, as_jpeg(parcel()), id="img_1", customer_id="olivia", content_type="image/jpeg")
    told = Told()

    async with (
        seen_by(build_app("Qwen/Qwen3-VL-8B-Instruct"), settings) as seen,
        client_of(server_for(seen, sessions, caller("olivia"), ["vision"])) as client,
    ):
        await client.call_tool("inspect_image", {"image_id": "img_1"}, progress_callback=told)

    assert told.reports == [(0, 2, "Measuring the picture"), (1, 2, "Looking at it")]


async def test_every_tool_shows_its_servers_picture_in_a_few_bytes(settings: Settings, sessions: Sessions) -> None:
    async with client_of(server_for(settings, sessions, caller(None))) as client:
        tools = (await client.list_tools()).tools

    pictures = {str((tool.meta or {})["shopdesk/server"]): tool.icons[0].src for tool in tools if tool.icons}
    assert sorted(pictures) == ["orders", "policies", "products", "tickets", "vision"]
    assert len(set(pictures.values())) == len(pictures)
    for picture in pictures.values():
        kind, _, drawn = picture.partition(",")
        assert (kind, len(drawn) < 250) == ("data:image/svg+xml;base64", True)
        assert base64.b64decode(drawn).startswith(b"<svg")
