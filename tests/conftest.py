"""What every test may ask for: settings of its own, and a migrated shop without data."""

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.db import Sessions, open_sessions
from storage.migrate import migrate
from storage.moving.demo import seed_demo
from storage.settings import Settings, load_settings
from tests.postgres import POSTGRESQL, SQLITE, Cluster, cluster

MIGRATED = "migrated"
SECRET = "a fixed key of the tests, long enough to sign tokens"

# Run in the background of a shell, the tests would hand their processes a Ctrl-C that is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def database() -> str:
    """What the shop is kept in: SQLite. A folder whose conftest gives this two values runs on PostgreSQL too."""
    return SQLITE


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL of the tests' own, with a template of every table and no row."""
    with cluster() as started:
        started.run(f"CREATE DATABASE {MIGRATED}")
        asyncio.run(migrate(started.url(MIGRATED)))
        yield started


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty shop in PostgreSQL; nothing for SQLite, whose file is in the test's home."""
    if database == POSTGRESQL:
        with request.getfixturevalue("postgres").copy_of(MIGRATED) as url:
            yield url
    else:
        yield ""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Settings:
    """Settings with a home of their own; the environment says the same, so that a started process agrees."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SHOPDESK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SHOPDESK_SECRET", SECRET)
    monkeypatch.setenv("DATABASE_URL", database_url)
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
    """What makes sessions for an empty shop: in `settings.shopdesk_home`, or in PostgreSQL."""
    if not settings.database_url:
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
    """What makes sessions for the demo shop: in `settings.shopdesk_home`, or in PostgreSQL."""
    if settings.database_url:
        await _seed(settings.database)
    else:
        shutil.copy(demo, settings.shopdesk_home / "shop.db")
    async with open_sessions(settings.database) as opened:
        yield opened
