"""A shop that people use is not overwritten by accident, and never by half."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from storage.db import Sessions, writing
from storage.moving.contents import ShopInUseError, count_contents, is_untouched_demo
from storage.moving.demo import seed_demo
from storage.moving.fingerprint import take_fingerprint
from storage.settings import Settings
from storage.shop.audit import Answer, add_audit
from storage.shop.customers import Customer
from storage.tokens import Caller
from tests.factories import (
    add_account,
    add_conversation,
    add_customer,
    add_message,
    add_order,
    add_product,
    add_ticket,
)
from tests.storage.moving.tau2_shop import small_shop, write

A_CUSTOMER = "olivia_brown_1001"
STANDS_STILL = """
import asyncio, sys
from pathlib import Path
from storage.db import open_sessions
from storage.moving.tau2.file import read_tau2
from storage.moving.tau2.load import load, prepare

written = 0

def stand_still_at_the_end(more):
    global written
    written += more
    if written == int(sys.argv[3]):
        print("standing still", flush=True)
        sys.stdin.read()

async def main():
    rows = prepare(read_tau2(Path(sys.argv[1])), None)
    async with open_sessions(sys.argv[2]) as sessions:
        await load(sessions, rows, replace=True, on_progress=stand_still_at_the_end)

asyncio.run(main())
"""


async def change_a_customer(sessions: Sessions) -> None:
    async with writing(sessions) as session:
        await session.execute(update(Customer).where(Customer.id == A_CUSTOMER).values(city="Salem"))


async def audit_a_refusal(sessions: Sessions) -> None:
    async with writing(sessions) as session:
        add_audit(
            session,
            confirmation="a question",
            answer=Answer.NO,
            caller=Caller(A_CUSTOMER, staff=False, scopes=frozenset()),
            tool="cancel_order",
            arguments={},
            summary="Cancel order #W1",
            changes=[],
        )


async def open_a_ticket(sessions: Sessions) -> None:
    await add_ticket(sessions, customer_id=A_CUSTOMER)


async def sell_something_new(sessions: Sessions) -> None:
    await add_product(sessions)


async def register_a_customer(sessions: Sessions) -> None:
    await add_account(sessions, customer_id=(await add_customer(sessions)).id)


async def buy_something(sessions: Sessions) -> None:
    await add_order(sessions, customer_id=A_CUSTOMER)


@pytest.mark.parametrize(
    "use",
    [change_a_customer, audit_a_refusal, open_a_ticket, sell_something_new, register_a_customer, buy_something],
)
async def test_a_demo_that_was_used_is_not_untouched(
    demo_sessions: Sessions, use: Callable[[Sessions], Awaitable[None]]
) -> None:
    await use(demo_sessions)

    async with demo_sessions() as session:
        assert not await is_untouched_demo(session)


async def test_a_used_demo_is_overwritten_only_on_request(demo_sessions: Sessions) -> None:
    await change_a_customer(demo_sessions)

    with pytest.raises(ShopInUseError, match=r"Add --replace"):
        await seed_demo(demo_sessions)

    await seed_demo(demo_sessions, replace=True)
    async with demo_sessions() as session:
        assert await is_untouched_demo(session)


async def test_chats_and_staffs_logins_leave_the_demo_untouched(demo_sessions: Sessions) -> None:
    await add_account(demo_sessions)
    chat = await add_conversation(demo_sessions, customer_id=A_CUSTOMER, account_id=f"u_{A_CUSTOMER}")
    await add_message(demo_sessions, chat.id, "Where is my order?")

    async with demo_sessions() as session:
        assert await is_untouched_demo(session)


async def test_an_audit_of_an_earlier_shop_leaves_the_demo_untouched(sessions: Sessions) -> None:
    await audit_a_refusal(sessions)

    await seed_demo(sessions)

    async with sessions() as session:
        assert await is_untouched_demo(session)


async def test_a_shop_of_ones_own_is_overwritten_only_on_request(sessions: Sessions) -> None:
    await add_customer(sessions)

    with pytest.raises(ShopInUseError, match=r"\(customers: 1, orders: 0\)"):
        await seed_demo(sessions)

    async with sessions() as session:
        assert (await count_contents(session)).customers == 1


@pytest.mark.parametrize("written", [2, 26])
async def test_an_import_killed_on_the_way_leaves_the_old_shop(
    demo_sessions: Sessions, settings: Settings, tmp_path: Path, written: int
) -> None:
    async with demo_sessions() as session:
        before = await take_fingerprint(session)
    file = write(small_shop(), tmp_path)

    command = [sys.executable, "-c", STANDS_STILL, str(file), settings.database, str(written)]
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"standing still\n"
    process.kill()
    await process.communicate()

    async with demo_sessions() as session:
        assert await take_fingerprint(session) == before
        assert await is_untouched_demo(session)
