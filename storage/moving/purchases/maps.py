"""The maps: which column of a shop system's order export is which field, as data in `maps.toml`."""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from storage.moving.catalogues.dates import YEAR_FIRST, DateOrder
from storage.moving.catalogues.maps import Conditions, MapError, named_map, table_in
from storage.shop.spelling import folded_label

MAPS = Path(__file__).with_name("maps.toml")
KNOWN_BY = "email"
PLAIN = "plain"
"""The map whose columns products may have as well, but for the email."""
REQUIRED = ("id", KNOWN_BY, "quantity", "price")
Status = Literal["pending", "processed", "delivered", "cancelled"]
CANCELLED: Status = "cancelled"


class OrderColumns(BaseModel):
    """For each field the columns it may stand in; the first that says something counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: tuple[str, ...]
    email: tuple[str, ...]
    quantity: tuple[str, ...]
    price: tuple[str, ...] = ()
    row_total: tuple[str, ...] = ()
    """What all pieces of a row cost together; it comes before the price of one."""
    name: tuple[str, ...] = ()
    first_name: tuple[str, ...] = ()
    last_name: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    placed: tuple[str, ...] = ()
    currency: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    refunded: tuple[str, ...] = ()
    paid_with: tuple[str, ...] = ()
    item: tuple[str, ...] = ()
    item_name: tuple[str, ...] = ()
    option: tuple[str, ...] = ()
    address1: tuple[str, ...] = ()
    address2: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    zip: tuple[str, ...] = ()
    shipped: tuple[str, ...] = ()
    tracking: tuple[str, ...] = ()
    carrier: tuple[str, ...] = ()


class OrderMap(BaseModel):
    """How one shop system writes its orders.

    `status` has for each column what its values (in lower case) mean; of several columns the one that cancels counts,
    then the first that says something. An order is cancelled, too, where one of the columns of `filled` says anything.
    `unpaid` has for columns the values with which no money has moved, where none went back either.
    Some systems never tell that a parcel arrived: an order counts as delivered `arrives_after_days` after it left.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    columns: OrderColumns
    status: dict[str, dict[str, Status]]
    filled: tuple[str, ...] = ()
    unpaid: Conditions = {}
    dates: DateOrder = YEAR_FIRST
    arrives_after_days: int | None = None
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")

    def fits(self, header: Iterable[str]) -> bool:
        """Return whether a file with these columns has what every order needs."""
        return not self.missing(header)

    def missing(self, header: Iterable[str]) -> list[str]:
        """Return the fields that every order needs, and for which a file with these columns has none."""
        present = {folded_label(name) for name in header}
        of_fields = {field: getattr(self.columns, field) for field in REQUIRED}
        of_fields["price"] += self.columns.row_total
        return [field for field, names in of_fields.items() if not {folded_label(one) for one in names} & present]

    def known(self, name: str) -> bool:
        """Return whether anything is read from a column."""
        listed = [each for _, names in self.columns for each in names]
        listed += [*self.status, *self.filled, *self.unpaid]
        return folded_label(name) in {folded_label(each) for each in listed}


def order_maps() -> dict[str, OrderMap]:
    """Return the maps that come along, by name."""
    return {name: OrderMap.model_validate(given) for name, given in tomllib.loads(MAPS.read_text("utf-8")).items()}


def choose_order_map(wanted: str | None, header: Sequence[str], file: Path) -> OrderMap:
    """Return the map named, or the first that fits the file's columns.

    Args:
        wanted: a name from `maps.toml` or the path of a TOML file; None to look at the columns.
        header: the file's columns.
        file: what to call the file in an error.

    Raises:
        MapError: there is no such map, or it does not fit.
    """
    maps = order_maps()
    chosen = _by_columns(maps, header, file) if wanted is None else _wanted(wanted, maps)
    if missing := chosen.missing(header):
        names = " or ".join(repr(each) for each in getattr(chosen.columns, missing[0]))
        raise MapError(f"{file}: {chosen.label} has the {missing[0]} in {names}, and there is no such column.")
    return chosen


def looks_like_orders(wanted: str | None) -> Callable[[Sequence[str]], bool]:
    """Return what tells whether a row names the columns of the map named, or of any.

    Raises:
        MapError: there is no such map, or it is invalid.
    """
    maps = list(order_maps().values()) if wanted is None else [_wanted(wanted, order_maps())]
    return lambda header: any(each.missing(header) in ([], [KNOWN_BY]) for each in maps)


def holds_orders(header: Sequence[str]) -> bool:
    """Return whether a file with these columns has orders, perhaps without the emails that are needed."""
    return any(
        each.fits(header) or (name != PLAIN and each.missing(header) == [KNOWN_BY])
        for name, each in order_maps().items()
    )


def _wanted(wanted: str, maps: Mapping[str, OrderMap]) -> OrderMap:
    return table_in(Path(wanted), OrderMap) if wanted.endswith(".toml") else named_map(wanted, maps)


def _by_columns(maps: Mapping[str, OrderMap], header: Sequence[str], file: Path) -> OrderMap:
    for each in maps.values():
        if each.fits(header):
            return each
    for each in maps.values():
        if each.missing(header) == [KNOWN_BY]:
            names = " or ".join(repr(one) for one in each.columns.email)
            raise MapError(
                f"{file}: these are orders of {each.label}, and no column has the email by which a customer is known. "
                f"Export it too, or add it as a column {names}."
            )
    shown = ", ".join(header[:12]) + ("…" if len(header) > 12 else "")  # noqa: PLR2004 - a line's worth
    raise MapError(
        f"{file}: no map of orders fits its columns ({shown}). Name one of {', '.join(maps)}, or write your own, "
        "--map FILE.toml."
    )
