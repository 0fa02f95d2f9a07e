"""The demo shop's products, with a variant for every combination of their options."""

import random
from decimal import Decimal
from itertools import product as choices
from typing import Any

from storage.moving.demo_data.files import read

CURRENCY = "USD"

Row = dict[str, Any]


def make_products(dice: random.Random) -> tuple[list[Row], list[Row]]:
    """Return the rows of the products and of their variants; about one variant in seven is unavailable."""
    products: list[Row] = []
    variants: list[Row] = []
    for number, described in enumerate(read("products.toml")["products"], start=1):
        product_id = f"21{number:04d}0000"
        products.append(
            {field: described[field] for field in ("name", "description", "category", "keywords")}
            | {"id": product_id, "position": number, "currency": CURRENCY, "names": {"ko": described["name_ko"]}}
        )
        variants += _variants(dice, described, product_id, number)
    return products, variants


def _variants(dice: random.Random, described: Row, product_id: str, number: int) -> list[Row]:
    rows: list[Row] = []
    for position, chosen in enumerate(choices(*described["options"].values()), start=1):
        price = Decimal(described["price"]) + sum(Decimal(described.get("extra", {}).get(one, 0)) for one in chosen)
        rows.append(
            {
                "item_id": f"31{number:04d}{position:04d}",
                "product_id": product_id,
                "position": position,
                "options": dict(zip(described["options"], chosen, strict=True)),
                "price": int(price * 100),
                # The first choice is always available, so that every product can be bought.
                "available": position == 1 or dice.random() > 1 / 7,
            }
        )
    return rows
