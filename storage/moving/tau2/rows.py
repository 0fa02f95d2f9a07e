"""Converts a tau-bench retail database into our rows."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from storage.moving.contents import Rows
from storage.moving.tau2.schema import Database, Order, User
from storage.people.accounts import Account
from storage.people.logins import make_logins
from storage.shop import customers, orders, products
from storage.shop.spelling import stored_email

CURRENCY = "USD"

Row = dict[str, Any]


def make_rows(database: Database, password_hash: str | None) -> Rows:
    """Return every table's rows; with a hash, each customer gets a login."""
    owners = [_customer(user, position) for position, user in enumerate(database.users.values())]
    placed = list(zip(database.orders.values(), _positions(database), strict=True))
    return {
        customers.Customer: owners,
        customers.PaymentMethod: [row for user in database.users.values() for row in _payment_methods(user)],
        products.Product: _products(database),
        products.Variant: _variants(database),
        orders.Order: [_order(order, position) for order, position in placed],
        orders.OrderLine: [row for order, _ in placed for row in _lines(order)],
        orders.Shipment: [row for order, _ in placed for row in _shipments(order)],
        orders.Payment: [row for order, _ in placed for row in _payments(order)],
        Account: [] if password_hash is None else make_logins(owners, password_hash),
    }


def _positions(database: Database) -> list[int]:
    # Orders keep their places in the file; a customer's own list, if it differs, decides the order among those places.
    places: dict[str, list[int]] = {}
    for place, order in enumerate(database.orders.values()):
        places.setdefault(order.user_id, []).append(place)
    position_of = {
        order_id: place
        for user_id, own in places.items()
        for order_id, place in zip(database.users[user_id].orders, own, strict=True)
    }
    return [position_of[order_id] for order_id in database.orders]


def _customer(user: User, position: int) -> Row:
    return {
        "id": user.user_id,
        "position": position,
        "first_name": user.name.first_name,
        "last_name": user.name.last_name,
        "email": stored_email(user.email),
        "language": "en",
        **user.address.model_dump(),
    }


def _payment_methods(user: User) -> list[Row]:
    return [
        {
            "customer_id": user.user_id,
            "id": method.id,
            "position": position,
            "kind": method.source,
            "brand": method.brand,
            "last_four": method.last_four,
            "balance": method.balance,
        }
        for position, method in enumerate(user.payment_methods.values())
    ]


def _products(database: Database) -> list[Row]:
    return [
        {
            "id": product.product_id,
            "position": position,
            "name": product.name,
            "description": "",
            "category": "",
            "keywords": _korean_words().get(product.name, ""),
            "currency": CURRENCY,
        }
        for position, product in enumerate(database.products.values())
    ]


def _variants(database: Database) -> list[Row]:
    return [
        variant.model_dump() | {"product_id": product.product_id, "position": position}
        for product in database.products.values()
        for position, variant in enumerate(product.variants.values())
    ]


def _order(order: Order, position: int) -> Row:
    return {
        "id": order.order_id,
        "customer_id": order.user_id,
        "position": position,
        "status": order.status,
        "currency": CURRENCY,
        "ordered_at": None,
        "cancel_reason": order.cancel_reason,
        "return_item_ids": order.return_items,
        "return_payment_method_id": order.return_payment_method_id,
        "exchange_item_ids": order.exchange_items,
        "exchange_new_item_ids": order.exchange_new_items,
        "exchange_payment_method_id": order.exchange_payment_method_id,
        "exchange_price_difference": order.exchange_price_difference,
        **order.address.model_dump(),
    }


def _lines(order: Order) -> list[Row]:
    return [
        item.model_dump() | {"order_id": order.order_id, "line": number}
        for number, item in enumerate(order.items, start=1)
    ]


def _shipments(order: Order) -> list[Row]:
    return [
        {
            "order_id": order.order_id,
            "number": number,
            "tracking_ids": parcel.tracking_id,
            "item_ids": parcel.item_ids,
            "carrier": None,
            "shipped_on": None,
            "expected_on": None,
        }
        for number, parcel in enumerate(order.fulfillments, start=1)
    ]


def _payments(order: Order) -> list[Row]:
    return [
        {
            "order_id": order.order_id,
            "number": number,
            "customer_id": order.user_id,
            "type": payment.transaction_type,
            "amount": payment.amount,
            "payment_method_id": payment.payment_method_id,
        }
        for number, payment in enumerate(order.payment_history, start=1)
    ]


@cache
def _korean_words() -> dict[str, str]:
    """Return Korean search words for tau-bench's products, which only have English names."""
    return tomllib.loads((Path(__file__).parent / "keywords.toml").read_text(encoding="utf-8"))
