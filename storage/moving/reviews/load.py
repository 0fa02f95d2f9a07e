"""Counts files of reviews and brings the sums into the shop; what was counted is kept, so that it can go on later."""

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import delete, insert, select

from storage.characters import cleaned
from storage.db import Sessions, hold, now, reading, without_haste, writing
from storage.moving.contents import ShopBusyError
from storage.moving.reviews.reading import read_parts
from storage.moving.reviews.totals import Quote, Totals
from storage.outages import DatabaseBusyError
from storage.reviews.summaries import AT_ONCE, ReviewSummary
from storage.sensitive.masking import masked
from storage.shop.products import Product, Variant
from storage.shop.shop import find_shop

KEPT_EVERY_S = 10
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,30}){1,4}")
PHONE = re.compile(r"\+?\d(?:[ ().-]?\d){7,14}")
FOLDER = "reviews-counting"

Told = Callable[[int, int], None]
"""Receives the file that is read (from 0), and the place in it."""


@dataclass
class _Place:
    """Where counting is: a file, and a place in it; and the counts of rows so far."""

    file: int = 0
    place: int = 0
    rows: int = 0
    unknown: int = 0
    unrated: int = 0
    unreadable: int = 0


async def read_names(sessions: Sessions) -> tuple[list[str], dict[str, int]]:
    """Return the ids of the shop's products, and which of them an id in a file means: a product's, or an item's."""
    async with reading(sessions) as session:
        ids = list(await session.scalars(select(Product.id).order_by(Product.position)))
        place = {product_id: number for number, product_id in enumerate(ids)}
        names = {
            item_id: place[product_id]
            for item_id, product_id in await session.execute(select(Variant.item_id, Variant.product_id))
        }
    return ids, names | place


class Counting:
    """The counting of some files, kept in a folder until it is in the shop; interrupted, it goes on from there."""

    def __init__(self, home: Path, files: Sequence[Path], ids: Sequence[str], names: dict[str, int]) -> None:
        self.files = files
        self.totals = Totals.of(ids, names)
        told = [[str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns] for file in files]
        key = hashlib.sha256(json.dumps([told, list(names)]).encode()).hexdigest()[:16]
        self._path = home / FOLDER / f"{key}.npz"
        self._at = _Place()
        self.goes_on = self._path.exists()
        if self.goes_on:
            self._read()

    def run(self, tell: Told) -> Totals:
        """Count what is left, and return the totals. Interrupted, it keeps what was counted.

        Raises:
            ReviewsFileError: a file cannot be read.
        """
        kept = time.monotonic()
        try:
            for number, file in enumerate(self.files):
                if number < self._at.file:
                    continue
                for part in read_parts(file, self._at.place if number == self._at.file else 0):
                    self.totals.add(part.rows, part.unreadable)
                    self._at.file, self._at.place = number, part.next_place
                    tell(number, part.next_place)
                    if time.monotonic() - kept > KEPT_EVERY_S:
                        self._keep()
                        kept = time.monotonic()
        except BaseException:
            self._keep()
            raise
        self._keep()
        return self.totals

    def forget(self) -> None:
        """Delete what was kept: it is in the shop."""
        self._path.unlink(missing_ok=True)

    def _keep(self) -> None:
        totals = self.totals
        at = _Place(self._at.file, self._at.place, totals.rows, totals.unknown, totals.unrated, totals.unreadable)
        quotes = [[*key, *quote] for key, quote in totals.quotes.items()]
        said = json.dumps({"at": asdict(at), "quotes": quotes}, ensure_ascii=False)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        with part.open("wb") as file:
            np.savez(file, counts=totals.counts, stars=totals.stars, aspects=totals.aspects, said=np.array(said))
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)

    def _read(self) -> None:
        with np.load(self._path, allow_pickle=False) as kept:
            totals = self.totals
            totals.counts, totals.stars, totals.aspects = kept["counts"], kept["stars"], kept["aspects"]
            said = json.loads(str(kept["said"]))
        self._at = _Place(**said["at"])
        totals.rows, totals.unknown = self._at.rows, self._at.unknown
        totals.unrated, totals.unreadable = self._at.unrated, self._at.unreadable
        totals.quotes = {(product, bad): Quote(helpful, text) for product, bad, helpful, text in said["quotes"]}


async def load_reviews(sessions: Sessions, totals: Totals) -> int:
    """Write the sums, replacing those of the same products, all or nothing. Returns how many products have reviews.

    Raises:
        ShopBusyError: somebody else is writing, and did not finish in time.
    """
    at = now()
    rows = [
        {**columns, "product_id": product_id, "counted_at": at, "quotes": [_quote(text) for text in columns["quotes"]]}
        for product_id, columns in totals.products()
    ]
    try:
        async with writing(sessions) as session:
            await hold(session, "catalogue")
            await without_haste(session)
            for start in range(0, len(rows), AT_ONCE):
                some = rows[start : start + AT_ONCE]
                named = [row["product_id"] for row in some]
                await session.execute(delete(ReviewSummary).where(ReviewSummary.product_id.in_(named)))
                await session.execute(insert(ReviewSummary), some)
            shop = await find_shop(session)
            if shop is not None and rows:
                shop.loaded_at = at
    except DatabaseBusyError as error:
        raise ShopBusyError(error.reason) from error
    return len(rows)


def _quote(text: str) -> str:
    """Return a text of somebody as it may be shown: in one line, with addresses and numbers masked."""
    plain = masked(cleaned(text)).text
    for pattern in (EMAIL, PHONE):
        plain = pattern.sub("***", plain)
    return " ".join(plain.split())
