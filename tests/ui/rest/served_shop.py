"""A shop that is served over HTTP, page, tools and models, and the programs and people who use it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from storage.db import Sessions, writing
from storage.people.accounts import Account
from storage.people.api_keys import make_key
from storage.settings import Settings
from tests.conftest import SECRET
from tests.factories import add_account, add_customer
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import Around, nothing, open_shopfloor
from ui.app import build_app
from ui.logins.login import COOKIE, login_token


@dataclass(frozen=True)
class ServedShop:
    """The shop, one of its customers with a login, and one of its staff."""

    settings: Settings
    sessions: Sessions
    customer: Account
    staff: Account

    async def program(self, account: Account | None = None, **headers: str) -> httpx2.AsyncClient:
        """Return a client with a key of this account's customer, or of staff; by default of the customer."""
        whose = account or self.customer
        async with writing(self.sessions) as session:
            _, key = await make_key(session, whose.customer_id)
        headers = {"Authorization": f"Bearer {key}", **headers}
        return httpx2.AsyncClient(base_url=self.settings.public_ui_url, headers=headers, timeout=60)

    def browser(self, account: Account | None = None) -> httpx2.AsyncClient:
        """Return a browser in which this account is logged in on the page; by default the customer's."""
        cookies = {COOKIE: login_token(account or self.customer, SECRET)}
        return httpx2.AsyncClient(base_url=self.settings.public_ui_url, cookies=cookies)

    def nobody(self) -> httpx2.AsyncClient:
        """Return a client that says nothing about who it is."""
        return httpx2.AsyncClient(base_url=self.settings.public_ui_url)


@asynccontextmanager
async def open_served_shop(
    settings: Settings, sessions: Sessions, language: str = "en", around: Around = nothing
) -> AsyncIterator[ServedShop]:
    """Serve the tools, both models and the page."""
    customer = await add_customer(sessions, language=language)
    account = await add_account(sessions, email=customer.email, customer_id=customer.id)
    staff = await add_account(sessions)
    page = listening()
    settings = settings.model_copy(update={"public_ui_url": address(page)})
    async with (
        open_shopfloor(settings, sessions, around=around) as floor,
        serving((build_app(floor.settings, sessions, floor.desk), page)),
    ):
        yield ServedShop(floor.settings, sessions, account, staff)


def link_of(answer: httpx2.Response) -> str:
    """Return the path of the question in an answer."""
    assert answer.status_code == 202, answer.text
    body: dict[str, Any] = answer.json()
    return httpx2.URL(body["confirm_url"]).path
