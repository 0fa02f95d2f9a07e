"""Replicas of page and tool servers share the questions: whichever is killed, another one carries the yes out, once."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from sqlalchemy import select

from storage.db import Sessions
from storage.owners import Staff
from storage.people.accounts import Account
from storage.settings import Settings
from storage.shop.audit import Answer, Audit
from storage.shop.orders import get_order
from team.desk.desk import open_desk
from tests.clients import caller
from tests.conftest import SECRET
from tests.factories import add_account, add_order
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import MODELS
from tests.tools_process import client_at, token_of, tools_process
from tests.ui.rest.test_confirm_mcp import CANCEL, ORDER, asked, path_of
from ui.app import build_app
from ui.logins.login import COOKIE, login_token

pytestmark = pytest.mark.slow


@asynccontextmanager
async def browser_at_page(
    settings: Settings, sessions: Sessions, account: Account
) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser at a replica of the page in front of these tool servers."""
    served = listening()
    (settings.shopdesk_home / "models.toml").write_text(MODELS.read_text())
    async with (
        open_desk(settings, sessions) as desk,
        serving((build_app(settings, sessions, desk), served)),
        httpx2.AsyncClient(
            base_url=address(served), cookies={COOKIE: login_token(account, SECRET)}, timeout=60
        ) as http,
    ):
        yield http


async def test_a_yes_survives_the_killing_of_the_tool_servers_and_is_carried_out_once_by_another_replica(
    settings: Settings, sessions: Sessions
) -> None:
    order = await add_order(sessions, id=ORDER)
    account = await add_account(sessions, customer_id=order.customer_id)
    who = caller(order.customer_id)
    async with (
        tools_process(settings) as (first, killed),
        tools_process(settings) as (second, _),
        browser_at_page(first, sessions, account) as page,
        browser_at_page(second, sessions, account) as other_page,
    ):
        async with client_at(f"{first.public_mcp_url}/mcp", token_of(first, who, expires_s=600)) as client:
            path = path_of(await asked(client))
        os.killpg(killed.pid, signal.SIGKILL)
        await killed.wait()
        clicked = await page.post(path, json={"yes": True})
        unchanged = await audits(sessions)
        async with client_at(f"{second.public_mcp_url}/mcp", token_of(second, who, expires_s=600)) as client:
            told = await asked(client)
        again = await other_page.post(path, json={"yes": True})
        otherwise = await page.post(path, json={"yes": False})

    assert (clicked.status_code, clicked.json()["code"]) == (503, "tool_servers_away")
    assert unchanged == []
    assert (told["status"], again.json()["status"], otherwise.status_code) == ("done", "done", 409)
    assert await audits(sessions) == [(Answer.YES, account.id, "page", CANCEL["order_id"])]
    async with sessions() as session:
        assert (await get_order(session, ORDER, Staff())).status == "cancelled"


async def audits(sessions: Sessions) -> list[tuple[Answer, str | None, str | None, str]]:
    async with sessions() as session:
        rows = (await session.scalars(select(Audit))).all()
    return [(row.answer, row.answered_by, row.answered_where, str(row.arguments["order_id"])) for row in rows]
