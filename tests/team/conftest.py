"""A shop that runs: tool servers, both models, and a desk."""

from collections.abc import AsyncIterator

import pytest

from storage.db import Sessions
from storage.settings import Settings
from tests.team.shopfloor import Shopfloor, open_shopfloor


@pytest.fixture
async def floor(settings: Settings, sessions: Sessions) -> AsyncIterator[Shopfloor]:
    """The whole shop, its models played by the stand-in."""
    async with open_shopfloor(settings, sessions) as opened:
        yield opened


@pytest.fixture
async def slow_floor(settings: Settings, sessions: Sessions) -> AsyncIterator[Shopfloor]:
    """The whole shop, with models that take seconds for a word."""
    async with open_shopfloor(settings, sessions, delay_ms=3_000) as opened:
        yield opened
