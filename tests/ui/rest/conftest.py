"""A served shop, for each test that asks for one."""

from collections.abc import AsyncIterator

import pytest

from storage.db import Sessions
from storage.settings import Settings
from tests.ui.rest.served_shop import ServedShop, open_served_shop


@pytest.fixture
async def shop(settings: Settings, sessions: Sessions) -> AsyncIterator[ServedShop]:
    async with open_served_shop(settings, sessions) as opened:
        yield opened
