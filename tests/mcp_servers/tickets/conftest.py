"""These tests run on SQLite, and with `scripts/test --all` on PostgreSQL too."""

import pytest

from tests.postgres import BOTH


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)
