"""Every vision test has the endpoints and roles of a new shop."""

import shutil

import pytest

from storage.endpoints import FILE
from storage.settings import REPOSITORY, Settings


@pytest.fixture(autouse=True)
def endpoints(settings: Settings) -> None:
    shutil.copy(REPOSITORY / "team" / FILE, settings.shopdesk_home / FILE)
