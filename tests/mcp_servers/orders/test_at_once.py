"""Many callers at the same moment, at two replicas: one wins, the others are told why, and no money is made or lost."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from mcp import Client
from mcp.types import CallToolResult, ElicitResult
from sqlalchemy import select

from storage.db import Sessions, open_sessions
from storage.owners import CustomerOnly
from storage.settings import Settings
from storage.shop.audit import Answer, Audit
from storage.shop.customers import get_customer
from storage.shop.orders import Order, OrderStatus, get_order
from tests.clients import Customer, caller, client_of, server_for, text_of
from tests.factories import add_customer, add_order, add_product, credit_card, gift_card, line, variant
from tests.mcp_servers.orders.asked import NO, YES, Told, answer, ask
from tests.tools_process import client_at, token_of, tools_process

Call = tuple[str, dict[str, Any]]

CALLERS = 64
ORDER = "#W1042"
CANCEL: Call = ("cancel_order", {"order_id": ORDER, "reason": "no longer needed"})
CHANGE: Call = (
    "change_order_items",
    {"order_id": ORDER, "item_ids": ["1001"], "new_item_ids": ["1002"], "payment_method_id": "gift"},
)
RETURN: Call = ("return_items", {"order_id": ORDER, "item_ids": ["1001"], "payment_method_id": "gift"})
EXCHANGE: Call = ("exchange_items", {**CHANGE[1]})
SAID = {
    OrderStatus.RETURN_REQUESTED: "marked as return requested",
    OrderStatus.EXCHANGE_REQUESTED: "marked as exchange requested",
}


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    """A customer with a gift card of 100.00, and a lamp in two variants."""
    await add_customer(sessions, id="olivia", payment_methods=[credit_card("card"), gift_card("gift", balance=10_000)])
    await add_product(sessions, id="2001", variants=[variant("1001", price=4_500), variant("1002", price=5_000)])
    return sessions


@asynccontextmanager
async def two_replicas(settings: Settings) -> AsyncIterator[list[Settings]]:
    async with AsyncExitStack() as stack:
        yield [(await stack.enter_async_context(tools_process(settings, "orders")))[0] for _ in range(2)]


@asynccontextmanager
async def at_replica(running: Settings) -> AsyncIterator[Client]:
    token = token_of(running, caller("olivia"))
    async with client_at(f"{running.public_mcp_url}/orders/mcp", token, Customer(says_yes=True)) as client:
        yield client


@asynccontextmanager
async def in_memory(settings: Settings) -> AsyncIterator[Client]:
    """A client of a server with connections of its own, as another replica has."""
    async with open_sessions(settings.database) as sessions:
        server = server_for(settings, sessions, caller("olivia"), ["orders"])
        async with client_of(server, Customer(says_yes=True)) as client:
            yield client


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "calls", "never", "rules"),
    [
        (
            OrderStatus.PENDING,
            [CANCEL, CHANGE, RETURN],
            "only delivered orders can be returned",
            [
                "only pending orders can be cancelled",
                "items can be changed only while an order is pending, and only once",
            ],
        ),
        (
            OrderStatus.DELIVERED,
            [RETURN, EXCHANGE, CANCEL],
            "only pending orders can be cancelled",
            ["only delivered orders can be returned", "only delivered orders can be exchanged"],
        ),
    ],
)
async def test_of_many_who_change_an_order_one_wins_and_the_rest_are_told_the_rule(
    settings: Settings, shop: Sessions, status: OrderStatus, calls: list[Call], never: str, rules: list[str]
) -> None:
    await add_order(shop, id=ORDER, customer_id="olivia", status=status, lines=[line("1001", product_id="2001")])
    everybody_asked = asyncio.Barrier(CALLERS)

    async def change(running: Settings, call: Call) -> Told:
        async with at_replica(running) as client:
            asked = await ask(client, *call)
            await everybody_asked.wait()
            return await answer(client, *call, asked)

    async with two_replicas(settings) as replicas:
        told = await asyncio.gather(*(change(replicas[each % 2], calls[each % 3]) for each in range(CALLERS)))

    results = [result for result in told if isinstance(result, CallToolResult)]
    [won] = [result for result in results if not result.is_error]
    [audit] = await _audits(shop)
    order = await _order(shop)
    assert (audit.answer, audit.id) == (Answer.YES, (won.meta or {})["shopdesk/audit_id"])
    assert {text_of(result).partition(". ")[0] for result in results if result.is_error} == {
        f"Order {ORDER} is {status}; {never}",
        *(f"Order {ORDER} is {SAID.get(order.status, order.status)}; {rule}" for rule in rules),
    }
    assert len(results) == CALLERS
    assert _net(order) == (0 if order.status is OrderStatus.CANCELLED else order.total)


@pytest.mark.slow
async def test_a_yes_sent_to_two_replicas_at_once_is_done_once(settings: Settings, shop: Sessions) -> None:
    await add_order(shop, id=ORDER, customer_id="olivia", lines=[line("1001", product_id="2001")])

    async with two_replicas(settings) as (one, other), at_replica(one) as client, at_replica(other) as twin:
        asked = await ask(client, *CANCEL)
        told = await asyncio.gather(*(answer(each, *CANCEL, asked) for each in [client, twin] * 4))

    results = [result for result in told if isinstance(result, CallToolResult)]
    assert [result.is_error for result in results] == [False] * 8
    assert len({text_of(result) for result in results}) == 1
    assert [audit.answer for audit in await _audits(shop)] == [Answer.YES]
    assert [payment.type.value for payment in (await _order(shop)).payments] == ["payment", "refund"]


@pytest.mark.parametrize("answers", [(YES, YES), (YES, NO), (NO, YES)])
async def test_two_tabs_that_answer_the_same_question_are_told_the_same(
    settings: Settings, shop: Sessions, answers: tuple[ElicitResult, ElicitResult]
) -> None:
    await add_order(shop, id=ORDER, customer_id="olivia", lines=[line("1001", product_id="2001")])

    async with in_memory(settings) as client, in_memory(settings) as twin:
        asked = await ask(client, *CANCEL)
        results = await asyncio.gather(
            *(answer(tab, *CANCEL, asked, said) for tab, said in zip((client, twin), answers, strict=True))
        )

    [audit] = await _audits(shop)
    done = (await _order(shop)).status is OrderStatus.CANCELLED
    assert done is (audit.answer is Answer.YES)
    assert [isinstance(result, CallToolResult) and result.is_error for result in results] == [not done, not done]


@pytest.mark.parametrize("round_", range(4))
async def test_two_orders_paid_with_one_gift_card_at_once_never_overdraw_it(
    settings: Settings, shop: Sessions, round_: int
) -> None:
    tool, ids = "change_order_payment", [f"#W{round_}-{number}" for number in range(4)]
    for id in ids:
        await add_order(shop, id=id, customer_id="olivia", lines=[line(price=4_500)], payment_method_id="card")

    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(in_memory(settings)) for _ in ids]
        calls = [{"order_id": id, "payment_method_id": "gift"} for id in ids]
        asked = [await ask(client, tool, call) for client, call in zip(clients, calls, strict=True)]
        answered = zip(clients, calls, asked, strict=True)
        results = await asyncio.gather(*(answer(client, tool, call, question) for client, call, question in answered))

    said = Counter(text_of(result) for result in results if isinstance(result, CallToolResult) and result.is_error)
    assert said == {
        "The gift card (gift) has a balance of $10.00, less than the $45.00 due. Use another payment method.": 2
    }
    async with shop() as session:
        assert (await get_customer(session, "olivia")).methods["gift"].balance == 1_000
    assert len(await _audits(shop)) == 2


async def _audits(sessions: Sessions) -> list[Audit]:
    async with sessions() as session:
        return list((await session.scalars(select(Audit))).all())


async def _order(sessions: Sessions) -> Order:
    async with sessions() as session:
        return await get_order(session, ORDER, CustomerOnly("olivia"))


def _net(order: Order) -> int:
    return sum(payment.amount if payment.type == "payment" else -payment.amount for payment in order.payments)
