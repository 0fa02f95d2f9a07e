"""Who carries the demo shop's parcels, when they left, and when the carrier expects them to arrive."""

import random
from datetime import date, datetime
from typing import Any

from storage.delivery import DeliveryRules
from storage.moving.demo_data.files import read
from storage.moving.demo_data.purchases import LAST_DAY

PACKING = 2
CARRYING = (3, 5)
"""The fewest and the most business days that a carrier names."""
WITHOUT_DATE = 0.2
BUSINESS_DAYS = DeliveryRules({})

Row = dict[str, Any]


def make_journey(order_id: str, number: int, language: str, ordered_at: datetime) -> Row:
    """Return a parcel's carrier and days, the same ones for the same order; one carrier in five gives no date.

    Its dice are its own, so that nothing else in the demo depends on them.
    """
    carrier = random.Random(order_id).choice(read("people.toml")[language]["carriers"])  # noqa: S311 - for made-up data
    dice = random.Random(f"{order_id} {number}")  # noqa: S311 - the same
    shipped_on = _left_on(dice, ordered_at.date())
    arrives = BUSINESS_DAYS.later(shipped_on, dice.randint(*CARRYING))
    return {
        "carrier": carrier,
        "shipped_on": shipped_on,
        "expected_on": None if dice.random() < WITHOUT_DATE else arrives,
    }


def _left_on(dice: random.Random, ordered_on: date) -> date:
    return min(BUSINESS_DAYS.later(ordered_on, dice.randint(1, PACKING)), LAST_DAY.date())
