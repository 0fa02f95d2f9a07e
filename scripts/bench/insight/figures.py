"""The rows of a shop as plain Python, and the figures that the questions ask for, counted without SQL."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.db import Sessions
from storage.shop.orders import Order, Payment
from storage.shop.products import Product
from storage.shop.tickets import Ticket

Row = tuple[object, ...]


@dataclass(frozen=True)
class Figures:
    """Everything that a question may ask for."""

    orders: list[Order]
    payments: list[Payment]
    products: list[Product]
    tickets: list[Ticket]

    def count(self, status: str) -> int:
        return sum(order.status == status for order in self.orders)

    def total(self, status: str) -> float:
        return _units(sum(order.total for order in self.orders if order.status == status))

    def average(self, status: str) -> float:
        totals = [order.total for order in self.orders if order.status == status]
        return round(sum(totals) / len(totals) / 100, 4)

    def above(self, least: int) -> int:
        return sum(order.total > least * 100 for order in self.orders)

    def at_least(self, items: int) -> int:
        return sum(len(order.lines) >= items for order in self.orders)

    def customers(self, status: str) -> int:
        return len({order.customer_id for order in self.orders if order.status == status})

    def not_in(self, status: str) -> int:
        return sum(order.status != status for order in self.orders)

    def paid(self, kind: str) -> float:
        return _units(sum(one.amount for one in self.payments if one.type == kind))

    def dearest(self) -> float:
        return _units(max(variant.price for product in self.products for variant in product.variants))

    def cheapest(self) -> float:
        return _units(min(variant.price for product in self.products for variant in product.variants))

    def average_price(self, name: str) -> float:
        prices = [variant.price for product in self.products if product.name == name for variant in product.variants]
        return round(sum(prices) / len(prices) / 100, 4)

    def variants(self, name: str, *, available: bool) -> int:
        return sum(
            variant.available == available
            for product in self.products
            if product.name == name
            for variant in product.variants
        )

    def statuses(self) -> dict[str, int]:
        return dict(Counter(str(order.status) for order in self.orders))

    def in_month(self, month: str) -> int:
        return sum(_month(order.ordered_at) == month for order in self.orders)

    def months(self) -> list[str]:
        return sorted({_month(order.ordered_at) for order in self.orders if order.ordered_at})

    def tickets_of(self, **wanted: str) -> int:
        return sum(all(getattr(ticket, name) == value for name, value in wanted.items()) for ticket in self.tickets)


def _units(minor: int) -> float:
    return round(minor / 100, 4)


def _month(moment: datetime | None) -> str:
    return "" if moment is None else moment.strftime("%Y-%m")


async def figures_of(sessions: Sessions) -> Figures:
    """Read a shop."""
    async with sessions() as session:
        return Figures(
            list(await session.scalars(select(Order))),
            list(await session.scalars(select(Payment))),
            list(await session.scalars(select(Product))),
            list(await session.scalars(select(Ticket))),
        )
