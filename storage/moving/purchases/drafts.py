"""What a file says of an order, before it meets the shop's."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from math import prod

from storage.moving.catalogues.drafts import Problem
from storage.moving.purchases.maps import CANCELLED, Status

MOST_WAYS = 4_096
"""Ways to send a part of an order back that are looked through."""
UNSENT = ("pending", CANCELLED)
"""States in which it matters that an order is not paid; one that has left is paid on delivery at the latest."""


@dataclass
class LineDraft:
    """One kind of item in an order: how many, what one of them cost in minor units, and how far it is.

    `worth` is what they cost together, where the file says it; `named` has every id that its row names, one of an item
    or of its product; `tracking` the numbers of the parcel that they are in.
    """

    line: int
    item_id: str
    name: str
    option: str
    quantity: int
    price: int
    status: Status = "pending"
    named: tuple[str, ...] = ()
    worth: int | None = None
    tracking: tuple[str, ...] = ()

    @property
    def singles(self) -> list[int]:
        """What each of them cost: together exactly what the row says."""
        if self.worth is None:
            return [self.price] * self.quantity
        share, left = divmod(self.worth, self.quantity)
        return [share + (number < left) for number in range(self.quantity)]


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
    total: int | None
    refunded: int | None
    paid_with: str
    shipped: datetime | None
    tracking: list[str]
    carrier: str
    said: Status = "pending"
    """What the rows said last of how far they are; those that say nothing are as far."""
    unpaid: bool = False
    """Whether the file tells that nobody has paid for it yet, or ever did."""
    lines: list[LineDraft] = field(default_factory=list)
    gone: list[LineDraft] = field(default_factory=list)
    """What the file has no piece of any more."""

    @property
    def status(self) -> Status:
        """How far it is; items of it that were cancelled or sent back alone do not count."""
        of_rows = {line.status for line in self.lines} - {CANCELLED}
        if not of_rows:
            return CANCELLED if self.lines else "pending"
        # A part of it has left already: as a whole it cannot be changed any more, and has not arrived.
        return of_rows.pop() if len(of_rows) == 1 else "processed"

    @property
    def paid(self) -> int:
        """What was paid for it, before anything went back."""
        return sum(map(sum, (line.singles for line in self.lines))) if self.total is None else self.total

    @property
    def moved(self) -> tuple[int, int]:
        """What was paid, and what went back of it: nothing of either for an order that is not paid and has not left.

        Of a cancelled order what the file says went back, which is less where the shop kept a fee; all of it where
        the file says nothing.
        """
        if self.unpaid and not self.refunded and self.status in UNSENT:
            return 0, 0
        if self.status == CANCELLED:
            return self.paid, self.paid if self.refunded is None else self.refunded
        return self.paid, self.paid - sum(price for _, price in self.prices())

    @property
    def went_back(self) -> Counter[int]:
        """How many pieces of which row went back, where what was refunded is what exactly these cost, and no others."""
        lines = {line.line: line for line in self.lines}
        rounds = [range(line.quantity + 1) for line in self.lines]
        if not self.refunded or self.status == CANCELLED or prod(map(len, rounds)) > MOST_WAYS:
            return Counter()
        if any(line.status == CANCELLED for line in self.lines):
            return Counter()
        ways = [dict(zip(lines, counts, strict=True)) for counts in product(*rounds)]
        fit = [
            way
            for way in ways
            if sum(sum(lines[row].singles[:count]) for row, count in way.items()) == self.refunded
            and any(count < lines[row].quantity for row, count in way.items())
        ]
        return Counter(fit[0]) if len(fit) == 1 else Counter()

    def prices(self) -> list[tuple[LineDraft, int]]:
        """Return each single item that its customer keeps, or each of a cancelled order, with what was paid for it.

        Delivery and discounts are shared out by price, and so is what went back of an order that was not cancelled.
        The parts add up to what the shop has, or had, exactly; what cannot be divided goes to the dearest items.
        """
        shared = _shared([(line, price) for line in self.lines for price in line.singles], self.paid)
        if self.status == CANCELLED:
            return shared
        back = self.went_back
        kept = []
        for line, share in shared:
            if back[line.line] > 0:
                back[line.line] -= 1
            elif line.status != CANCELLED:
                kept.append((line, share))
        worth = sum(share for _, share in kept)
        return _shared(kept, self.paid - self.refunded if self.refunded else worth)


def _shared(singles: list[tuple[LineDraft, int]], total: int) -> list[tuple[LineDraft, int]]:
    listed = sum(price for _, price in singles)
    if total == listed:
        return singles
    shares = [price * total // listed if listed else total // len(singles) for _, price in singles]
    by_price = sorted(range(len(singles)), key=lambda at: -singles[at][1])
    for at in by_price[: total - sum(shares)]:
        shares[at] += 1
    return [(line, share) for (line, _), share in zip(singles, shares, strict=True)]


@dataclass
class OrderDrafts:
    """All orders of a file, oldest first; what is wrong with it; what `--fix` changed; what is worth knowing.

    `left` are orders of nobody who could be recognized.
    """

    orders: list[OrderDraft]
    problems: list[Problem]
    fixed: list[Problem]
    notes: list[Problem]
    left: list[Problem]
