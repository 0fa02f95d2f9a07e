"""Whatever is asked of the order tools, in whatever order: the shop does what the rules say, and no money is lost."""

from copy import deepcopy
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from mcp import Client
from sqlalchemy import func, select

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.audit import Answer, Audit
from storage.shop.customers import Customer as CustomerRow
from storage.shop.customers import PaymentKind, get_customer
from storage.shop.orders import Order, OrderStatus, PaymentType
from tests.clients import Customer, caller, client_of, server_for, text_of
from tests.factories import add_customer, add_order, add_product, credit_card, gift_card, line, variant
from tests.mcp_servers.orders.sequences import (
    CANCEL,
    CHANGE_BOTH,
    CITIES,
    ITEMS,
    PAID_WITH_A_GIFT,
    PAY_OTHERWISE,
    TWO_MUGS,
    Bought,
    Step,
    balances,
    call_of,
    sequences,
    shops,
)
from tests.mcp_servers.orders.shop_model import Arguments, Item, Line, ModelOrder, Refused, ShopModel

_shops = count(1)

quick = examples(
    max_examples=20, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
thorough = examples(max_examples=75, database=None, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@example(shop=[TWO_MUGS, PAID_WITH_A_GIFT], balance=10_000, sequence=[PAY_OTHERWISE, CANCEL])
@example(shop=[TWO_MUGS, PAID_WITH_A_GIFT], balance=10_000, sequence=[CHANGE_BOTH, PAY_OTHERWISE, CANCEL])
@given(shop=shops, balance=balances, sequence=sequences)
async def test_the_shop_does_what_the_rules_say(
    settings: Settings, sessions: Sessions, shop: list[Bought], balance: int, sequence: list[Step]
) -> None:
    await play(settings, sessions, shop, balance, sequence)


@pytest.mark.slow
@pytest.mark.timeout(600)
@thorough
@given(shop=shops, balance=balances, sequence=sequences)
async def test_the_shop_does_what_the_rules_say_in_many_more_sequences(
    settings: Settings, sessions: Sessions, shop: list[Bought], balance: int, sequence: list[Step]
) -> None:
    await play(settings, sessions, shop, balance, sequence)


async def play(settings: Settings, sessions: Sessions, shop: list[Bought], balance: int, sequence: list[Step]) -> None:
    """Take each step in a new shop and in its model, and hold one against the other after each."""
    name = f"olivia{next(_shops)}"
    model = await _open(sessions, name, shop, balance)
    paid = _all_money(model)
    customer = Customer(says_yes=True)
    async with client_of(server_for(settings, sessions, caller(name), ["orders"]), customer) as client:
        for step in sequence:
            customer.says_yes = step.yes
            await _take(client, model, step, name, customer)
            assert await _seen(sessions, name) == _told(model)
            assert _all_money(model) == paid
    assert await _answers(sessions, name) == len(customer.asked)


async def _open(sessions: Sessions, name: str, shop: list[Bought], balance: int) -> ShopModel:
    start = {"card": None, "other_card": None, "gift": balance, "small_gift": 250}
    methods = [credit_card(key) if amount is None else gift_card(key, balance=amount) for key, amount in start.items()]
    await add_customer(sessions, id=name, payment_methods=methods)
    for product in ("mug", "pen"):
        variants = [
            variant(f"{name}-{key}", price=item.price, available=item.available)
            for key, item in ITEMS.items()
            if item.product == product
        ]
        await add_product(sessions, id=f"{name}-{product}", variants=variants)
    orders = {}
    for number, order in enumerate(shop):
        id = f"#{name}-{number}"
        lines = [
            line(f"{name}-{item}", product_id=f"{name}-{ITEMS[item].product}", price=price)
            for item, price in order.lines
        ]
        await add_order(
            sessions,
            id=id,
            customer_id=name,
            status=OrderStatus(order.status),
            lines=lines,
            payment_method_id=order.method,
        )
        orders[id] = _modelled(order, name)
    items = {f"{name}-{key}": Item(f"{name}-{item.product}", item.price, item.available) for key, item in ITEMS.items()}
    return ShopModel(items, dict(start), orders)


def _modelled(order: Bought, name: str) -> ModelOrder:
    lines = [Line(f"{name}-{item}", f"{name}-{ITEMS[item].product}", price) for item, price in order.lines]
    total = sum(line.price for line in lines)
    payments = [("payment", total, order.method)]
    cancelled = order.status == "cancelled"
    if cancelled:
        payments.append(("refund", total, order.method))
    asked = {"reason": "no longer needed"} if cancelled else {}
    return ModelOrder(order.status, lines, payments, CITIES[0], asked)


async def _take(client: Client, model: ShopModel, step: Step, name: str, customer: Customer) -> None:
    tool, arguments = call_of(model, step, name)
    before = len(customer.asked)
    allowed = _allowed(model, step, tool, arguments)

    result = await client.call_tool(tool, arguments)

    said = text_of(result)
    assert len(customer.asked) - before == int(allowed), said
    assert result.is_error is not (allowed and step.yes), said
    assert "\n" not in said
    assert "error on our side" not in said
    if allowed and step.yes:
        assert result.structured_content is not None
        assert result.structured_content["status"] == "done"
        assert result.structured_content["summary"].startswith(("Order ", "The ", "Your "))
    elif allowed:
        assert said.startswith("The customer did not confirm; nothing was changed.")


def _allowed(model: ShopModel, step: Step, tool: str, arguments: Arguments) -> bool:
    try:
        (model if step.yes else deepcopy(model)).do(tool, arguments)
    except Refused:
        return False
    return True


def _told(model: ShopModel) -> dict[str, Any]:
    orders = {
        id: (order.status, [(line.item, line.price) for line in order.lines], order.payments, order.city, order.asked)
        for id, order in model.orders.items()
    }
    return {"orders": orders, "balances": model.balances}


async def _seen(sessions: Sessions, name: str) -> dict[str, Any]:
    async with sessions() as session:
        customer: CustomerRow = await get_customer(session, name)
        orders = (await session.scalars(select(Order).where(Order.customer_id == name).order_by(Order.position))).all()
    for order in orders:
        assert _net(order) == (0 if order.status is OrderStatus.CANCELLED else order.total)
    for method in customer.payment_methods:
        assert (method.balance is None) is (method.kind is not PaymentKind.GIFT_CARD)
        assert (method.balance or 0) >= 0
    return {
        "orders": {order.id: _row(order) for order in orders},
        "balances": {method.id: method.balance for method in customer.payment_methods},
    }


def _net(order: Order) -> int:
    return sum(payment.amount if payment.type is PaymentType.PAYMENT else -payment.amount for payment in order.payments)


def _row(order: Order) -> tuple[Any, ...]:
    asked = {
        "reason": order.cancel_reason,
        "item_ids": order.return_item_ids or order.exchange_item_ids,
        "new_item_ids": order.exchange_new_item_ids,
        "payment_method_id": order.return_payment_method_id or order.exchange_payment_method_id,
        "price_difference": order.exchange_price_difference,
    }
    return (
        order.status,
        [(line.item_id, line.price) for line in order.lines],
        [(payment.type, payment.amount, payment.payment_method_id) for payment in order.payments],
        order.city,
        {name: value for name, value in asked.items() if value is not None},
    )


def _all_money(model: ShopModel) -> dict[str, int]:
    """What is in each gift card and in the orders paid with it: it moves between the two, and none is lost."""
    return {
        method: balance + sum(order.held[method] for order in model.orders.values())
        for method, balance in model.balances.items()
        if balance is not None
    }


async def _answers(sessions: Sessions, name: str) -> int:
    asked = Audit.answer.in_([Answer.YES, Answer.NO])
    async with sessions() as session:
        return await session.scalar(select(func.count()).where(Audit.caller == name, asked)) or 0
