"""Clients of the TypeScript SDK, both protocol eras and both transports: they read an order and confirm its end."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storage.db import Sessions, writing
from storage.owners import CustomerOnly
from storage.people.accounts import Account
from storage.people.asked_changes import AskedChange, answer
from storage.settings import Settings
from storage.shop.audit import Answer, Audit
from storage.shop.orders import OrderStatus, get_order
from tests.clients import caller
from tests.factories import add_account, add_customer, add_order, gift_card
from tests.node.programs import NodePrograms, node_programs
from tests.tools_process import token_of, tools_process

# The first test of a fresh checkout installs the packages.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PROGRAM = Path(__file__).with_name("client.mjs")
SHOPDESK = str(Path(sys.executable).with_name("shopdesk"))
QUESTION = "Cancel order #W1042 (1 item). $45.00 will be refunded to your gift card immediately."
DONE = "Order #W1042 is cancelled. $45.00 will be refunded to your gift card immediately."
ERAS = {"v1": "2025-11-25", "v2": "2026-07-28"}


@pytest.fixture(scope="module")
def programs() -> NodePrograms:
    return node_programs()


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_customer(sessions, id="olivia", payment_methods=[gift_card("gift", balance=0)])
    await add_order(sessions, id="#W1042", customer_id="olivia", status=OrderStatus.PENDING)
    return sessions


async def seen_by(programs: NodePrograms, sdk: str, address: str, **environment: str) -> dict[str, Any]:
    command = [programs.node, str(PROGRAM), sdk, address]
    told = os.environ | environment | {"NODE_PROGRAMS": str(programs.modules)}
    running = await asyncio.create_subprocess_exec(*command, env=told, stdout=PIPE, stderr=PIPE)
    output, errors = await asyncio.wait_for(running.communicate(), 60)
    assert running.returncode == 0, errors.decode()
    seen: dict[str, Any] = json.loads(output)
    return seen


@pytest.mark.parametrize("sdk", ERAS)
async def test_a_typescript_client_cancels_an_order_over_http(
    programs: NodePrograms, settings: Settings, shop: Sessions, sdk: str
) -> None:
    async with tools_process(settings) as (running, _):
        token = token_of(running, caller("olivia"))
        seen = await seen_by(programs, sdk, f"{running.public_mcp_url}/mcp", TOKEN=token)

    assert seen["protocol"] == ERAS[sdk]
    assert_it_went_well(seen)
    await assert_cancelled_once(shop)


@pytest.mark.parametrize("sdk", ERAS)
async def test_a_typescript_client_cancels_an_order_over_stdio(
    programs: NodePrograms, settings: Settings, shop: Sessions, sdk: str
) -> None:
    seen = await seen_by(programs, sdk, SHOPDESK, SHOPDESK_TOKEN=token_of(settings, caller("olivia")))

    assert seen["protocol"] == (None if sdk == "v1" else ERAS[sdk])
    assert_it_went_well(seen)
    await assert_cancelled_once(shop)


@pytest.mark.parametrize("sdk", ERAS)
async def test_a_typescript_client_that_opens_addresses_learns_what_its_user_clicked_there(
    programs: NodePrograms, settings: Settings, shop: Sessions, sdk: str
) -> None:
    account = await add_account(shop, customer_id="olivia")
    async with tools_process(settings) as (running, _), asyncio.TaskGroup() as besides:
        clicking = besides.create_task(clicked(shop, account))
        token = token_of(running, caller("olivia"))
        seen = await seen_by(programs, sdk, f"{running.public_mcp_url}/mcp", TOKEN=token, OPENS="1")

    assert seen["opened"] == [f"{settings.public_ui_url}/confirm/{clicking.result()}"]
    assert_it_went_well(seen)
    await assert_cancelled_once(shop)


async def clicked(shop: Sessions, account: Account) -> str:
    """Say yes as the person does on the page, as soon as there is a question; return which it was."""
    async with asyncio.timeout(60):
        while True:
            async with writing(shop) as session:
                row = (await session.scalars(select(AskedChange))).first()
                if row is not None:
                    return (await answer(session, row.id, account, yes=True)).id
            await asyncio.sleep(0.1)


def assert_it_went_well(seen: dict[str, Any]) -> None:
    assert (seen["order"]["order_id"], seen["order"]["status"]) == ("#W1042", "pending")
    assert seen["asked"] == [QUESTION]
    assert seen["cancelled"] == {"status": "done", "summary": DONE}
    assert "find_customer" not in seen["tools"]
    assert seen["tools"]["cancel_order"] == ["order_id", "reason"]


async def assert_cancelled_once(shop: Sessions) -> None:
    async with shop() as session:
        order = await get_order(session, "#W1042", CustomerOnly("olivia"))
        [audit] = (await session.scalars(select(Audit))).all()

    assert order.status is OrderStatus.CANCELLED
    assert (audit.tool, audit.caller, audit.answer) == ("cancel_order", "olivia", Answer.YES)
