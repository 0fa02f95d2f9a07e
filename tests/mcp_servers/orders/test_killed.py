"""The tools' process is killed while it cancels an order: the order is as it was, or wholly cancelled."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import httpx2
import pytest
from mcp import Client, MCPError
from mcp.types import CallToolResult, ElicitResult, InputRequiredResult
from sqlalchemy import select

from storage.audit import Audit
from storage.customers import get_customer
from storage.db import Sessions
from storage.orders import OrderStatus, get_order
from storage.settings import Settings
from tests.clients import Customer, caller
from tests.factories import add_customer, add_order, gift_card
from tests.tools_process import client_at, token_of, tools_process

CALL = {"order_id": "#W1042", "reason": "no longer needed"}
UNTOUCHED = (OrderStatus.PENDING, ["payment"], 0, 0)
CANCELLED = (OrderStatus.CANCELLED, ["payment", "refund"], 4_500, 1)
QUICK, EVERY = 3, 20


async def kill_after_a_moment(_: Path, dice: random.Random) -> None:
    await asyncio.sleep(dice.uniform(0, 0.02))


async def kill_as_the_write_reaches_the_disk(database: Path, _: random.Random) -> None:
    log = database.with_name(f"{database.name}-wal")
    before = log.stat().st_size if log.exists() else 0
    with anyio.move_on_after(1):
        while not log.exists() or log.stat().st_size == before:  # noqa: ASYNC110 - another process writes the file
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    "round_", [*range(QUICK), *(pytest.param(n, marks=pytest.mark.slow) for n in range(QUICK, EVERY))]
)
async def test_a_killed_process_leaves_the_order_untouched_or_wholly_cancelled(
    settings: Settings, sessions: Sessions, round_: int
) -> None:
    await add_customer(sessions, id="olivia", payment_methods=[gift_card("gift", balance=0)])
    await add_order(sessions, id="#W1042", customer_id="olivia", status=OrderStatus.PENDING)
    moment = [kill_after_a_moment, kill_as_the_write_reaches_the_disk][round_ % 2]

    asked = await _killed_while_cancelling(settings, moment, random.Random(round_))  # noqa: S311 - dice

    left = await _state(sessions)
    assert left in (UNTOUCHED, CANCELLED)
    async with tools_process(settings, "orders") as (running, _):
        token = token_of(running, caller("olivia"))
        async with client_at(f"{running.public_mcp_url}/orders/mcp", token, Customer(says_yes=True)) as client:
            finished = await _say_yes(client, asked)
    assert isinstance(finished, CallToolResult)
    assert not finished.is_error
    assert await _state(sessions) == CANCELLED


async def _killed_while_cancelling(
    settings: Settings, moment: Callable[[Path, random.Random], Awaitable[None]], dice: random.Random
) -> InputRequiredResult:
    asked: CallToolResult | InputRequiredResult | None = None
    async with tools_process(settings, "orders") as (running, process):
        with contextlib.suppress(httpx2.TransportError, MCPError, ExceptionGroup, asyncio.CancelledError):
            token = token_of(running, caller("olivia"))
            async with client_at(f"{running.public_mcp_url}/orders/mcp", token, Customer(says_yes=True)) as client:
                asked = await client.session.call_tool("cancel_order", CALL, allow_input_required=True)
                assert isinstance(asked, InputRequiredResult)
                yes = asyncio.ensure_future(_say_yes(client, asked))
                await moment(settings.shopdesk_home / "shop.db", dice)
                process.kill()
                await process.wait()
                await asyncio.wait({yes})
                yes.exception()
    assert isinstance(asked, InputRequiredResult)
    return asked


async def _say_yes(client: Client, asked: InputRequiredResult) -> CallToolResult | InputRequiredResult:
    yes = ElicitResult(action="accept", content={"confirm": True})
    return await client.session.call_tool(
        "cancel_order",
        CALL,
        input_responses=dict.fromkeys(asked.input_requests or {}, yes),
        request_state=asked.request_state,
        allow_input_required=True,
    )


async def _state(sessions: Sessions) -> tuple[OrderStatus, list[str], int, int]:
    async with sessions() as session:
        order = await get_order(session, "#W1042", "olivia")
        audits = (await session.scalars(select(Audit))).all()
        balance = (await get_customer(session, "olivia")).methods["gift"].balance or 0
    return order.status, [payment.type.value for payment in order.payments], balance, len(audits)
