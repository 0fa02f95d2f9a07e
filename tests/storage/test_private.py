"""The shop's files are their owner's alone, those that were there before too."""

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.db import open_sessions, reading, writing
from storage.migrate import migrate
from storage.settings import load_settings
from storage.shop.shop import find_shop
from tests.factories import add_customer

WIDE, OWNERS = 0o644, 0o600


@pytest.fixture(params=["sqlite"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def usual_mask() -> Iterator[None]:
    """What most machines give others: to read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_a_new_shop_is_readable_by_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPDESK_HOME", str(tmp_path / "new" / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("SHOPDESK_SECRET", raising=False)
    settings = load_settings()
    assert settings.secret
    home = settings.shopdesk_home

    await migrate(settings.database)
    async with open_sessions(settings.database) as sessions:
        await add_customer(sessions)
        modes = {path.name: mode(path) for path in home.iterdir()}

    assert modes == dict.fromkeys(("secret.key", "shop.db", "shop.db-wal", "shop.db-shm"), OWNERS)
    assert (mode(home), mode(home.parent)) == (0o700, 0o700)


async def test_a_shop_with_wider_rights_is_narrowed_when_it_is_opened_and_that_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "shop.db"
    url = f"sqlite+aiosqlite:///{path}"
    await migrate(url)
    async with open_sessions(url) as sessions:
        await add_customer(sessions)
        files = [path.with_name(f"{path.name}{end}") for end in ("", "-shm", "-wal")]
        for file in files:
            file.chmod(WIDE)
        with caplog.at_level(logging.WARNING):
            for _ in range(2):
                async with open_sessions(url) as others, writing(others) as session:
                    await find_shop(session)
                async with open_sessions(url) as others, reading(others) as session:
                    await find_shop(session)

        assert {file.name: mode(file) for file in files} == dict.fromkeys(
            ("shop.db", "shop.db-shm", "shop.db-wal"), OWNERS
        )
    assert [record.getMessage() for record in caplog.records] == [
        f"{path}{end} was readable by other users of this machine; it is now private to its owner."
        for end in ("", "-wal", "-shm")
    ]


def test_a_key_with_wider_rights_is_narrowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPDESK_HOME", str(tmp_path))
    monkeypatch.delenv("SHOPDESK_SECRET", raising=False)
    key = tmp_path / "secret.key"
    key.write_text("a key that was copied here by hand")
    key.chmod(WIDE)

    assert load_settings().secret == "a key that was copied here by hand"
    assert mode(key) == OWNERS
