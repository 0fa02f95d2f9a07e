"""A whole shop with its page served, and people who come to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2
import pytest

from storage.db import Sessions, writing
from storage.people.accounts import Account
from storage.settings import Settings
from tests.conftest import SECRET
from tests.factories import add_account
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import Shopfloor, open_shopfloor
from ui.app import build_app
from ui.logins.login import COOKIE, login_token


@dataclass(frozen=True)
class Served:
    """The shop's floor, and where its page is."""

    floor: Shopfloor
    url: str

    @property
    def sessions(self) -> Sessions:
        """The shop's database."""
        return self.floor.sessions

    def client(self, account: Account) -> httpx2.AsyncClient:
        """Return the browser of somebody who has logged in."""
        cookies = {COOKIE: login_token(account, SECRET)}
        return httpx2.AsyncClient(base_url=self.url, cookies=cookies, timeout=60)

    @asynccontextmanager
    async def staff(self, name: str = "Ana") -> AsyncIterator[httpx2.AsyncClient]:
        """Yield the browser of a new member of staff."""
        async with self.client(await add_staff(self.sessions, name)) as client:
            yield client


async def add_staff(sessions: Sessions, name: str) -> Account:
    """Add a member of staff with a login."""
    account = await add_account(sessions)
    async with writing(sessions) as session:
        (await session.get_one(Account, account.id)).name = name
    return account


@pytest.fixture
async def served(settings: Settings, sessions: Sessions) -> AsyncIterator[Served]:
    """An empty shop with everything running."""
    listener = listening()
    async with (
        open_shopfloor(settings, sessions) as floor,
        serving((build_app(floor.settings, sessions, floor.desk), listener)),
    ):
        yield Served(floor, address(listener))
