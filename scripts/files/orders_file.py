"""What `shopdesk import orders` does with a file, and what it says of it."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Shown

from scripts.files.imported_into import shop_for
from scripts.files.products_file import (
    ROWS_SHOWN,
    OtherKindError,
    ProblemsError,
    list_problems,
    require_rows,
    say_above,
    say_left,
)
from scripts.files.progress import ALL_OR_NOTHING, counting, stopping
from storage.characters import cleaned
from storage.settings import load_settings
from storage.words.languages import ENGLISH

if TYPE_CHECKING:
    from storage.db import Sessions
    from storage.moving.catalogues.reading import Table
    from storage.moving.purchases.drafts import OrderDrafts
    from storage.moving.purchases.load import OrderPlan
    from storage.moving.purchases.maps import OrderMap

ITEMS_NAMED = 5


@dataclass(frozen=True)
class WantedOrders:
    """What was asked for: the file, and how to take it."""

    file: Path
    map: str | None
    currency: str | None
    fix: bool
    dry_run: bool


def take_orders(console: Console, wanted: WantedOrders) -> int:
    """Import a file of orders, or show what an import would do. Returns the exit code: 1 if a dry run has problems.

    Raises:
        CannotStartError: the file, its map or its currency is wrong; nothing was written.
    """
    from storage.moving.catalogues.maps import looks_like_products
    from storage.moving.catalogues.reading import read_table
    from storage.moving.purchases.maps import choose_order_map, holds_orders, looks_like_orders

    with stopping(console), console.status(f"Reading {wanted.file}"):
        fits, are_products = looks_like_orders(wanted.map), looks_like_products(None)
        table = read_table(wanted.file, lambda header: fits(header) or are_products(header))
        if wanted.map is None and not holds_orders(table.header) and are_products(table.header):
            raise OtherKindError(wanted.file, "products")
        require_rows(wanted.file, table)
        chosen = choose_order_map(wanted.map, table.header, wanted.file)
    with stopping(console):
        return asyncio.run(_take(console, wanted, table, chosen))


async def _take(console: Console, wanted: WantedOrders, table: "Table", chosen: "OrderMap") -> int:
    # The tables take half a second to import, which `shopdesk --help` need not wait for.
    from storage.db import open_sessions, reading
    from storage.moving.catalogues.currencies import currency_of
    from storage.moving.purchases.mapping import read_orders
    from storage.shop.shop import find_shop

    async with shop_for(dry_run=wanted.dry_run) as url, open_sessions(url) as sessions:
        async with reading(sessions) as session:
            shop = await find_shop(session)
        of_shop = None if shop is None else shop.currency
        told = {"told": wanted.currency, "usual": chosen.currency, "of_shop": of_shop}
        currency = currency_of(wanted.file, table, chosen.columns.currency, **told)
        zone = ZoneInfo(load_settings().shop_timezone)
        drafts = read_orders(table, chosen, currency, fix=wanted.fix, zone=zone)
        _say_file(console, wanted, table, chosen, currency)
        list_problems(console, "Left out", drafts.left)
        list_problems(console, "Note,", drafts.notes if wanted.dry_run else drafts.notes[:ROWS_SHOWN])
        if not wanted.dry_run and len(drafts.notes) > ROWS_SHOWN:
            console.print(f"{len(drafts.notes) - ROWS_SHOWN:,} more notes: --dry-run lists all.")
        if wanted.dry_run:
            return await _show(console, sessions, drafts, currency)
        return await _load(console, sessions, wanted, drafts, currency)


async def _load(
    console: Console, sessions: "Sessions", wanted: WantedOrders, drafts: "OrderDrafts", currency: str
) -> int:
    from storage.moving.purchases.load import load_orders

    if drafts.problems:
        raise ProblemsError(wanted.file, drafts.problems)
    began = time.monotonic()
    with counting(console, "Importing", "orders", len(drafts.orders), stopped=ALL_OR_NOTHING) as advance:
        plan = await load_orders(sessions, wanted.file, drafts, currency, advance)
    list_problems(console, "Changed", drafts.fixed)
    console.print(f"Imported {wanted.file}: {_summary(plan)}, in {time.monotonic() - began:.1f} s.")
    _say_unknown(console, plan)
    return 0


async def _show(console: Console, sessions: "Sessions", drafts: "OrderDrafts", currency: str) -> int:
    from storage.db import reading
    from storage.moving.purchases.load import plan_orders
    from storage.shop.money import money

    async with reading(sessions) as session:
        plan = await plan_orders(session, drafts)
    shown = Shown("line", "order", "ordered", "status", "items", "total", box=None, header_style="bold")
    for draft in drafts.orders[:ROWS_SHOWN]:
        prices = [price for _, price in draft.prices()]
        placed = "" if draft.placed is None else f"{draft.placed:%Y-%m-%d}"
        texts = (
            f"{draft.line:,}",
            draft.id,
            placed,
            draft.status,
            f"{len(prices)}",
            money(sum(prices), currency, ENGLISH),
        )
        shown.add_row(*(escape(cleaned(text)) for text in texts))
    console.print(shown)
    problems = sorted([*drafts.problems, *plan.problems], key=lambda problem: problem.line)
    list_problems(console, "Would change", drafts.fixed)
    list_problems(console, "Problem:", problems)
    console.print(f"Nothing was written. It would be: {_summary(plan)}; problems: {len(problems):,}.")
    _say_unknown(console, plan)
    return 1 if problems else 0


def _say_file(console: Console, wanted: WantedOrders, table: "Table", chosen: "OrderMap", currency: str) -> None:
    how = "as you said" if wanted.map else "by its columns; --map NAME takes another"
    encoding = f", in {table.encoding}" if table.encoding else ""
    rows = f"{len(table.lines):,} rows{encoding}"
    console.print(f"{wanted.file}: {rows}, read as {chosen.label} orders ({how}), amounts in {currency}.")
    say_above(console, table)
    say_left(console, table.header, chosen.known)


def _say_unknown(console: Console, plan: "OrderPlan") -> None:
    if plan.unknown:
        named = ", ".join(sorted(plan.unknown)[:ITEMS_NAMED]) + (" …" if len(plan.unknown) > ITEMS_NAMED else "")
        items = "1 item is" if len(plan.unknown) == 1 else f"{len(plan.unknown):,} items are"
        text = f"{items} not in the catalogue, and cannot be exchanged: {named}."
        console.print(escape(cleaned(text)))


def _summary(plan: "OrderPlan") -> str:
    return (
        f"{len(plan.new):,} orders added, {len(plan.known):,} brought up to date, {plan.same:,} as they were; "
        f"{plan.newcomers:,} new customers"
    )
