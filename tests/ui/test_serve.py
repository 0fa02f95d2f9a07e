"""The page as a process of its own."""

import asyncio
import os
import signal
import sys
import time

import httpx2
import pytest

from storage.db import Sessions
from storage.settings import REPOSITORY, Settings
from tests.factories import add_account, add_conversation, add_customer
from tests.team.serving import address, listening
from ui.logins.login import COOKIE, login_token


async def page(**environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ui", cwd=REPOSITORY, env={**os.environ, **environment}, stderr=asyncio.subprocess.PIPE
    )


async def answers(url: str) -> None:
    """Return as soon as the page answers."""
    async with asyncio.timeout(30), httpx2.AsyncClient() as client:
        while True:
            try:
                await client.get(f"{url}/auth/demo")
            except httpx2.ConnectError:
                await asyncio.sleep(0.05)
            else:
                return


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
async def test_the_page_ends_at_once_although_a_browser_still_listens(
    settings: Settings, sessions: Sessions, asked: signal.Signals
) -> None:
    customer = await add_customer(sessions)
    account = await add_account(sessions, customer_id=customer.id)
    chat = await add_conversation(sessions, customer_id=customer.id, account_id=account.id)
    with listening() as free:
        url = address(free)
    process = await page(UI_PORT=url.rpartition(":")[2])
    await answers(url)

    cookies = {COOKIE: login_token(account, settings.secret)}
    async with (
        httpx2.AsyncClient(base_url=url, cookies=cookies) as client,
        client.stream("GET", f"/api/conversations/{chat.id}/events") as stream,
    ):
        assert stream.status_code == 200
        started = time.monotonic()
        process.send_signal(asked)
        async with asyncio.timeout(20):
            _, errors = await process.communicate()
        took = time.monotonic() - started

    assert took < 8  # a stream that kept the page alive would last until the time-out above
    assert errors.decode() == ""


async def test_a_page_without_a_shop_says_in_one_line_how_to_make_one(settings: Settings) -> None:
    process = await page()

    async with asyncio.timeout(20):
        _, errors = await process.communicate()

    assert process.returncode == 2
    assert errors.decode().startswith("shopdesk: There is no shop at ")
    assert "shopdesk seed" in errors.decode()
    assert errors.decode().count("\n") == 1
