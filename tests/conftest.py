"""What every test may ask for: settings of its own, and a migrated shop without data."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.db import Sessions, open_sessions
from storage.demo import seed_demo
from storage.migrate import migrate
from storage.settings import Settings, load_settings

SECRET = "a fixed key of the tests, long enough to sign tokens"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with a home of their own; the environment says the same, so that a started process agrees."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SHOPDESK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SHOPDESK_SECRET", SECRET)
    (tmp_path / "home").mkdir()
    return load_settings()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with every table and no row, made once and copied by each test that needs one."""
    path = tmp_path_factory.mktemp("migrated") / "shop.db"
    asyncio.run(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
async def sessions(settings: Settings, migrated: Path) -> AsyncIterator[Sessions]:
    """What makes sessions for an empty shop in `settings.shopdesk_home`."""
    shutil.copy(migrated, settings.shopdesk_home / "shop.db")
    async with open_sessions(settings.database) as opened:
        yield opened


@pytest.fixture(scope="session")
def demo(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the demo shop, made once and copied by each test that needs one."""
    path = tmp_path_factory.mktemp("demo") / "shop.db"
    shutil.copy(migrated, path)
    asyncio.run(_seed(f"sqlite+aiosqlite:///{path}"))
    return path


async def _seed(url: str) -> None:
    async with open_sessions(url) as opened:
        await seed_demo(opened)


@pytest.fixture
async def demo_sessions(settings: Settings, demo: Path) -> AsyncIterator[Sessions]:
    """What makes sessions for the demo shop in `settings.shopdesk_home`."""
    shutil.copy(demo, settings.shopdesk_home / "shop.db")
    async with open_sessions(settings.database) as opened:
        yield opened
