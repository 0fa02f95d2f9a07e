"""Clients of other makers' versions, each in an environment of its own: they read an order and confirm its end."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import venv
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storage.db import Sessions
from storage.owners import CustomerOnly
from storage.settings import Settings
from storage.shop.audit import Answer, Audit
from storage.shop.orders import OrderStatus, get_order
from tests.clients import caller
from tests.factories import add_customer, add_order, gift_card
from tests.tools_process import token_of, tools_process

# The first test of a fresh checkout downloads the other packages.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PROGRAM = Path(__file__).with_name("older_client.py")
SHOPDESK = str(Path(sys.executable).with_name("shopdesk"))
PACKAGES = {
    "mcp-1.28": ["mcp==1.28.1"],
    "mcp-1.30": ["mcp==1.30.0"],
    "autogen": ["autogen-ext[mcp]==0.7.5", "mcp==1.30.0"],
}
CLIENTS = [("plain", "mcp-1.28"), ("plain", "mcp-1.30"), ("workbench", "autogen")]
QUESTION = "Cancel order #W1042 (1 item). $45.00 will be refunded to your gift card immediately."
DONE = "Order #W1042 is cancelled. $45.00 will be refunded to your gift card immediately."


@dataclass(frozen=True)
class OtherClient:
    """The program above with one kind of client, in the environment that has it."""

    kind: str
    python: Path

    async def cancel(self, address: str, **environment: str) -> dict[str, Any]:
        """What the program saw when it cancelled the order."""
        command = [str(self.python), str(PROGRAM), self.kind, address]
        running = await asyncio.create_subprocess_exec(*command, env=os.environ | environment, stdout=PIPE, stderr=PIPE)
        output, errors = await asyncio.wait_for(running.communicate(), 60)
        assert running.returncode == 0, errors.decode()
        seen: dict[str, Any] = json.loads(output)
        return seen


@pytest.fixture(params=CLIENTS, ids="-".join)
def client(request: pytest.FixtureRequest) -> OtherClient:
    kind, packages = request.param
    return OtherClient(kind, environment_with(packages))


def environment_with(name: str) -> Path:
    """The Python of an environment with these packages: made once, and kept beside our own packages."""
    folder = Path(sys.prefix) / "other-clients" / name
    made = folder / "made"
    if not made.exists() or made.read_text() != str(PACKAGES[name]):
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        install = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*install, *PACKAGES[name]], check=True, timeout=240)
        made.write_text(str(PACKAGES[name]))
    return folder / "bin" / "python"


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_customer(sessions, id="olivia", payment_methods=[gift_card("gift", balance=0)])
    await add_order(sessions, id="#W1042", customer_id="olivia", status=OrderStatus.PENDING)
    return sessions


async def test_an_older_client_cancels_an_order_over_http(
    settings: Settings, shop: Sessions, client: OtherClient
) -> None:
    async with tools_process(settings) as (running, _):
        token = token_of(running, caller("olivia"))
        seen = await client.cancel(f"{running.public_mcp_url}/mcp", TOKEN=token)

    if client.kind == "plain":
        assert_it_went_well(client, seen)
        await assert_cancelled_once(shop)
    else:
        assert_it_was_given_a_link(running, seen)
        await assert_untouched(shop)


async def test_an_older_client_cancels_an_order_over_stdio(
    settings: Settings, shop: Sessions, client: OtherClient
) -> None:
    seen = await client.cancel(SHOPDESK, SHOPDESK_TOKEN=token_of(settings, caller("olivia")))

    assert_it_went_well(client, seen)
    await assert_cancelled_once(shop)


def assert_it_went_well(client: OtherClient, seen: dict[str, Any]) -> None:
    can_ask = client.kind == "plain"

    assert seen["order"]["order_id"] == "#W1042"
    assert seen["order"]["status"] == "pending"
    assert seen["asked"] == [QUESTION]
    assert seen["cancelled"] == {"status": "done", "summary": DONE}
    assert seen.get("again", seen["cancelled"]) == seen["cancelled"]
    assert ("confirm_token" in seen["tools"]["cancel_order"]) is not can_ask
    assert seen.get("protocol") == ("2025-11-25" if can_ask else None)


def assert_it_was_given_a_link(settings: Settings, seen: dict[str, Any]) -> None:
    """It cannot ask, so over HTTP its person says yes on the page; what it brings back itself changes nothing."""
    assert seen["order"]["status"] == "pending"
    assert seen["asked"] == [QUESTION]
    assert seen["cancelled"]["confirm_url"].startswith(f"{settings.public_ui_url}/confirm/")
    assert seen["again"] == seen["cancelled"]
    assert "confirm_token" not in seen["tools"]["cancel_order"]


async def assert_untouched(shop: Sessions) -> None:
    async with shop() as session:
        order = await get_order(session, "#W1042", CustomerOnly("olivia"))
        audits = (await session.scalars(select(Audit))).all()

    assert (order.status, list(audits)) == (OrderStatus.PENDING, [])


async def assert_cancelled_once(shop: Sessions) -> None:
    async with shop() as session:
        order = await get_order(session, "#W1042", CustomerOnly("olivia"))
        [audit] = (await session.scalars(select(Audit))).all()

    assert order.status is OrderStatus.CANCELLED
    assert [(payment.type.value, payment.amount) for payment in order.payments] == [
        ("payment", 4_500),
        ("refund", 4_500),
    ]
    assert (audit.tool, audit.caller, audit.answer) == ("cancel_order", "olivia", Answer.YES)
