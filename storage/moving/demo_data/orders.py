"""The rows of the demo shop's orders: lines, parcels, payments that balance, and later requests."""

import random
from dataclasses import dataclass, field
from typing import Any

from storage.moving.demo_data.catalogue import CURRENCY
from storage.moving.demo_data.parcels import make_journey
from storage.moving.demo_data.purchases import Purchase
from storage.shop.customers import ADDRESS_FIELDS
from storage.shop.orders import CancelReason, OrderStatus, PaymentType

FIRST_ID = 1_000_001
LINES = [1, 2, 3, 4]
LINE_WEIGHTS = [40, 35, 18, 7]
SAME_ITEM_AGAIN = 0.04
TWO_PARCELS = 0.4
SENT = frozenset(OrderStatus) - {OrderStatus.PENDING, OrderStatus.ITEMS_CHANGED, OrderStatus.CANCELLED}

Row = dict[str, Any]


@dataclass(frozen=True)
class Shelf:
    """What can be bought: the products' names, and the variants by product."""

    names: dict[str, str]
    variants: dict[str, list[Row]]

    def pick(self, dice: random.Random) -> Row:
        """Return any available variant."""
        return dice.choice([one for one in self.variants[dice.choice(list(self.variants))] if one["available"]])

    def pick_other(self, dice: random.Random, variant: Row) -> Row:
        """Return another available variant of the same product, or the same one if there is none."""
        of_product = self.variants[variant["product_id"]]
        others = [one for one in of_product if one["available"] and one is not variant]
        return dice.choice(others) if others else variant


@dataclass(frozen=True)
class OrderRows:
    """The rows of all orders and of their lines, shipments and payments."""

    orders: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    shipments: list[Row] = field(default_factory=list)
    payments: list[Row] = field(default_factory=list)


def make_orders(
    dice: random.Random, purchases: list[Purchase], shelf: Shelf, methods: dict[str, list[Row]]
) -> OrderRows:
    """Return the rows of these purchases; `methods` are each customer's payment methods."""
    made = OrderRows()
    for position, purchase in enumerate(purchases):
        key = {"order_id": f"#W{FIRST_ID + position}"}
        method_id = dice.choice(methods[purchase.customer["id"]])["id"]
        first = [shelf.pick(dice) for _ in range(dice.choices(LINES, LINE_WEIGHTS)[0])]
        if dice.random() < SAME_ITEM_AGAIN:
            first.append(first[0])
        bought = _changed(dice, shelf, first) if purchase.status is OrderStatus.ITEMS_CHANGED else first
        made.orders.append(
            _order(dice, purchase, shelf, bought, method_id) | {"id": key["order_id"], "position": position}
        )
        made.lines.extend(key | row for row in _lines(shelf, bought))
        made.shipments.extend(
            key | row | make_journey(key["order_id"], row["number"], purchase.customer["language"], purchase.at)
            for row in _shipments(dice, purchase.status, bought)
        )
        paid = {"customer_id": purchase.customer["id"], "payment_method_id": method_id}
        made.payments.extend(key | paid | row for row in _payments(purchase.status, first, bought))
    return made


def _changed(dice: random.Random, shelf: Shelf, first: list[Row]) -> list[Row]:
    return [shelf.pick_other(dice, first[0]), *first[1:]]


def _order(dice: random.Random, purchase: Purchase, shelf: Shelf, bought: list[Row], method_id: str) -> Row:
    customer = purchase.customer
    return {
        "customer_id": customer["id"],
        "status": purchase.status,
        "currency": CURRENCY,
        "ordered_at": purchase.at,
        "cancel_reason": dice.choice(list(CancelReason)) if purchase.status is OrderStatus.CANCELLED else None,
        **{name: customer[name] for name in ADDRESS_FIELDS},
        **_return(purchase.status, bought[0], method_id),
        **_exchange(purchase.status, bought[0], shelf.pick_other(dice, bought[0]), method_id),
    }


def _return(status: OrderStatus, item: Row, method_id: str) -> Row:
    asked = status is OrderStatus.RETURN_REQUESTED
    return {
        "return_item_ids": [item["item_id"]] if asked else None,
        "return_payment_method_id": method_id if asked else None,
    }


def _exchange(status: OrderStatus, old: Row, new: Row, method_id: str) -> Row:
    asked = status is OrderStatus.EXCHANGE_REQUESTED
    return {
        "exchange_item_ids": [old["item_id"]] if asked else None,
        "exchange_new_item_ids": [new["item_id"]] if asked else None,
        "exchange_payment_method_id": method_id if asked else None,
        "exchange_price_difference": new["price"] - old["price"] if asked else None,
    }


def _lines(shelf: Shelf, bought: list[Row]) -> list[Row]:
    return [
        {field: item[field] for field in ("item_id", "product_id", "options", "price")}
        | {"line": number, "name": shelf.names[item["product_id"]]}
        for number, item in enumerate(bought, start=1)
    ]


def _shipments(dice: random.Random, status: OrderStatus, bought: list[Row]) -> list[Row]:
    if status not in SENT:
        return []
    items = [item["item_id"] for item in bought]
    parcels = [items[:1], items[1:]] if len(items) > 1 and dice.random() < TWO_PARCELS else [items]
    return [
        {"number": number, "tracking_ids": [str(dice.randrange(10**11, 10**12))], "item_ids": parcel}
        for number, parcel in enumerate(parcels, start=1)
    ]


def _payments(status: OrderStatus, first: list[Row], bought: list[Row]) -> list[Row]:
    charged, worth = sum(item["price"] for item in first), sum(item["price"] for item in bought)
    moved = [(PaymentType.PAYMENT, charged)]
    if status is OrderStatus.CANCELLED:
        moved.append((PaymentType.REFUND, charged))
    elif worth > charged:
        moved.append((PaymentType.PAYMENT, worth - charged))
    elif worth < charged:
        moved.append((PaymentType.REFUND, charged - worth))
    return [{"number": number, "type": kind, "amount": amount} for number, (kind, amount) in enumerate(moved, start=1)]
