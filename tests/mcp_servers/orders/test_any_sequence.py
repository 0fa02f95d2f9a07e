"""Whatever is asked of the order tools, in whatever order: the shop does what the rules say, and no money is lost."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from mcp import Client
from sqlalchemy import func, select

from storage.audit import Answer, Audit
from storage.customers import Customer as CustomerRow
from storage.customers import PaymentKind, get_customer
from storage.db import Sessions
from storage.orders import Order, OrderStatus, PaymentType
from storage.settings import Settings
from tests.clients import Customer, caller, client_of, server_for, text_of
from tests.factories import add_customer, add_order, add_product, credit_card, gift_card, line, variant
from tests.mcp_servers.orders.shop_model import Arguments, Item, Line, ModelOrder, Refused, ShopModel

METHODS = ("card", "other_card", "gift", "small_gift", "somebody_elses")
ITEMS = {
    "mug-s": Item("mug", 1_000),
    "mug-m": Item("mug", 1_500),
    "mug-l": Item("mug", 2_500),
    "mug-x": Item("mug", 4_000, available=False),
    "pen-a": Item("pen", 700),
    "pen-b": Item("pen", 700),
}
CITIES = ("Portland", "부산")
TOOLS = (
    "cancel_order",
    "change_order_items",
    "change_order_address",
    "change_order_payment",
    "return_items",
    "exchange_items",
)
APT = {"pending": TOOLS[:4], "pending (items changed)": TOOLS[2:4], "delivered": TOOLS[4:]}
_shops = count(1)

quick = examples(
    max_examples=20, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
thorough = examples(max_examples=150, database=None, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Bought:
    """An order to start with: its status, what was bought at which price, and how it was paid."""

    status: str
    lines: Sequence[tuple[str, int]]
    method: str


@dataclass(frozen=True)
class Step:
    """A call to make: how many lines of the order from the `first` on, which variants for them, and what is wrong.

    An `apt` tool is one that the order's status may allow; else it is any.
    """

    tool: int
    apt: bool
    order: int
    first: int
    many: int
    news: Sequence[int]
    method: str
    flaw: str
    yes: bool


sold = st.sampled_from([item for item in ITEMS if item != "mug-x"])
bought = st.builds(
    Bought,
    status=st.sampled_from(["pending", "pending", "pending", "delivered", "delivered", "processed", "cancelled"]),
    # What was paid need not be what it costs today.
    lines=st.lists(st.tuples(sold, st.sampled_from([700, 1_000, 1_500])), min_size=1, max_size=4),
    method=st.sampled_from(METHODS[:3]),
)
steps = st.builds(
    Step,
    tool=st.integers(0, 11),
    apt=st.sampled_from([True, True, True, False]),
    order=st.integers(0, 2),
    first=st.integers(0, 3),
    many=st.integers(1, 3),
    news=st.lists(st.integers(0, 3), min_size=3, max_size=3),
    method=st.sampled_from([*METHODS[:4], *METHODS]),
    flaw=st.sampled_from(["", "", "", "", "", "", "no order", "no item", "no items", "too often", "other product"]),
    yes=st.sampled_from([True, True, True, False]),
)
sequences = st.lists(steps, min_size=4, max_size=12)
shops = st.lists(bought, min_size=2, max_size=3)
balances = st.sampled_from([0, 300, 1_200, 10_000])


TWO_MUGS = Bought("pending", [("mug-s", 700), ("mug-s", 1_500)], "card")
PAID_WITH_A_GIFT = Bought("delivered", [("pen-a", 700)], "gift")
CANCEL = Step(0, apt=True, order=0, first=0, many=1, news=[0, 0, 0], method="gift", flaw="", yes=True)
CHANGE_BOTH = Step(1, apt=True, order=0, first=0, many=2, news=[2, 1, 0], method="gift", flaw="", yes=True)
PAY_OTHERWISE = Step(3, apt=True, order=0, first=0, many=1, news=[0, 0, 0], method="gift", flaw="", yes=True)


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
    tool, arguments = _call(model, step, name)
    before = len(customer.asked)
    allowed = _allowed(model, step, tool, arguments)

    result = await client.call_tool(tool, arguments)

    said = text_of(result)
    assert len(customer.asked) - before == int(allowed), said
    assert result.is_error is not (allowed and step.yes), said
    assert "\n" not in said
    assert "fault on our side" not in said
    if allowed and step.yes:
        assert result.structured_content == {"status": "done", "summary": customer.asked[-1]}
    elif allowed:
        assert said.startswith("The customer did not confirm; nothing was changed.")


def _allowed(model: ShopModel, step: Step, tool: str, arguments: Arguments) -> bool:
    try:
        (model if step.yes else deepcopy(model)).do(tool, arguments)
    except Refused:
        return False
    return True


def _call(model: ShopModel, step: Step, name: str) -> tuple[str, Arguments]:
    ids = list(model.orders)
    order_id = "#W-nobodys" if step.flaw == "no order" else ids[step.order % len(ids)]
    status = model.orders[order_id].status if order_id in model.orders else ""
    tools = APT.get(status, TOOLS) if step.apt else TOOLS
    tool = tools[step.tool % len(tools)]
    item_ids = _items(model, step, order_id, f"{name}-nothing")
    news = [_variant(model, item, new, name) for item, new in zip(item_ids, step.news, strict=False)]
    if step.flaw == "other product":
        news[:1] = [f"{name}-pen-a"] if news[:1] != [f"{name}-pen-b"] else [f"{name}-mug-s"]
    address = {"address1": "1 New Road", "city": CITIES[1], "state": "-", "country": "Korea", "zip": "48058"}
    several = {"item_ids": item_ids, "payment_method_id": step.method}
    rest: dict[str, dict[str, Any]] = {
        "cancel_order": {"reason": "ordered by mistake"},
        "change_order_items": several | {"new_item_ids": news},
        "change_order_address": address,
        "change_order_payment": {"payment_method_id": step.method},
        "return_items": several,
        "exchange_items": several | {"new_item_ids": news},
    }
    return tool, {"order_id": order_id} | rest[tool]


def _items(model: ShopModel, step: Step, order_id: str, nothing: str) -> list[str]:
    held = [line.item for line in model.orders[order_id].lines] if order_id in model.orders else [nothing]
    picked = [held[(step.first + more) % len(held)] for more in range(min(step.many, len(held)))]
    flawed = {"no item": [nothing, *picked], "no items": [], "too often": [picked[0]] * 5}
    return flawed.get(step.flaw, picked)


def _variant(model: ShopModel, item: str, new: int, name: str) -> str:
    product = model.items[item].product if item in model.items else f"{name}-mug"
    same = [id for id, other in model.items.items() if other.product == product]
    return same[new % len(same)]


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
