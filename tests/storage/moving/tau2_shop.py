"""A small database in the shape of tau-bench's, to be changed by a test and written to a file."""

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]

ADDRESS = {
    "address1": "215 River Road",
    "address2": "Suite 991",
    "city": "New York",
    "country": "USA",
    "state": "NY",
    "zip": "10083",
}
KETTLE = {"name": "Electric Kettle", "product_id": "P1", "item_id": "K1", "price": 49.9, "options": {"color": "black"}}
LAMP = {"name": "Desk Lamp", "product_id": "P2", "item_id": "L1", "price": 20, "options": {}}


def small_shop() -> Json:
    """Return two customers, two products and three orders."""
    return {
        "products": {
            "P1": _product("P1", "Electric Kettle", K1=49.9, K2=59.95),
            "P2": _product("P2", "Desk Lamp", L1=20),
        },
        "users": {
            "james_li_1": _user("james_li_1", "James.Li@Example.com", ["#W1", "#W3"]),
            "mia_kim_2": _user("mia_kim_2", "mia.kim@example.com", ["#W2"]),
        },
        "orders": {
            "#W1": order("#W1", "james_li_1", "pending", [KETTLE, KETTLE, LAMP], 119.8),
            "#W2": order("#W2", "mia_kim_2", "processed", [LAMP], 20),
            "#W3": order("#W3", "james_li_1", "delivered", [KETTLE], 49.9),
        },
    }


def write(shop: Json, folder: Path) -> Path:
    """Write the database into a folder and return its file."""
    path = folder / "db.json"
    path.write_text(json.dumps(shop), encoding="utf-8")
    return path


def _product(product_id: str, name: str, **prices: float) -> Json:
    variants = {
        item_id: {"item_id": item_id, "options": {"color": "black"}, "available": True, "price": price}
        for item_id, price in prices.items()
    }
    return {"name": name, "product_id": product_id, "variants": variants}


def _user(user_id: str, email: str, orders: list[str]) -> Json:
    return {
        "user_id": user_id,
        "name": {"first_name": "James", "last_name": "Li"},
        "address": dict(ADDRESS),
        "email": email,
        "payment_methods": {
            "gift_card_1": {"source": "gift_card", "id": "gift_card_1", "balance": 17.0},
            "credit_card_1": {"source": "credit_card", "id": "credit_card_1", "brand": "visa", "last_four": "0042"},
            "paypal_1": {"source": "paypal", "id": "paypal_1"},
        },
        "orders": orders,
    }


def order(order_id: str, user_id: str, status: str, items: list[Json], paid: float) -> Json:
    sent = {"tracking_id": ["357962501027"], "item_ids": [item["item_id"] for item in items]}
    return {
        "order_id": order_id,
        "user_id": user_id,
        "address": dict(ADDRESS),
        "items": [dict(item) for item in items],
        "status": status,
        "fulfillments": [] if status == "pending" else [sent],
        "payment_history": [
            {"transaction_type": "payment", "amount": paid, "payment_method_id": "credit_card_1"},
        ],
    }
