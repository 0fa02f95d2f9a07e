"""A disk without room is said in words, nothing is half written, and the shop goes on by itself when there is room."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, text
from starlette.applications import Starlette

from mcp_servers.runtime.serving.health import health_route
from storage.chats.conversations import Conversation, add_conversation
from storage.db import Sessions, writing
from storage.outages import DiskFullError
from storage.settings import Settings
from team.desk.desk import open_desk
from tests.factories import add_shop
from tests.postgres import SQLITE
from tests.team.shopfloor import MODELS
from tests.ui.visitor import visitor
from ui.app import build_app


@contextmanager
def no_room() -> Iterator[None]:
    """Let no file of this process grow, as a disk without room would not."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.fixture
def database() -> str:
    """SQLite alone: the files of a PostgreSQL are another process's."""
    return SQLITE


async def add_conversations(sessions: Sessions, number: int) -> None:
    async with writing(sessions) as session:
        for _ in range(number):
            await add_conversation(session, None, None)


async def test_a_full_disk_is_said_in_words_and_the_shop_goes_on_when_there_is_room(
    settings: Settings, sessions: Sessions
) -> None:
    await add_shop(sessions)
    (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text())
    tools = Starlette(routes=[health_route(sessions)])
    async with open_desk(settings, sessions) as desk:
        page = build_app(settings, sessions, desk)
        async with visitor(page) as browser, visitor(tools) as client:
            assert (await browser.post("/auth/visit")).status_code == 200
            with no_room():
                refused = await browser.post("/api/conversations", json={})
                unwell = [(await each.get("/health")).status_code for each in (browser, client)]
                said = (await client.get("/health")).json()
            made = await browser.post("/api/conversations", json={})
            well = [(await each.get("/health")).status_code for each in (browser, client)]

    assert (refused.status_code, refused.json()["code"]) == (503, "disk_full")
    assert said == {"ok": False, "database": "has no room: the disk is full"}
    assert (unwell, made.status_code, well) == ([503, 503], 201, [200, 200])
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Conversation)) == 1
        assert await session.scalar(text("PRAGMA integrity_check")) == "ok"


async def test_what_a_full_disk_cut_off_is_not_half_written(sessions: Sessions) -> None:
    await add_shop(sessions)

    with no_room(), pytest.raises(DiskFullError, match="its disk is full"):
        await add_conversations(sessions, 100)
    await add_conversations(sessions, 1)

    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Conversation)) == 1
