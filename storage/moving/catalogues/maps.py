"""Which column of a file is which field: the maps that come along, a map of one's own, and which one fits a file."""

import difflib
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from storage.moving.catalogues.dates import YEAR_FIRST, DateOrder
from storage.settings import CannotStartError
from storage.shop.spelling import folded_label

MAPS = Path(__file__).with_name("maps.toml")
REQUIRED = ("id", "name", "price")
M = TypeVar("M", bound=BaseModel)
Conditions = dict[str, tuple[str, ...]]
"""Columns, and the values that meet the condition."""


class MapError(CannotStartError):
    """There is no such map, it is invalid, or it does not fit the file."""


class Columns(BaseModel):
    """For each field the columns it may stand in; the first that a file has counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: tuple[str, ...]
    name: tuple[str, ...]
    names: dict[str, tuple[str, ...]] = {}
    """In other languages, by their codes."""
    price: tuple[str, ...]
    item: tuple[str, ...] = ()
    parent: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    currency: tuple[str, ...] = ()
    sale: tuple[str, ...] = ()
    sale_from: tuple[str, ...] = ()
    sale_until: tuple[str, ...] = ()
    discount: tuple[str, ...] = ()
    discount_unit: tuple[str, ...] = ()
    list_price: tuple[str, ...] = ()
    """What it cost before, or is said to be worth elsewhere: nobody pays that."""
    options: tuple[str, ...] = ()
    available: tuple[str, ...] = ()
    choice_names: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    surcharges: tuple[str, ...] = ()
    choice_stock: tuple[str, ...] = ()


class ColumnMap(BaseModel):
    """How one shop system writes its products."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str
    columns: Columns
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    option_name: str | None = None
    option_value: str | None = None
    heads: Conditions = {}
    skipped: Conditions = {}
    unavailable: Conditions = {}
    stock: tuple[str, ...] = ()
    sold_anyway: Conditions = {}
    dates: DateOrder = YEAR_FIRST
    has_all_prices: bool = False
    """Whether no other column of the system has a price that customers pay."""
    unpriced_left_out: bool = False
    """Whether what has no price is not sold, and left out; otherwise that is a problem."""
    escaped_lines: bool = False
    """Whether a line break in a text is written as a backslash and an n."""

    def fits(self, header: Iterable[str]) -> bool:
        """Return whether a file with these columns has at least an id, a name and a price."""
        present = {folded_label(name) for name in header}
        return all(any(folded_label(each) in present for each in getattr(self.columns, field)) for field in REQUIRED)

    def known(self, name: str) -> bool:
        """Return whether anything is read from a column."""
        listed = [each for field, names in self.columns if field != "names" for each in names]
        listed += [each for names in self.columns.names.values() for each in names]
        listed += [*self.heads, *self.skipped, *self.unavailable, *self.stock, *self.sold_anyway]
        for pattern in (self.option_name, self.option_value):
            listed += [pattern.replace("{n}", str(n)) for n in range(1, 21)] if pattern else []
        return folded_label(name) in {folded_label(each) for each in listed}


def stock_maps() -> dict[str, ColumnMap]:
    """Return the maps that come along, by name."""
    return {name: ColumnMap.model_validate(given) for name, given in tomllib.loads(MAPS.read_text("utf-8")).items()}


def choose_map(wanted: str | None, header: Sequence[str], file: Path) -> ColumnMap:
    """Return the map named, or the first that fits the file's columns.

    Args:
        wanted: a name from `maps.toml` or the path of a TOML file; None to look at the columns.
        header: the file's columns.
        file: what to call the file in an error.

    Raises:
        MapError: there is no such map, or it does not fit.
    """
    maps = stock_maps()
    if wanted is None:
        found = next((each for each in maps.values() if each.fits(header)), None)
        if found is None:
            shown = ", ".join(header[:12]) + ("…" if len(header) > 12 else "")  # noqa: PLR2004 - a line's worth
            raise MapError(
                f"{file}: no map fits its columns ({shown}). Name one of {', '.join(maps)}, or write your own, "
                "--map FILE.toml."
            )
        return found
    chosen = _wanted(wanted, maps)
    for field in REQUIRED:
        names = getattr(chosen.columns, field)
        if not {folded_label(each) for each in names} & {folded_label(each) for each in header}:
            listed = " or ".join(repr(each) for each in names)
            raise MapError(f"{file}: {chosen.label} has the {field} in {listed}, and there is no such column.")
    return chosen


def looks_like_products(wanted: str | None) -> Callable[[Sequence[str]], bool]:
    """Return what tells whether a row names the columns of the map named, or of any.

    Raises:
        MapError: there is no such map, or it is invalid.
    """
    maps = list(stock_maps().values()) if wanted is None else [_wanted(wanted, stock_maps())]
    return lambda header: any(each.fits(header) for each in maps)


def _wanted(wanted: str, maps: Mapping[str, ColumnMap]) -> ColumnMap:
    return table_in(Path(wanted), ColumnMap) if wanted.endswith(".toml") else named_map(wanted, maps)


def table_in(path: Path, kind: type[M]) -> M:
    """Return the one map in a TOML file.

    Raises:
        MapError: the file cannot be read, or is no map.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        [given] = tables.values()
        return kind.model_validate(given)
    except OSError as error:
        raise MapError(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise MapError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from error
    except ValueError as error:
        raise MapError(f"{path} is no map: one table in TOML is expected ({error}).") from error


def named_map(wanted: str, maps: Mapping[str, M]) -> M:
    """Return the map of this name.

    Raises:
        MapError: there is none; a name like it is proposed.
    """
    if wanted in maps:
        return maps[wanted]
    near = difflib.get_close_matches(wanted, maps, 1)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise MapError(f"There is no map {wanted!r}.{meant} There are {', '.join(maps)}, or a file of your own, FILE.toml.")
