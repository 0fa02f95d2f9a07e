"""A headless Chromium, and a running demo shop for it to visit."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from storage.db import Sessions, open_sessions
from storage.migrate import migrate
from storage.moving.demo import seed_demo
from storage.settings import Settings
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import open_shopfloor
from ui.app import build_app

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = "--no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-quic"
REQUIRED = "SHOPDESK_REQUIRE_BROWSER"
WORD_MS = 2
# The first answer of a test run includes the stand-in reading its examples.
expect.set_options(timeout=20_000)


@dataclass(frozen=True)
class Shop:
    """A running shop: where its page is, and its database."""

    url: str
    sessions: Sessions


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the tests are skipped, or fail where a browser is required."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and os.environ.get(REQUIRED) == "1":
        pytest.fail(f"no Chromium was found, and {REQUIRED}=1 forbids skipping the browser tests", pytrace=False)
    if found is None:
        pytest.skip("no Chromium was found: install one, or name it with CHROMIUM, to run the browser tests")
    return found


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """A browser of the test's own."""
    arguments = ["--no-sandbox", "--disable-gpu", *QUIET.split()]
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield launched
        await launched.close()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the demo shop, made once and copied by each test."""
    path = tmp_path_factory.mktemp("demo") / "shop.db"
    asyncio.run(_seed(f"sqlite+aiosqlite:///{path}"))
    return path


async def _seed(url: str) -> None:
    await migrate(url)
    async with open_sessions(url) as sessions:
        await seed_demo(sessions)


@pytest.fixture
async def shop(request: pytest.FixtureRequest, settings: Settings, seeded: Path) -> AsyncIterator[Shop]:
    """The demo shop with everything running: models, tool servers, desk and page.

    Its parameter, where a test gives one, is how long a word of an answer takes.
    """
    shutil.copy(seeded, settings.shopdesk_home / "shop.db")
    page = listening()
    async with (
        open_sessions(settings.database) as sessions,
        open_shopfloor(settings, sessions, delay_ms=getattr(request, "param", WORD_MS)) as floor,
        serving((build_app(floor.settings, sessions, floor.desk), page)),
    ):
        yield Shop(address(page), sessions)
