"""A shop that runs in the test's own process, for a command that talks to its page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from storage.db import Sessions
from storage.settings import Settings
from team.standin.mind import answer
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import Mind, Shopfloor, open_shopfloor
from ui.app import build_app


@asynccontextmanager
async def open_page(
    settings: Settings, sessions: Sessions, environment: pytest.MonkeyPatch, mind: Mind = answer, delay_ms: float = 0
) -> AsyncIterator[Shopfloor]:
    """Serve the shop and its page; the environment tells a command where."""
    page = listening()
    environment.setenv("PUBLIC_UI_URL", address(page))
    async with open_shopfloor(settings, sessions, mind, delay_ms) as floor:
        app = build_app(floor.settings, sessions, floor.desk)
        async with serving((app, page)):
            yield floor
