"""An order is read whole, with its parts in the order they came."""

import pytest

from storage.db import Sessions, reading
from storage.owners import CustomerOnly, Staff
from storage.shop.orders import OrderNotFoundError, OrderStatus, PaymentType, get_order
from tests.factories import add_customer, add_order, line


@pytest.mark.parametrize("status", OrderStatus)
async def test_an_order_of_every_status_is_read_as_it_was_stored(sessions: Sessions, status: OrderStatus) -> None:
    twice = [line("1001", options={"색상": '검은 "색"', "size": ""}), line("1002", name="램프"), line("1001", price=1)]
    order = await add_order(sessions, status=status, lines=twice)

    async with reading(sessions) as session:
        shown = await get_order(session, order.id.removeprefix("#"), CustomerOnly(order.customer_id))

    assert shown.status is status
    assert [(each.line, each.item_id, each.name) for each in shown.lines] == [
        (at, each.item_id, each.name) for at, each in enumerate(order.lines, start=1)
    ]
    assert shown.lines[0].options == {"색상": '검은 "색"', "size": ""}


async def test_an_order_without_any_part_is_shown(sessions: Sessions) -> None:
    order = await add_order(sessions, lines=[], payments=[], shipments=[])

    async with reading(sessions) as session:
        shown = await get_order(session, order.id, Staff())

    assert (shown.lines, shown.shipments, shown.payments, shown.total) == ([], [], [], 0)


async def test_money_is_shown_in_the_order_it_moved(sessions: Sessions) -> None:
    customer = await add_customer(sessions)
    method = customer.payment_methods[0].id
    moved = [
        (PaymentType.PAYMENT, 9_000, method),
        (PaymentType.REFUND, 500, method),
        (PaymentType.PAYMENT, 2**40, method),
    ]
    order = await add_order(sessions, customer_id=customer.id, payments=moved)

    async with reading(sessions) as session:
        shown = await get_order(session, order.id, CustomerOnly(customer.id))

    assert [(payment.type, payment.amount, payment.payment_method_id) for payment in shown.payments] == moved


async def test_of_two_ids_that_differ_by_the_hash_the_exact_one_is_shown(sessions: Sessions) -> None:
    customer = await add_customer(sessions)
    for order_id in ("#W1042", "W1042"):
        await add_order(sessions, id=order_id, customer_id=customer.id)

    async with reading(sessions) as session:
        found = [(await get_order(session, order_id, CustomerOnly(customer.id))).id for order_id in ("#W1042", "W1042")]

    assert found == ["#W1042", "W1042"]


async def test_another_customers_order_is_not_shown(sessions: Sessions) -> None:
    order = await add_order(sessions)
    stranger = await add_customer(sessions)

    async with reading(sessions) as session:
        with pytest.raises(OrderNotFoundError):
            await get_order(session, order.id, CustomerOnly(stranger.id))
