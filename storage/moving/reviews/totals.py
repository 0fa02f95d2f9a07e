"""The running totals of reviews, by product: as large as the products are many, however many reviews there are."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from storage.shop.spelling import plain_id

if TYPE_CHECKING:
    import pyarrow as pa

ASPECTS: Mapping[str, str] = tomllib.loads(Path(__file__).with_name("aspects.toml").read_text("utf-8"))
STARS = 5
GOOD, BAD = 4, 2
SHORTEST_QUOTE, LONGEST_QUOTE = 30, 280
LONGEST_READ = 2_000
"""Letters of a review that are looked through for what it speaks of."""

Whole = NDArray[np.int64]


class Quote(NamedTuple):
    """A text of a review, and how many found it helpful."""

    helpful: int
    text: str


@dataclass
class Totals:
    """Counts by product, in the order of `ids`; `names` says which product an id in a file means."""

    ids: Sequence[str]
    names: Mapping[str, int]
    counts: Whole
    stars: Whole
    aspects: Whole
    quotes: dict[tuple[int, bool], Quote] = field(default_factory=dict)
    rows: int = 0
    unknown: int = 0
    unrated: int = 0
    unreadable: int = 0

    @classmethod
    def of(cls, ids: Sequence[str], names: Mapping[str, int]) -> "Totals":
        """Return totals of no reviews."""
        size = len(ids)
        return cls(
            ids,
            names,
            np.zeros((size, STARS), np.int64),
            np.zeros(size, np.int64),
            np.zeros((size, len(ASPECTS), 2), np.int64),
        )

    def add(self, rows: "pa.Table", unreadable: int) -> None:
        """Count some more rows, under our names of their columns."""
        self.rows += rows.num_rows + unreadable
        self.unreadable += unreadable
        if not rows.num_rows:
            return
        products, ratings, known = self._known(rows)
        if not len(products):
            return
        left = rows.filter(known)
        whole = np.clip(np.rint(ratings), 1, STARS).astype(np.int64)
        size = len(self.ids)
        self.counts += np.bincount(products * STARS + whole - 1, minlength=size * STARS).reshape(size, STARS)
        self.stars += np.bincount(products, np.rint(ratings * 100), minlength=size).astype(np.int64)
        if "text" in left.column_names:
            self._read(left, products, whole)

    def _known(self, rows: "pa.Table") -> tuple[Whole, NDArray[np.float64], Any]:
        """Return the products and ratings of the rows that count, and which rows these are."""
        import pyarrow as pa
        import pyarrow.compute as pc

        named = pc.dictionary_encode(pc.utf8_trim_whitespace(rows["product"].cast(pa.string()).combine_chunks()))
        place = pa.array(map(self._meant, named.dictionary.to_pylist()), pa.int64()).take(named.indices)
        rated = _numbers(rows["rating"])
        is_rated = pc.fill_null(pc.and_(pc.greater_equal(rated, 1), pc.less_equal(rated, STARS)), False)
        is_ours = pc.is_valid(place)
        known = pc.and_(is_ours, is_rated)
        self.unknown += rows.num_rows - int(pc.sum(is_ours).as_py() or 0)
        self.unrated += int(pc.sum(pc.and_(is_ours, pc.invert(is_rated))).as_py() or 0)
        products = place.filter(known).to_numpy(zero_copy_only=False).astype(np.int64)
        return products, rated.filter(known).to_numpy(zero_copy_only=False), known

    def _meant(self, named: str) -> int | None:
        """Return the product that an id in a file names, in whichever spelling people could not tell from its own."""
        found = self.names.get(named)
        return self._products_by_plain_id.get(plain_id(named)) if found is None else found

    @cached_property
    def _products_by_plain_id(self) -> Mapping[str, int | None]:
        by_plain_id: dict[str, int | None] = {}
        for name, product in self.names.items():
            key = plain_id(name)
            # Two products whose ids only their spelling tells apart: neither is meant.
            by_plain_id[key] = product if by_plain_id.get(key, product) == product else None
        return by_plain_id

    def _read(self, rows: "pa.Table", products: Whole, stars: Whole) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        texts = pc.fill_null(
            pc.utf8_slice_codeunits(rows["text"].cast(pa.string()).combine_chunks(), 0, LONGEST_READ), ""
        )
        size, says = len(self.ids), np.where(stars >= GOOD, 0, np.where(stars <= BAD, 1, -1))
        for number, pattern in enumerate(ASPECTS.values()):
            found = pc.match_substring_regex(texts, pattern, ignore_case=True).to_numpy(zero_copy_only=False)
            found &= says >= 0
            self.aspects[:, number] += np.bincount(products[found] * 2 + says[found], minlength=size * 2).reshape(
                size, 2
            )
        helpful = _numbers(rows["helpful"]) if "helpful" in rows.column_names else pa.nulls(len(texts), pa.float64())
        self._quote(texts, products, says, pc.fill_null(helpful, 0).to_numpy(zero_copy_only=False).astype(np.int64))

    def _quote(self, texts: Any, products: Whole, says: Whole, helpful: Whole) -> None:  # noqa: ANN401 - pyarrow's
        """Keep for each product the praise and the criticism that most found helpful."""
        import pyarrow.compute as pc

        lengths = pc.utf8_length(texts).to_numpy(zero_copy_only=False)
        fit = np.flatnonzero((says >= 0) & (lengths >= SHORTEST_QUOTE) & (lengths <= LONGEST_QUOTE))
        order = fit[np.lexsort((-helpful[fit], says[fit], products[fit]))]
        keys = products[order] * 2 + says[order]
        firsts = order[np.flatnonzero(np.diff(keys, prepend=-1))]
        for row in firsts:
            key = (int(products[row]), bool(says[row]))
            if key not in self.quotes or self.quotes[key].helpful < helpful[row]:
                self.quotes[key] = Quote(int(helpful[row]), texts[int(row)].as_py())

    def products(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield each product that has reviews, with the columns of its summary."""
        for place in np.flatnonzero(self.counts.sum(axis=1)):
            at = int(place)
            spoken = {
                name: {"praised": int(good), "criticised": int(bad)}
                for name, (good, bad) in zip(ASPECTS, self.aspects[at], strict=True)
                if good or bad
            }
            quotes = [self.quotes[at, bad].text for bad in (False, True) if (at, bad) in self.quotes]
            yield (
                self.ids[at],
                {
                    "reviews": int(self.counts[at].sum()),
                    "stars": int(self.stars[at]),
                    "counts": {str(number): int(count) for number, count in enumerate(self.counts[at], start=1)},
                    "aspects": spoken,
                    "quotes": quotes,
                },
            )


def _numbers(column: Any) -> Any:  # noqa: ANN401 - pyarrow's
    """Return a column as numbers; what is none is null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = column.combine_chunks()
    if not pa.types.is_string(whole.type):
        return whole.cast(pa.float64())
    plain = pc.replace_substring(pc.utf8_trim_whitespace(whole), ",", "")
    is_number = pc.fill_null(pc.match_substring_regex(plain, r"^[0-9]{1,9}(\.[0-9]{1,9})?$"), False)
    return pc.if_else(is_number, plain, None).cast(pa.float64())
