"""What `shopdesk import products` does with a file, and what it says of it."""

import asyncio
import shlex
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Shown

from scripts.files.imported_into import shop_for
from scripts.files.progress import ALL_OR_NOTHING, counting, stopping
from storage.characters import cleaned
from storage.settings import CannotStartError, load_settings
from storage.shop.spelling import folded_label
from storage.words.languages import ENGLISH

if TYPE_CHECKING:
    from storage.db import Sessions
    from storage.moving.catalogues.drafts import Drafts, Problem
    from storage.moving.catalogues.load import Plan
    from storage.moving.catalogues.maps import ColumnMap
    from storage.moving.catalogues.prices import PriceCounts
    from storage.moving.catalogues.reading import Table

ROWS_SHOWN = 10
LONGEST_NAME = 40


@dataclass(frozen=True)
class Wanted:
    """What was asked for: the file, and how to take it."""

    file: Path
    map: str | None
    currency: str | None
    fix: bool
    dry_run: bool


class ProblemsError(CannotStartError):
    """Something in the file is wrong: the first problem, and how many more there are."""

    def __init__(self, file: Path, problems: "Sequence[Problem]") -> None:
        more = len(problems) - 1
        rest = f" {more:,} more {'problem' if more == 1 else 'problems'}: --dry-run lists all." if more else ""
        first = cleaned(str(problems[0])).replace("\n", " ")
        super().__init__(f"{file} {first}.{rest} Nothing was imported, and the shop is as it was.")


class OtherKindError(CannotStartError):
    """The file holds what another command imports."""

    def __init__(self, file: Path, kind: str) -> None:
        super().__init__(
            f"{file} has the columns of {kind}: `shopdesk import {kind} {shlex.quote(str(file))}` takes them. "
            "Nothing was imported."
        )


class NoRowsError(CannotStartError):
    """The file names its columns, and has nothing below."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} has no row below the names of its columns. Nothing was imported.")


def require_rows(file: Path, table: "Table") -> None:
    """Refuse a file that has nothing to import.

    Raises:
        NoRowsError: it has no rows.
    """
    if not table.lines:
        raise NoRowsError(file)


def take_products(console: Console, wanted: Wanted) -> int:
    """Import a file of products, or show what an import would do. Returns the exit code: 1 if a dry run has problems.

    Raises:
        CannotStartError: the file, its map or its currency is wrong; nothing was written.
    """
    from storage.moving.catalogues.maps import choose_map, looks_like_products
    from storage.moving.catalogues.reading import read_table
    from storage.moving.purchases.maps import holds_orders

    with stopping(console), console.status(f"Reading {wanted.file}"):
        fits = looks_like_products(wanted.map)
        table = read_table(wanted.file, lambda header: fits(header) or holds_orders(header))
        if wanted.map is None and holds_orders(table.header):
            raise OtherKindError(wanted.file, "orders")
        require_rows(wanted.file, table)
        chosen = choose_map(wanted.map, table.header, wanted.file)
    with stopping(console):
        return asyncio.run(_take(console, wanted, table, chosen))


async def _take(console: Console, wanted: Wanted, table: "Table", chosen: "ColumnMap") -> int:
    # The tables take half a second to import, which `shopdesk --help` need not wait for.
    from storage.db import open_sessions, reading
    from storage.moving.catalogues.currencies import currency_of
    from storage.moving.catalogues.mapping import read_products
    from storage.shop.shop import find_shop

    async with shop_for(dry_run=wanted.dry_run) as url, open_sessions(url) as sessions:
        async with reading(sessions) as session:
            shop = await find_shop(session)
        of_shop = None if shop is None else shop.currency
        told = {"told": wanted.currency, "usual": chosen.currency, "of_shop": of_shop}
        currency = currency_of(wanted.file, table, chosen.columns.currency, **told)
        zone = ZoneInfo(load_settings().shop_timezone)
        drafts = read_products(table, chosen, currency, fix=wanted.fix, zone=zone)
        _say_file(console, wanted, table, chosen, currency, drafts, zone)
        if wanted.dry_run:
            return await _show(console, sessions, drafts, currency)
        return await _load(console, sessions, wanted, drafts, currency)


async def _load(console: Console, sessions: "Sessions", wanted: Wanted, drafts: "Drafts", currency: str) -> int:
    from storage.moving.catalogues.load import load_products

    if drafts.problems:
        raise ProblemsError(wanted.file, drafts.problems)
    began = time.monotonic()
    with counting(console, "Importing", "products", len(drafts.products), stopped=ALL_OR_NOTHING) as advance:
        plan = await load_products(sessions, wanted.file, drafts, currency, advance)
    list_problems(console, "Changed", drafts.fixed)
    console.print(f"Imported {wanted.file}: {_summary(plan)}, in {time.monotonic() - began:.1f} s.")
    return 0


async def _show(console: Console, sessions: "Sessions", drafts: "Drafts", currency: str) -> int:
    from storage.db import reading
    from storage.moving.catalogues.load import make_plan
    from storage.shop.money import money

    async with reading(sessions) as session:
        plan = await make_plan(session, drafts)
    shown = Shown("line", "product", "name", "items", "price from", "would be", box=None, header_style="bold")
    for change in plan.changes[:ROWS_SHOWN]:
        draft = change.draft
        prices = [variant.price for variant in draft.variants]
        becomes = "added" if change.known is None else "updated" if change.changes else "as it is"
        price = money(min(prices), currency, ENGLISH) if prices else "?"
        texts = (f"{draft.line:,}", draft.id, draft.name[:LONGEST_NAME], f"{len(prices)}", price, becomes)
        shown.add_row(*(escape(cleaned(text)) for text in texts))
    console.print(shown)
    problems = sorted([*drafts.problems, *plan.problems], key=lambda problem: problem.line)
    list_problems(console, "Would change", drafts.fixed)
    list_problems(console, "Problem:", problems)
    console.print(f"Nothing was written. It would be: {_summary(plan)}; problems: {len(problems):,}.")
    return 1 if problems else 0


def _say_file(
    console: Console,
    wanted: Wanted,
    table: "Table",
    chosen: "ColumnMap",
    currency: str,
    drafts: "Drafts",
    zone: tzinfo,
) -> None:
    how = "as you said" if wanted.map else "by its columns; --map NAME takes another"
    encoding = f", in {table.encoding}" if table.encoding else ""
    console.print(
        f"{wanted.file}: {len(table.lines):,} rows{encoding}, read as {chosen.label} ({how}), prices in {currency}."
    )
    say_above(console, table)
    list_problems(console, "Left out", drafts.left)
    _say_prices(console, table, chosen, drafts.prices, zone)
    say_left(console, table.header, chosen.known)
    from storage.moving.catalogues.prices import may_be_price

    left = [name for name in table.header if not chosen.known(name) and may_be_price(name)]
    if left and not chosen.has_all_prices:
        names = ", ".join(" ".join(name.split()) for name in left)
        text = (
            f"Of these, {names} may be a price, too; a map of your own says which one customers pay (--map FILE.toml)."
        )
        console.print(escape(cleaned(text)))


def _say_prices(console: Console, table: "Table", chosen: "ColumnMap", counts: "PriceCounts", zone: tzinfo) -> None:
    """Say which column's price was taken, where a file has several."""
    columns = chosen.columns
    usual, sale, off, before = (
        _first(table, names) for names in (columns.price, columns.sale, columns.discount, columns.list_price)
    )
    parts = [f"{counts.on_sale:,} from {sale}"] if sale else []
    no_sale = [f"{counts.over:,} whose sale is over"] if counts.over else []
    no_sale += [f"{counts.to_come:,} whose sale has not begun"] if counts.to_come else []
    parts += [f"{counts.usual:,} from {usual}" + (f" ({', '.join(no_sale)})" if no_sale else "")]
    parts += [f"{counts.discounted:,} from {usual} less {off}"] if off else []
    text = f"Prices: {', '.join(parts)}." if len(parts) > 1 else ""
    if before:
        text += f" {before} is what it cost before, and not taken; customers pay {usual}."
    if counts.next_change:
        text += f" On {counts.next_change.astimezone(zone):%Y-%m-%d} a sale begins or ends; import again then."
    if text:
        console.print(escape(cleaned(text.strip())))


def _first(table: "Table", names: Sequence[str]) -> str:
    """Return what the file calls the first of these columns that it has, in quotes."""
    present = {folded_label(each): each for each in table.header}
    return next((repr(" ".join(present[key].split())) for name in names if (key := folded_label(name)) in present), "")


def say_above(console: Console, table: "Table") -> None:
    """Print what stands above the columns' names, such as a title, and is not read."""
    if table.above:
        texts = [shorten(text, LONGEST_NAME, placeholder=" …") for text in table.above]
        console.print(escape(cleaned(f"Not read, as it stands above the columns: {' · '.join(texts)}.")))


def say_left(console: Console, header: Sequence[str], known: Callable[[str], bool]) -> None:
    """Print the columns that the shop has no place for."""
    left = [" ".join(name.split()) for name in header if name and not known(name)]
    if left:
        console.print(escape(cleaned(f"Not read, as the shop has no place for it: {', '.join(left)}.")))


def list_problems(console: Console, what: str, problems: "Sequence[Problem]") -> None:
    """Print each problem on a line of its own."""
    for problem in problems:
        console.print(escape(cleaned(f"{what} {problem}.")))


def _summary(plan: "Plan") -> str:
    items = sum(len(change.draft.variants) for change in plan.changes)
    gone = f"; {plan.gone:,} items that the file no longer has are kept as unavailable" if plan.gone else ""
    return (
        f"{plan.added:,} products added, {plan.updated:,} updated, {plan.same:,} as they were ({items:,} items){gone}"
    )
