"""The page's process is killed around its person's yes to a program's change: it is made once, and the link says so."""

import asyncio
from collections.abc import Sequence

import httpx2
import pytest
from mcp import Client
from sqlalchemy import select

from storage.db import Sessions
from storage.owners import Staff
from storage.people.accounts import Account
from storage.settings import Settings
from storage.shop.audit import Audit
from storage.shop.orders import OrderStatus, PaymentType, get_order
from tests.clients import caller
from tests.conftest import SECRET
from tests.factories import add_account, add_customer, add_order
from tests.processes import free_port
from tests.team.gates import TOOLS, Gates, Place
from tests.team.page_process import behind_the_page, page_process
from tests.tools_process import client_at, token_of
from ui.logins.login import COOKIE, login_token

ASKED, WRITTEN = "#W7701", "#W7702"
"""Orders whose yes is under way when the page is killed: the tools were only asked; they have written it already."""

CARRIED_OUT = 3
"""The page's call that carries out a yes: the program has asked for the change twice before."""


def person(account: Account, at: str) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(base_url=at, cookies={COOKIE: login_token(account, SECRET)}, timeout=60)


async def asked(client: Client) -> list[str]:
    """Ask to cancel both orders, and return the paths of the questions' links, or what came of them."""
    told = [
        (await client.call_tool("cancel_order", {"order_id": order, "reason": "no longer needed"})).structured_content
        for order in (ASKED, WRITTEN)
    ]
    return [httpx2.URL(one["confirm_url"]).path if "confirm_url" in one else one["status"] for one in told if one]


async def statuses(browser: httpx2.AsyncClient, links: Sequence[str]) -> list[str]:
    return [(await browser.get(f"/api{link}")).json()["status"] for link in links]


async def written(sessions: Sessions) -> list[tuple[OrderStatus, int]]:
    """How each order stands, and how often it was refunded."""
    async with sessions() as session:
        orders = [await get_order(session, order_id, Staff()) for order_id in (ASKED, WRITTEN)]
    return [(one.status, sum(paid.type is PaymentType.REFUND for paid in one.payments)) for one in orders]


@pytest.mark.slow
async def test_a_page_killed_before_or_after_the_write_of_a_yes_makes_it_once_and_tells_so_after_a_restart(
    settings: Settings, sessions: Sessions
) -> None:
    port, customer = free_port(), await add_customer(sessions)
    at = f"http://127.0.0.1:{port}"
    account = await add_account(sessions, email=customer.email, customer_id=customer.id)
    for order_id in (ASKED, WRITTEN):
        await add_order(sessions, id=order_id, customer_id=customer.id)
    gates = Gates({ASKED: Place(TOOLS, CARRIED_OUT), WRITTEN: Place(TOOLS, CARRIED_OUT, answered=True)})

    linked = settings.model_copy(update={"public_ui_url": at})
    async with behind_the_page(linked, sessions, 0, gates.around) as environment, person(account, at) as browser:
        tools = linked.model_copy(update={"public_mcp_url": environment["PUBLIC_MCP_URL"]})
        token = token_of(tools, caller(customer.id), expires_s=600)
        async with client_at(f"{tools.public_mcp_url}/mcp", token) as client:
            async with page_process(environment, port):
                links = await asked(client)
                opened = await statuses(browser, links)
            # The page was killed while both questions were open.
            async with page_process(environment, port) as (_, page):
                again, still = await asked(client), await statuses(browser, links)
                yes = [asyncio.create_task(browser.post(link, json={"yes": True})) for link in links]
                await asyncio.gather(gates.arrived[ASKED].wait(), gates.arrived[WRITTEN].wait())
                between = await written(sessions)
                page.kill()
                lost = await asyncio.gather(*yes, return_exceptions=True)
            async with page_process(environment, port):
                told = await statuses(browser, links)
                answers = [(await browser.post(link, json={"yes": True})).json()["status"] for link in links]
                after = await statuses(browser, links)
                outcomes = await asked(client)

    assert (opened, again, still) == (["open"] * 2, links, ["open"] * 2)
    assert between == [(OrderStatus.PENDING, 0), (OrderStatus.CANCELLED, 1)]
    assert all(isinstance(one, httpx2.TransportError) for one in lost)
    assert (told, answers, after, outcomes) == (["running", "done"], ["done"] * 2, ["done"] * 2, ["done"] * 2)
    assert await written(sessions) == [(OrderStatus.CANCELLED, 1)] * 2
    async with sessions() as session:
        rows = (await session.scalars(select(Audit))).all()
    assert [(row.answered_by, row.answered_where) for row in rows] == [(account.id, "page")] * 2
