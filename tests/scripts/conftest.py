"""The models of a shop, for the commands that are about them."""

from collections.abc import AsyncIterator

import pytest

from storage.settings import Settings
from team.standin.server import build_app
from tests.team.faulty import Faulty
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import MODELS, NAMES


@pytest.fixture
async def slices(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Faulty]]:
    """Both stand-ins, served, and a models.toml that names them."""
    (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text())
    apps = [Faulty(build_app(name)) for name in NAMES]
    served = [(app, listening()) for app in apps]
    for number, (_, listener) in enumerate(served, start=1):
        monkeypatch.setenv(f"MODEL{number}_BASE_URL", f"{address(listener)}/v1")
    async with serving(*served):
        yield apps
