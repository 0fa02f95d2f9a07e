"""A browser's side of the API: a client with a cookie jar, and somebody who logs in with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from starlette.applications import Starlette

from storage.db import Sessions
from storage.people.accounts import Account
from tests.conftest import SECRET
from tests.factories import PASSWORD, add_account, add_customer
from ui.logins.login import COOKIE, login_token

ADDRESS = "http://localhost:3000"


def visitor(app: Starlette) -> httpx2.AsyncClient:
    """Return a client that is not logged in."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=ADDRESS)


async def log_in(client: httpx2.AsyncClient, account: Account) -> None:
    answer = await client.post("/auth/login", json={"email": account.email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text


async def add_customer_account(sessions: Sessions, *, language: str = "en") -> Account:
    """Add a customer with a login."""
    customer = await add_customer(sessions, language=language)
    return await add_account(sessions, email=customer.email, customer_id=customer.id)


@asynccontextmanager
async def logged_in(app: Starlette, sessions: Sessions) -> AsyncIterator[httpx2.AsyncClient]:
    """Yield the client of a new customer who has logged in before."""
    async with visitor(app) as client:
        # A check of the password takes a quarter of a second; the tests of login do it.
        client.cookies.set(COOKIE, login_token(await add_customer_account(sessions), SECRET))
        yield client


async def start_conversation(client: httpx2.AsyncClient) -> str:
    answer = await client.post("/api/conversations")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])
