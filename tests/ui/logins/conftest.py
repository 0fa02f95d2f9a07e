"""A victim and an attacker, for each test that asks for them."""

import pytest
from starlette.applications import Starlette

from storage.db import Sessions
from tests.ui.logins.stage import Stage
from tests.ui.visitor import add_customer_account


@pytest.fixture
async def stage(app: Starlette, sessions: Sessions) -> Stage:
    return Stage(app, sessions, await add_customer_account(sessions), await add_customer_account(sessions))
