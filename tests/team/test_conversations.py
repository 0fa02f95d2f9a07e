"""Scripted conversations, played end to end through real servers and a real database."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from knowledge.taking_in.ingest import ingest_handbook
from scripts.evaluation.play import play
from scripts.evaluation.script import find_scripts, load_script
from storage.db import Sessions, open_sessions
from storage.settings import Settings, load_settings
from tests.team.shopfloor import open_shopfloor

FOLDER = Path(__file__).parent / "conversations"
QUICK = {"en/cancel_by_words", "en/policies_are_cited", "ko/cancel_by_button", "ko/language_switch"}


def conversations() -> list[object]:
    """Every conversation, the few that tell most in the quick suite too."""
    named = {path.relative_to(FOLDER).with_suffix("").as_posix(): path for path in find_scripts(FOLDER)}
    return [
        pytest.param(path, id=name, marks=() if name in QUICK else pytest.mark.slow) for name, path in named.items()
    ]


@pytest.fixture(scope="session")
def shop_with_handbook(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a demo shop whose handbook was taken in, made once and copied by each test."""
    home = tmp_path_factory.mktemp("handbook")
    shutil.copy(demo, home / "shop.db")
    asyncio.run(_take_in(load_settings(shopdesk_home=home)))
    return home


async def _take_in(settings: Settings) -> None:
    async with open_sessions(settings.database) as sessions:
        await ingest_handbook(settings, sessions)


@pytest.fixture
async def shop(settings: Settings, shop_with_handbook: Path) -> AsyncIterator[Sessions]:
    shutil.copytree(shop_with_handbook, settings.shopdesk_home, dirs_exist_ok=True)
    async with open_sessions(settings.database) as opened:
        yield opened


@pytest.mark.parametrize("path", conversations())
async def test_a_conversation_goes_as_it_should(settings: Settings, shop: Sessions, path: Path) -> None:
    async with open_shopfloor(settings, shop, delay_ms=1) as floor:
        problems = await play(floor.desk, shop, load_script(path), FOLDER / "pictures")

    assert not problems, "\n".join(problems)
