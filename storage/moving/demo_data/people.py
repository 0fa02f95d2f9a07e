"""The demo shop's customers and how they pay."""

import random
from typing import Any

from storage.moving.demo_data.files import read
from storage.shop.customers import PaymentKind

CUSTOMERS = 200
KOREAN = 0.4
WITH_GIFT_CARD = 0.45
WITH_PAYPAL = 0.35

Row = dict[str, Any]


def make_customers(dice: random.Random) -> list[Row]:
    """Return the customers' rows: the known ones first; two in five of the others are Korean."""
    people = read("people.toml")
    rows = [dict(known) for known in people["known"]]
    while len(rows) < CUSTOMERS:
        language = "ko" if dice.random() < KOREAN else "en"
        rows.append(_customer(dice, people[language], language, number=1001 + len(rows)))
    return [row | {"position": position} for position, row in enumerate(rows, start=1)]


def _customer(dice: random.Random, people: Row, language: str, number: int) -> Row:
    first, first_latin = _spelled(dice.choice(people["first_names"]))
    last, last_latin = _spelled(dice.choice(people["last_names"]))
    return {
        "id": f"{first_latin}_{last_latin}_{number}",
        "email": f"{first_latin}.{last_latin}{number}@example.com",
        "first_name": first,
        "last_name": last,
        "language": language,
        **_address(dice, people, language),
    }


def _spelled(name: str | list[str]) -> tuple[str, str]:
    return (name, name.lower()) if isinstance(name, str) else (name[0], name[1])


def _address(dice: random.Random, people: Row, language: str) -> Row:
    place = dice.choice(people["cities"])
    street, house = dice.choice(people["streets"]), dice.randint(2, 480)
    return {
        "address1": f"{street} {house}" if language == "ko" else f"{house} {street}",
        "address2": dice.choice(people["units"]).format(dice.randint(101, 1905)),
        "city": place["city"],
        "state": place["state"],
        "country": people["country"],
        "zip": f"{place['zip']}{dice.randint(1, 99):02d}",
    }


def make_payment_methods(dice: random.Random, customers: list[Row]) -> list[Row]:
    """Return the payment methods' rows: a credit card for everybody, and often a gift card or PayPal as well."""
    rows: list[Row] = []
    known = {row["id"] for row in read("people.toml")["known"]}
    for number, customer in enumerate(customers, start=1):
        methods = [_credit_card(dice, number)]
        if customer["id"] in known or dice.random() < WITH_GIFT_CARD:
            methods.append(_method(PaymentKind.GIFT_CARD, number, balance=dice.randrange(2_000, 20_001, 500)))
        if dice.random() < WITH_PAYPAL:
            methods.append(_method(PaymentKind.PAYPAL, number))
        rows += [
            method | {"customer_id": customer["id"], "position": position} for position, method in enumerate(methods)
        ]
    return rows


def _credit_card(dice: random.Random, number: int) -> Row:
    brand = dice.choice(["visa", "mastercard"])
    return _method(PaymentKind.CREDIT_CARD, number, brand=brand, last_four=f"{dice.randint(0, 9999):04d}")


def _method(
    kind: PaymentKind,
    number: int,
    *,
    brand: str | None = None,
    last_four: str | None = None,
    balance: int | None = None,
) -> Row:
    return {
        "id": f"{kind}_{1_000_000 + number * 137}",
        "kind": kind,
        "brand": brand,
        "last_four": last_four,
        "balance": balance,
    }
