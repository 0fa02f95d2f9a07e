"""What `shopdesk import reviews` does with its files, and what it says of them."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from scripts.files.progress import counting
from storage.settings import CannotStartError, Settings, load_settings

if TYPE_CHECKING:
    from storage.moving.reviews.load import Counting
    from storage.moving.reviews.totals import Totals

WHOLE = 100


class NothingCountedError(CannotStartError):
    """No review is of a product of this shop."""

    def __init__(self, rows: int) -> None:
        super().__init__(
            f"None of the {rows:,} reviews names a product of this shop, or an item of one, and a rating from 1 to 5. "
            "Import the products first: `shopdesk import products FILE`. Nothing was changed."
        )


def take_reviews(console: Console, files: Sequence[Path]) -> None:
    """Count the reviews in some files, and bring the sums into the shop.

    Raises:
        CannotStartError: a file cannot be read, or there is nothing to count; the shop is as it was.
    """
    from storage.moving.reviews.load import Counting
    from storage.moving.reviews.reading import require_pyarrow, size_of

    require_pyarrow()
    settings = load_settings()
    sizes = [size_of(file) for file in files]
    ids, names = asyncio.run(_names(settings))
    work = Counting(settings.shopdesk_home, files, ids, names)
    began = time.monotonic()
    # Not inside the event loop, which would hold back Ctrl-C.
    totals = _count(console, work, sizes)
    if not totals.counts.any():
        work.forget()
        raise NothingCountedError(totals.rows)
    products = asyncio.run(_load(settings, totals))
    work.forget()
    _say(console, totals, products, time.monotonic() - began)


async def _names(settings: Settings) -> tuple[list[str], dict[str, int]]:
    # The tables take half a second to import, which `shopdesk --help` need not wait for.
    from storage.db import open_sessions
    from storage.migrate import migrate, require_shop
    from storage.moving.reviews.load import read_names

    await require_shop(settings.database)
    await migrate(settings.database)
    async with open_sessions(settings.database) as sessions:
        return await read_names(sessions)


async def _load(settings: Settings, totals: "Totals") -> int:
    from storage.db import open_sessions
    from storage.moving.reviews.load import load_reviews

    async with open_sessions(settings.database) as sessions:
        return await load_reviews(sessions, totals)


def _count(console: Console, work: "Counting", sizes: Sequence[int]) -> "Totals":
    if work.goes_on:
        console.print(f"Going on after {work.totals.rows:,} reviews that were counted before.")
    whole = sum(sizes) or 1
    shown = 0
    try:
        with counting(console, "Counting reviews", "%", WHOLE) as advance:

            def tell(file: int, place: int) -> None:
                nonlocal shown
                done = WHOLE * min(whole, sum(sizes[:file]) + place) // whole
                advance(done - shown)
                shown = done

            return work.run(tell)
    except KeyboardInterrupt:
        console.print(f"Interrupted after {work.totals.rows:,} reviews. The same command goes on from here.")
        raise


def _say(console: Console, totals: "Totals", products: int, seconds: float) -> None:
    counted = int(totals.counts.sum())
    console.print(
        f"Counted {totals.rows:,} reviews in {seconds:.1f} s: {counted:,} of {products:,} products of this shop."
    )
    left = {
        "of products that the shop does not have": totals.unknown,
        "without a rating from 1 to 5": totals.unrated,
        "in lines that are not JSON, or far too long": totals.unreadable,
    }
    for why, count in left.items():
        if count:
            console.print(f"Left out: {count:,} {why}.")
