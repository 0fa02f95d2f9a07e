"""When the demo shop's customers bought something, and what became of it."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

from storage.shop.orders import OrderStatus

ORDERS = 600
LAST_DAY = datetime(2026, 6, 30, 18, 0, tzinfo=UTC)

# What every known customer has, and how many days ago it was ordered.
KNOWN = [
    (OrderStatus.DELIVERED, 48),
    (OrderStatus.DELIVERED, 21),
    (OrderStatus.PROCESSED, 5),
    (OrderStatus.PENDING, 1),
]
# How often orders are of each age (first and last day), and how likely each status is by then.
AGES = [(0, 2), (3, 9), (10, 120)]
AGE_WEIGHTS = [25, 20, 55]
STATUSES = {
    (0, 2): {OrderStatus.PENDING: 76, OrderStatus.ITEMS_CHANGED: 12, OrderStatus.CANCELLED: 12},
    (3, 9): {OrderStatus.PROCESSED: 80, OrderStatus.PENDING: 12, OrderStatus.CANCELLED: 8},
    (10, 120): {
        OrderStatus.DELIVERED: 80,
        OrderStatus.CANCELLED: 8,
        OrderStatus.RETURN_REQUESTED: 7,
        OrderStatus.EXCHANGE_REQUESTED: 5,
    },
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Purchase:
    """An order to be created: its customer, when it was placed, and its status."""

    customer: Row
    at: datetime
    status: OrderStatus


def plan_purchases(dice: random.Random, known: list[Row], others: list[Row]) -> list[Purchase]:
    """Return what was bought, the oldest first: the known customers' fixed purchases, and everybody else's."""
    planned = [Purchase(customer, _moment(dice, days), status) for customer in known for status, days in KNOWN]
    planned += [_any_purchase(dice, customer) for customer in islice(cycle(others), ORDERS - len(planned))]
    return sorted(planned, key=lambda purchase: purchase.at)


def _any_purchase(dice: random.Random, customer: Row) -> Purchase:
    age = dice.choices(AGES, AGE_WEIGHTS)[0]
    likely = STATUSES[age]
    status = dice.choices(list(likely), list(likely.values()))[0]
    return Purchase(customer, _moment(dice, dice.randint(*age)), status)


def _moment(dice: random.Random, days_ago: int) -> datetime:
    return LAST_DAY - timedelta(days=days_ago, minutes=dice.randint(0, 12 * 60))
