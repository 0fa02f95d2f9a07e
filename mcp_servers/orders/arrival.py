"""When an order comes: on its carrier's date or, where there is none, as the shop's own delivery rules have it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from storage.delivery import DeliveryRules
from storage.shop.orders import Order, OrderStatus, Shipment

By = Literal["carrier", "shop rules"]
ON_ITS_WAY = frozenset({OrderStatus.PENDING, OrderStatus.ITEMS_CHANGED, OrderStatus.PROCESSED})


@dataclass(frozen=True)
class Arrival:
    """The last day on which something should arrive, and who says so."""

    on: date
    by: By


def arrival_of(order: Order, rules: DeliveryRules) -> Arrival | None:
    """Return when all of an order should be there; None once it is, or where nobody says."""
    expected = list(_parts(order, rules))
    # One part of which nobody can say when it comes leaves the whole order without a date.
    known = [one for one in expected if one is not None]
    return max(known, key=lambda one: one.on) if known and len(known) == len(expected) else None


def parcel_arrival(order: Order, parcel: Shipment, rules: DeliveryRules) -> Arrival | None:
    """Return when a parcel of an order should be there; None once it is, or where nobody says."""
    if order.status not in ON_ITS_WAY:
        return None
    if parcel.expected_on is not None:
        return Arrival(parcel.expected_on, "carrier")
    if parcel.shipped_on is not None:
        return _by_rules(rules.after_shipping(parcel.shipped_on, order.country))
    return _since_ordered(order, rules)


def _parts(order: Order, rules: DeliveryRules) -> Iterator[Arrival | None]:
    if order.status not in ON_ITS_WAY:
        return
    yield from (parcel_arrival(order, parcel, rules) for parcel in order.shipments)
    sent = Counter(item_id for parcel in order.shipments for item_id in parcel.item_ids)
    if Counter(line.item_id for line in order.lines) - sent:
        yield _since_ordered(order, rules)


def _since_ordered(order: Order, rules: DeliveryRules) -> Arrival | None:
    if order.ordered_at is None:
        return None
    return _by_rules(rules.after_order(rules.day_of(order.ordered_at), order.country))


def _by_rules(day: date | None) -> Arrival | None:
    return None if day is None else Arrival(day, "shop rules")
