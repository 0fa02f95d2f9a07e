"""The tools' process is killed while it cancels an order: the order is as it was, or wholly cancelled."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import anyio
import httpx2
import pytest
from mcp import Client, MCPError
from mcp.types import CallToolResult, ElicitResult, InputRequiredResult
from sqlalchemy import select, text

from storage.db import Sessions, writing
from storage.owners import CustomerOnly
from storage.settings import Settings
from storage.shop.audit import Audit
from storage.shop.customers import get_customer
from storage.shop.orders import OrderStatus, get_order
from tests.clients import Customer, caller, text_of
from tests.factories import add_customer, add_order, gift_card, line
from tests.tools_process import client_at, token_of, tools_process

CALL = {"order_id": "#W1042", "reason": "no longer needed"}
UNTOUCHED = (OrderStatus.PENDING, ["payment"], 0, 0)
CANCELLED = (OrderStatus.CANCELLED, ["payment", "refund"], 4_500, 1)
QUICK, EVERY = 2, 12

Shop = tuple[Settings, Sessions]
State = tuple[OrderStatus, list[str], int, int]


@asynccontextmanager
async def nobody_else(_: Shop) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def somebody_else_writing(shop: Shop) -> AsyncIterator[None]:
    """The rows are held, so that the write waits for them."""
    async with writing(shop[1]) as session:
        await get_customer(session, "olivia", lock=True)
        yield


async def after_a_moment(_: Shop, dice: random.Random) -> None:
    await asyncio.sleep(dice.uniform(0, 0.02))


async def as_the_write_reaches_the_disk(shop: Shop, _: random.Random) -> None:
    before = await _end_of_log(shop)
    with anyio.move_on_after(1):
        while await _end_of_log(shop) == before:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0)


async def between_the_write_and_its_answer(shop: Shop, _: random.Random) -> None:
    with anyio.fail_after(10):
        while await _state(shop[1]) == UNTOUCHED:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0)


@dataclass(frozen=True)
class Killing:
    """Who else is at the database, when the process is killed, and how the order may look then."""

    meanwhile: Callable[[Shop], AbstractAsyncContextManager[None]]
    moment: Callable[[Shop, random.Random], Awaitable[None]]
    leaves: Sequence[State]


KILLINGS = [
    Killing(nobody_else, after_a_moment, leaves=[UNTOUCHED, CANCELLED]),
    Killing(somebody_else_writing, after_a_moment, leaves=[UNTOUCHED]),
    Killing(nobody_else, as_the_write_reaches_the_disk, leaves=[UNTOUCHED, CANCELLED]),
    Killing(nobody_else, between_the_write_and_its_answer, leaves=[CANCELLED]),
]


@pytest.mark.parametrize(
    "round_", [*range(QUICK), *(pytest.param(n, marks=pytest.mark.slow) for n in range(QUICK, EVERY))]
)
async def test_a_killed_process_leaves_the_order_untouched_or_wholly_cancelled(
    settings: Settings, sessions: Sessions, round_: int
) -> None:
    await add_customer(sessions, id="olivia", payment_methods=[gift_card("gift", balance=0)])
    await add_order(sessions, id="#W1042", customer_id="olivia", status=OrderStatus.PENDING, lines=[line(price=4_500)])
    killing = KILLINGS[round_ % len(KILLINGS)]

    asked = await _killed_while_cancelling((settings, sessions), killing, random.Random(round_))  # noqa: S311 - dice

    left = await _state(sessions)
    async with tools_process(settings, "orders") as (running, _):
        token = token_of(running, caller("olivia"))
        async with client_at(f"{running.public_mcp_url}/orders/mcp", token, Customer(says_yes=True)) as client:
            finished = await _say_yes(client, asked)
            again = await client.call_tool("cancel_order", CALL)
    assert left in killing.leaves
    assert isinstance(finished, CallToolResult)
    assert not finished.is_error
    assert text_of(again).startswith("Order #W1042 is cancelled; only pending orders can be cancelled.")
    assert await _state(sessions) == CANCELLED


async def _killed_while_cancelling(shop: Shop, killing: Killing, dice: random.Random) -> InputRequiredResult:
    asked: CallToolResult | InputRequiredResult | None = None
    async with tools_process(shop[0], "orders") as (running, process):
        with contextlib.suppress(httpx2.TransportError, MCPError, ExceptionGroup, asyncio.CancelledError):
            token = token_of(running, caller("olivia"))
            async with client_at(f"{running.public_mcp_url}/orders/mcp", token, Customer(says_yes=True)) as client:
                asked = await client.session.call_tool("cancel_order", CALL, allow_input_required=True)
                assert isinstance(asked, InputRequiredResult)
                async with killing.meanwhile(shop):
                    yes = asyncio.ensure_future(_say_yes(client, asked))
                    await killing.moment(shop, dice)
                    process.kill()
                    await process.wait()
                await asyncio.wait({yes})
                yes.exception()
    assert isinstance(asked, InputRequiredResult)
    return asked


async def _end_of_log(shop: Shop) -> object:
    """Where the database's log ends now: it grows with the first row of a write, before any of it can be seen."""
    settings, sessions = shop
    if not settings.database_url:
        log = settings.shopdesk_home / "shop.db-wal"
        return log.stat().st_size if log.exists() else 0
    async with sessions() as session:
        return await session.scalar(text("SELECT pg_current_wal_insert_lsn()::text"))


async def _say_yes(client: Client, asked: InputRequiredResult) -> CallToolResult | InputRequiredResult:
    yes = ElicitResult(action="accept", content={"confirm": True})
    return await client.session.call_tool(
        "cancel_order",
        CALL,
        input_responses=dict.fromkeys(asked.input_requests or {}, yes),
        request_state=asked.request_state,
        allow_input_required=True,
    )


async def _state(sessions: Sessions) -> State:
    async with sessions() as session:
        order = await get_order(session, "#W1042", CustomerOnly("olivia"))
        audits = (await session.scalars(select(Audit))).all()
        balance = (await get_customer(session, "olivia")).methods["gift"].balance or 0
    return order.status, [payment.type.value for payment in order.payments], balance, len(audits)
