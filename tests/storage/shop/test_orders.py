"""Orders are found by their owner and by staff, and by nobody else."""

import pytest

from storage.db import Sessions
from storage.owners import CustomerOnly, Staff
from storage.shop.orders import OrderNotFoundError, OrderStatus, get_order, list_orders
from tests.factories import add_customer, add_order


@pytest.mark.parametrize(("stored", "asked"), [("#W1042", "#W1042"), ("#W1042", "W1042"), ("W1042", "#W1042")])
async def test_an_order_is_found_with_and_without_its_hash(sessions: Sessions, stored: str, asked: str) -> None:
    order = await add_order(sessions, id=stored)

    async with sessions() as session:
        found = await get_order(session, asked, CustomerOnly(order.customer_id))

    assert found.id == stored


async def test_of_two_ids_that_differ_by_the_hash_the_exact_one_is_found(sessions: Sessions) -> None:
    customer = await add_customer(sessions)
    for order_id in ("#W1042", "W1042"):
        await add_order(sessions, id=order_id, customer_id=customer.id)

    async with sessions() as session:
        found = [(await get_order(session, order_id, CustomerOnly(customer.id))).id for order_id in ("#W1042", "W1042")]

    assert found == ["#W1042", "W1042"]


async def test_another_customers_order_reads_like_one_that_does_not_exist(sessions: Sessions) -> None:
    await add_order(sessions, id="#W1042")
    stranger = await add_customer(sessions)

    async with sessions() as session:
        with pytest.raises(OrderNotFoundError) as foreign:
            await get_order(session, "#W1042", CustomerOnly(stranger.id))
        with pytest.raises(OrderNotFoundError) as missing:
            await get_order(session, "#W9999", CustomerOnly(stranger.id))

    assert str(foreign.value).replace("W1042", "W9999") == str(missing.value)


async def test_staff_finds_every_order(sessions: Sessions) -> None:
    order = await add_order(sessions, id="#W1042")

    async with sessions() as session:
        found = await get_order(session, "#W1042", Staff())

    assert found.customer_id == order.customer_id


async def test_orders_are_listed_newest_first_and_page_by_page(sessions: Sessions) -> None:
    customer = await add_customer(sessions)
    ids = [(await add_order(sessions, customer_id=customer.id)).id for _ in range(3)]
    await add_order(sessions)

    async with sessions() as session:
        first = await list_orders(session, CustomerOnly(customer.id), status=None, before=None, limit=2)
        rest = await list_orders(session, CustomerOnly(customer.id), status=None, before=first[-1].position, limit=2)

    assert [order.id for order in [*first, *rest]] == ids[::-1]


async def test_orders_are_listed_by_status(sessions: Sessions) -> None:
    customer = await add_customer(sessions)
    await add_order(sessions, customer_id=customer.id)
    sent = await add_order(sessions, customer_id=customer.id, status=OrderStatus.PROCESSED)

    async with sessions() as session:
        found = await list_orders(
            session, CustomerOnly(customer.id), status=OrderStatus.PROCESSED, before=None, limit=5
        )

    assert [order.id for order in found] == [sent.id]


@pytest.mark.parametrize("status", list(OrderStatus))
async def test_an_order_of_every_status_can_be_kept(sessions: Sessions, status: OrderStatus) -> None:
    order = await add_order(sessions, status=status)

    async with sessions() as session:
        found = await get_order(session, order.id, CustomerOnly(order.customer_id))

    assert found.status is status
