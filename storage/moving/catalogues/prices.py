"""Which of a row's prices customers pay today: a sale counts while it lasts, and a discount is taken off."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from storage.db import now
from storage.moving.catalogues.cells import read_price
from storage.moving.catalogues.dates import WORDS, read_moment
from storage.moving.catalogues.row import MappedRow
from storage.shop.money import digits_of
from storage.shop.spelling import folded_label

PER_CENT = "%"
HUNDRED = Decimal(100)


def may_be_price(name: str) -> bool:
    """Return whether a column is called like one with a price."""
    return any(word in folded_label(name) for word in WORDS["prices"])


@dataclass
class PriceCounts:
    """How many rows cost what they usually do, or less; `next_change` is when the first sale begins or ends."""

    usual: int = 0
    on_sale: int = 0
    discounted: int = 0
    over: int = 0
    to_come: int = 0
    next_change: datetime | None = None


@dataclass
class Pricing:
    """Reads a row's price.

    Attributes:
        currency: the shop's (ISO 4217).
        zone: the shop's time zone, in which a sale begins and ends.
        amount: reads a cell of a field as an amount; None where it told a problem.
        tell: tells a problem with a field.
        change: tells what a field can only be read as, and as what.
    """

    currency: str
    zone: tzinfo
    amount: Callable[[MappedRow, str, str], int | None]
    tell: Callable[[MappedRow, str, str], None]
    change: Callable[[MappedRow, str, str, str], None]
    counts: PriceCounts = field(default_factory=PriceCounts)

    def of(self, row: MappedRow) -> int | None:
        """Return what customers pay for a row's item; None where it told a problem."""
        cell, sale = row.get("price"), row.get("sale")
        if not cell and not sale:
            self.tell(row, "price", "it is empty; every item needs a price")
            return None
        usual = self.amount(row, "price", cell) if cell else None
        lower = self.amount(row, "sale", sale) if sale else None
        if (cell and usual is None) or (sale and lower is None):
            return None
        if usual is None:
            usual, lower = lower, None
        # A sale for nothing is how some systems write that there is none.
        if lower and usual and lower < usual and self._lasts(row):
            self.counts.on_sale += 1
            return lower
        return self._discounted(row, usual or 0)

    def _lasts(self, row: MappedRow) -> bool:
        begins, ends = self._moment(row, "sale_from"), self._moment(row, "sale_until")
        today = now()
        self.counts.to_come += begins is not None and begins > today
        self.counts.over += ends is not None and ends < today
        coming = [each for each in (begins, ends, self.counts.next_change) if each is not None and each > today]
        self.counts.next_change = min(coming, default=None)
        return (begins is None or begins <= today) and (ends is None or ends >= today)

    def _moment(self, row: MappedRow, name: str) -> datetime | None:
        cell = row.get(name)
        if not cell:
            return None
        try:
            moment = read_moment(cell, self.zone, row.map.dates)
        except (ValueError, OverflowError) as error:
            self.tell(row, name, str(error))
            return None
        is_day = moment.astimezone(self.zone).time() == time.min
        # The last day of a sale counts as a whole.
        return moment.replace(hour=23, minute=59, second=59) if is_day and name == "sale_until" else moment

    def _discounted(self, row: MappedRow, price: int) -> int:
        cell, unit = row.get("discount"), row.get("discount_unit")
        try:
            off = self._off(cell, unit, price) if cell else Decimal(0)
        except ValueError as error:
            self.tell(row, "discount", str(error))
            return price
        whole = off.quantize(Decimal(1), rounding=ROUND_HALF_UP)
        if off != whole:
            left = (price - whole).scaleb(-digits_of(self.currency))
            self.change(row, "discount", f"{cell}{unit} off is no whole amount", f"a price of {left}")
        if not 0 <= whole <= price:
            self.tell(row, "discount", f"{cell}{unit} off leaves less than nothing")
            return price
        self.counts.discounted += bool(whole)
        self.counts.usual += not whole
        return price - int(whole)

    def _off(self, cell: str, unit: str, price: int) -> Decimal:
        plain = unicodedata.normalize("NFKC", cell)
        if PER_CENT not in unicodedata.normalize("NFKC", unit) + plain:
            return Decimal(read_price(cell, self.currency))
        try:
            return Decimal(plain.removesuffix(PER_CENT).strip()) * price / HUNDRED
        except InvalidOperation as error:
            raise ValueError(f"{cell!r} is not a discount, such as 10") from error
