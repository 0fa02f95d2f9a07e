"""The logins of customers who are loaded into the shop all at once."""

from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def make_logins(customers: Sequence[Row], password_hash: str) -> list[Row]:
    """Return the accounts' rows of these customers' rows; the ids stay the same when the same shop is loaded again."""
    return [
        {
            "id": f"u_{customer['id']}",
            "email": customer["email"],
            "name": _full_name(customer),
            "password_hash": password_hash,
            "customer_id": customer["id"],
            "staff": False,
        }
        for customer in customers
    ]


def _full_name(customer: Row) -> str:
    first, last = customer["first_name"], customer["last_name"]
    return f"{last}{first}" if customer["language"] == "ko" else f"{first} {last}"
