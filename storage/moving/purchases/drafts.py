"""What a file says of an order, before it meets the shop's."""

from dataclasses import dataclass, field
from datetime import datetime

from storage.moving.catalogues.drafts import Problem
from storage.moving.purchases.maps import Status


@dataclass
class LineDraft:
    """One kind of item in an order: how many, and what one of them cost in minor units."""

    line: int
    item_id: str
    name: str
    option: str
    quantity: int
    price: int


@dataclass
class OrderDraft:
    """One order, and who bought it."""

    line: int
    id: str
    email: str
    first_name: str
    last_name: str
    language: str
    address: dict[str, str]
    placed: datetime | None
    status: Status
    total: int | None
    refunded: int
    paid_with: str
    shipped: datetime | None
    tracking: list[str]
    carrier: str
    lines: list[LineDraft] = field(default_factory=list)

    def prices(self) -> list[tuple[LineDraft, int]]:
        """Return each single item with what was paid for it: delivery and discounts are shared out by price.

        The parts add up to the order's total exactly; what cannot be divided goes to the dearest items.
        """
        singles = [(line, line.price) for line in self.lines for _ in range(line.quantity)]
        listed = sum(price for _, price in singles)
        if self.total is None or self.total == listed:
            return singles
        shares = [price * self.total // listed if listed else self.total // len(singles) for _, price in singles]
        by_price = sorted(range(len(singles)), key=lambda at: -singles[at][1])
        for at in by_price[: self.total - sum(shares)]:
            shares[at] += 1
        return [(line, share) for (line, _), share in zip(singles, shares, strict=True)]


@dataclass
class OrderDrafts:
    """All orders of a file, oldest first; what is wrong with it; what `--fix` changed."""

    orders: list[OrderDraft]
    problems: list[Problem]
    fixed: list[Problem]
