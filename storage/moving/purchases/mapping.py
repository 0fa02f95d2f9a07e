"""From the rows of a file to orders: a row per item, and an order's own cells on its first row."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeVar

from storage.characters import cleaned
from storage.db import now
from storage.moving.catalogues.cells import ROUNDED_ID, FixableError, read_price, read_stock
from storage.moving.catalogues.dates import read_moment
from storage.moving.catalogues.drafts import Problem
from storage.moving.catalogues.reading import Line, Table
from storage.moving.catalogues.row import column_key
from storage.moving.postcodes import lost_zero
from storage.moving.purchases.drafts import LineDraft, OrderDraft, OrderDrafts
from storage.moving.purchases.maps import CANCELLED, OrderMap, Status
from storage.shop.customers import ADDRESS_FIELDS
from storage.shop.money import money
from storage.shop.spelling import alike, folded_label, stored_email
from storage.words.languages import ENGLISH

T = TypeVar("T")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
HANGUL = re.compile(r"[가-힣]")
MOST_OF_ONE = 1_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_orders(table: Table, chosen: OrderMap, currency: str, *, fix: bool = False, zone: tzinfo = UTC) -> OrderDrafts:
    """Return the orders of a file, oldest first, and every problem with its line.

    Args:
        table: the file.
        chosen: which column is which.
        currency: the shop's, which the amounts are in (ISO 4217).
        fix: read a decimal comma, instead of telling it as a problem; nothing is rounded.
        zone: the shop's time zone, which moments are in that name none.
    """
    return _Mapping(table, chosen, currency, fix, zone).run()


@dataclass
class _Mapping:
    table: Table
    map: OrderMap
    currency: str
    fix: bool
    zone: tzinfo
    orders: dict[str, OrderDraft] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    fixed: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    """Orders with an item that a problem was told of."""

    def run(self) -> OrderDrafts:
        last = ""
        for row in self.table.lines:
            # Some systems name the order on its first row only.
            last = order_id = self._get(row, "id") or last
            if not order_id:
                self._tell(row, "id", "it is empty; every order needs a number")
            elif not self._is_rounded(row, "id", order_id):
                self._add(row, order_id)
        for earlier, same in alike(self.orders):
            told = f"{same!r} is {earlier!r} of line {self.orders[earlier].line:,} in another spelling; write one"
            self.problems.append(Problem(self.orders[same].line, "", told))
        known = [order for order in self.orders.values() if self._is_somebodys(order)]
        if self.left and not known:
            self.problems.append(Problem(self.left[0].line, self.left[0].column, "no order of this file has an email"))
        kept = sorted(filter(self._is_whole, known), key=lambda order: order.placed or EPOCH)
        problems = sorted(self.problems, key=lambda problem: problem.line)
        return OrderDrafts(kept, problems, self.fixed, self.notes, self.left)

    def _add(self, row: Line, order_id: str) -> None:
        order = self.orders.get(order_id)
        if order is None:
            order = self.orders[order_id] = self._begun(row, order_id)
        tracking = [each for each in re.split(r"[,;\s]+", self._get(row, "tracking")) if each]
        tracking = [each for each in tracking if not self._is_rounded(row, "tracking", each)]
        order.tracking += [each for each in tracking if each not in order.tracking]
        # What left later, or with another carrier, may stand on a later row alone.
        order.shipped = order.shipped or self._read(row, "shipped", self._moment, None)
        order.carrier = order.carrier or self._get(row, "carrier")
        order.refunded = order.refunded or self._amount(row, "refunded", order.refunded)
        order.unpaid = order.unpaid or self._is_unpaid(row)
        known_problems = len(self.problems)
        quantity = self._read(row, "quantity", _quantity, 0)
        if len(self.problems) > known_problems:
            self.unread.add(order_id)
        # Some systems tell an order's state on its first row only, others one for each item.
        order.said = self._status(row, order.shipped) or order.said
        if quantity or self._get(row, "quantity"):
            lines = order.lines if quantity else order.gone
            lines.append(self._line(row, quantity or 1, order.said, tuple(tracking)))

    def _begun(self, row: Line, order_id: str) -> OrderDraft:
        email = stored_email(self._get(row, "email"))
        if email and not EMAIL.fullmatch(email):
            self._tell(row, "email", f"{email!r} is not an email address; it is how a customer is known")
        given = self._get(row, "currency")
        if given and given.upper() != self.currency:
            self._tell(row, "currency", f"{given} is not the shop's currency, {self.currency}; leave this order out")
        first, last = self._name(row)
        self._check_postcode(row, f"{first}{last}")
        return OrderDraft(
            line=row.number,
            id=order_id,
            email=email,
            first_name=first,
            last_name=last,
            language=self._get(row, "language") or ("ko" if HANGUL.search(f"{first}{last}") else "en"),
            address={each: self._get(row, each).lstrip("'") for each in ADDRESS_FIELDS},
            placed=self._read(row, "placed", self._moment, None),
            total=self._amount(row, "total"),
            refunded=None,
            paid_with=self._get(row, "paid_with"),
            shipped=None,
            tracking=[],
            carrier="",
        )

    def _moment(self, cell: str) -> datetime:
        return read_moment(cell, self.zone, self.map.dates)

    def _check_postcode(self, row: Line, name: str) -> None:
        at_home = self.map.currency == "KRW" or HANGUL.search(name)
        country = self._get(row, "country") or ("KR" if at_home else "")
        if problem := lost_zero(self._get(row, "zip"), country):
            self._tell(row, "zip", problem)

    def _is_rounded(self, row: Line, name: str, number: str) -> bool:
        if found := ROUNDED_ID.fullmatch(number):
            self._tell(row, name, f"a spreadsheet rounded {number!r}; export it again, with this column as text")
        return found is not None

    def _line(self, row: Line, quantity: int, status: Status, tracking: tuple[str, ...]) -> LineDraft:
        name, item = self._get(row, "item_name"), self._get(row, "item")
        self._is_rounded(row, "item", item)
        return LineDraft(
            line=row.number,
            item_id=item or name,
            name=name or item,
            option=self._get(row, "option"),
            quantity=quantity,
            price=self._amount(row, "price") or 0,
            status=status,
            named=tuple(cell for each in self.map.columns.item if (cell := self._cell(row, each))),
            worth=self._amount(row, "row_total"),
            tracking=tracking,
        )

    def _name(self, row: Line) -> tuple[str, str]:
        first, last = self._get(row, "first_name"), self._get(row, "last_name")
        whole = self._get(row, "name")
        if first or last or not whole:
            return first, last
        if HANGUL.search(whole) and " " not in whole:
            # A family name has one letter, but for a few with two that nobody could tell from here.
            return whole[1:], whole[:1]
        first, _, last = whole.rpartition(" ")
        return (first, last) if first else (last, "")

    def _status(self, row: Line, shipped: datetime | None) -> Status | None:
        if any(self._cell(row, column) for column in self.map.filled):
            return CANCELLED
        found: list[Status] = []
        for column, meanings in self.map.status.items():
            said, told = self._cell(row, column), {column_key(name): meant for name, meant in meanings.items()}
            if folded_label(said) in told:
                found.append(told[folded_label(said)])
            elif said and len(self.map.status) == 1:
                self._tell(row, "", _unknown_state(said, meanings), column)
        if CANCELLED in found:
            return CANCELLED
        status = found[0] if found else None
        days = self.map.arrives_after_days
        if status == "processed" and days is not None and shipped is not None and shipped < now() - timedelta(days):
            return "delivered"
        return status

    def _is_somebodys(self, order: OrderDraft) -> bool:
        if not order.email:
            text = f"the order {order.id!r} has no email, by which its customer could be recognized"
            self.left.append(Problem(order.line, self._column("email"), text))
        return bool(order.email)

    def _is_whole(self, order: OrderDraft) -> bool:
        if order.id in self.unread:
            return False
        if not order.lines and order.gone and order.said == CANCELLED:
            order.lines = order.gone
            text = f"of the cancelled order {order.id!r} no piece is left of any item; each counts as one"
            self.notes.append(Problem(order.line, self._column("quantity"), text))
        if not order.lines:
            self.problems.append(Problem(order.line, "", f"the order {order.id!r} has no item"))
            return False
        paid, refunded = order.moved
        if refunded > paid or (order.refunded or 0) > order.paid:
            self.problems.append(Problem(order.line, "", f"more was refunded for {order.id!r} than was paid"))
        elif order.status == CANCELLED and refunded < paid:
            self.notes.append(Problem(order.line, self._column("refunded"), self._kept(order, paid, refunded)))
        elif order.refunded and not any(line.status == CANCELLED for line in order.lines):
            self.notes.append(Problem(order.line, self._column("refunded"), self._returned(order, order.refunded)))
        return True

    def _returned(self, order: OrderDraft, refunded: int) -> str:
        amount, back = money(refunded, self.currency, ENGLISH), order.went_back
        names = ", ".join(repr(line.name) for line in order.lines if back[line.line])
        if names:
            return f"{amount} of the order {order.id!r} was refunded, which {names} cost: that is no longer in it"
        return f"{amount} of the order {order.id!r} was refunded, nobody says for what: each item counts as paid less"

    def _kept(self, order: OrderDraft, paid: int, refunded: int) -> str:
        told = [money(amount, self.currency, ENGLISH) for amount in (refunded, paid, paid - refunded)]
        return f"of the cancelled order {order.id!r}, {told[0]} of {told[1]} was refunded; the shop kept {told[2]}"

    def _read(self, row: Line, name: str, read: Callable[[str], T], missing: T) -> T:
        cell = self._get(row, name)
        if not cell:
            return missing
        try:
            return read(cell)
        except (ValueError, OverflowError) as error:
            self._tell(row, name, str(error))
        return missing

    def _is_unpaid(self, row: Line) -> bool:
        return any(
            folded_label(self._cell(row, column)) in map(column_key, values)
            for column, values in self.map.unpaid.items()
        )

    def _amount(self, row: Line, name: str, missing: int | None = None) -> int | None:
        try:
            return read_price(cell, self.currency) if (cell := self._get(row, name)) else missing
        except FixableError as error:
            if error.exact:
                kept = self.fixed if self.fix else self.problems
                kept.append(Problem(row.number, self._column(name), cleaned(str(error)), error.fixed))
                return error.amount
            self._tell(row, name, f"{error}; nothing is rounded in an order")
        except ValueError as error:
            self._tell(row, name, str(error))
        return None

    def _get(self, row: Line, name: str) -> str:
        return next((cell for each in getattr(self.map.columns, name) if (cell := self._cell(row, each))), "")

    def _cell(self, row: Line, column: str) -> str:
        return row.cells.get(column_key(column), "")

    def _tell(self, row: Line, name: str, text: str, column: str = "") -> None:
        self.problems.append(Problem(row.number, column or self._column(name), cleaned(text)))

    def _column(self, name: str) -> str:
        """Return what the file calls a field's column."""
        present = {folded_label(each): each for each in self.table.header}
        named = [folded_label(each) for each in getattr(self.map.columns, name)] if name else []
        return next((present[each] for each in named if each in present), name)


def _unknown_state(said: str, known: Iterable[str]) -> str:
    way_out = "say in a map of your own what it means, --map FILE.toml (docs/orders.md)"
    return f"{said!r} is no state of an order that this map knows: {', '.join(known)}; {way_out}"


def _quantity(cell: str) -> int:
    try:
        found = read_stock(cell)
    except ValueError:
        found = -1
    if not 0 <= found <= MOST_OF_ONE:
        raise ValueError(f"{cell!r} is not a number of pieces, from 0 to {MOST_OF_ONE:,}")
    return found
