"""The real app over a migrated database and a desk that has connected to nothing yet."""

from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette

from storage.db import Sessions
from storage.settings import Settings
from team.desk.desk import open_desk
from ui.app import build_app


@pytest.fixture
async def app(settings: Settings, sessions: Sessions) -> AsyncIterator[Starlette]:
    async with open_desk(settings, sessions) as desk:
        yield build_app(settings, sessions, desk)
