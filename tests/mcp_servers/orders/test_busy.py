"""A shop that cannot be written now says so in one line, and nothing is written."""

import pytest
from mcp.types import CallToolResult
from sqlalchemy import select, text

from storage import db
from storage.db import Sessions, open_sessions, writing
from storage.owners import CustomerOnly
from storage.settings import Settings
from storage.shop.audit import Audit
from storage.shop.customers import get_customer
from storage.shop.orders import OrderStatus, get_order
from tests.clients import Customer, caller, client_of, server_for, text_of
from tests.factories import add_customer, add_order
from tests.mcp_servers.orders.asked import answer, ask

CALL = ("cancel_order", {"order_id": "#W1042", "reason": "no longer needed"})
BUSY = "The shop is busy with other changes; nothing was changed. Try again in a minute."


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_customer(sessions, id="olivia")
    await add_order(sessions, id="#W1042", customer_id="olivia")
    return sessions


async def test_a_yes_that_waits_too_long_for_others_is_told_so_and_may_be_said_again(
    settings: Settings, shop: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LOCK_WAIT_S", 0.2)
    async with open_sessions(settings.database) as impatient:
        server = server_for(settings, impatient, caller("olivia"), ["orders"])
        async with client_of(server, Customer(says_yes=True)) as client:
            asked = await ask(client, *CALL)
            async with writing(shop) as session:
                await get_customer(session, "olivia", lock=True)
                refused = await answer(client, *CALL, asked)
            before = await _state(shop)
            done = await answer(client, *CALL, asked)

    assert isinstance(refused, CallToolResult)
    assert (refused.is_error, text_of(refused)) == (True, BUSY)
    assert before == (OrderStatus.PENDING, 0)
    assert isinstance(done, CallToolResult)
    assert not done.is_error
    assert await _state(shop) == (OrderStatus.CANCELLED, 1)


async def test_more_callers_than_connections_are_told_to_try_again(
    settings: Settings, shop: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "LOCK_WAIT_S", 0.2)
    async with open_sessions(settings.database) as few:
        pool = few.kw["bind"].sync_engine.pool
        held = [few() for _ in range(pool.size() + pool._max_overflow)]
        for session in held:
            await session.execute(text("SELECT 1"))
        async with client_of(server_for(settings, few, caller("olivia")), Customer(says_yes=True)) as client:
            refused = await client.call_tool(*CALL)
        for session in held:
            await session.close()

    assert (refused.is_error, text_of(refused)) == (True, BUSY)
    assert await _state(shop) == (OrderStatus.PENDING, 0)


async def _state(sessions: Sessions) -> tuple[OrderStatus, int]:
    async with sessions() as session:
        order = await get_order(session, "#W1042", CustomerOnly("olivia"))
        return order.status, len((await session.scalars(select(Audit))).all())
