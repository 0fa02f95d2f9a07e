"""From the rows of a file to products: which rows belong together, and what each cell says."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import TypeVar

from storage.characters import cleaned
from storage.moving.catalogues.cells import (
    ROUNDED_ID,
    FixableError,
    plain_text,
    read_price,
    read_stock,
    read_yes,
    require_no_formula,
)
from storage.moving.catalogues.choices import combined, one_each, read_choices
from storage.moving.catalogues.drafts import Drafts, Problem, ProductDraft, VariantDraft
from storage.moving.catalogues.maps import ColumnMap
from storage.moving.catalogues.prices import Pricing
from storage.moving.catalogues.reading import Table
from storage.moving.catalogues.row import MappedRow
from storage.shop.spelling import alike, folded_label, plain_id

T = TypeVar("T")
OnSale = tuple[dict[str, str], int, bool | None]
"""Options, a surcharge in minor units, and whether it is on sale."""

ESCAPED_LINE = re.compile(r"(?<!\\)\\n")
TEXTS = ("description", "category", "keywords")


def read_products(table: Table, chosen: ColumnMap, currency: str, *, fix: bool, zone: tzinfo = UTC) -> Drafts:
    """Return the products of a file, and every problem with its line.

    Args:
        table: the file.
        chosen: which column is which.
        currency: the shop's, which the prices are in (ISO 4217).
        fix: change what can only be read as another value, instead of telling it as a problem.
        zone: the shop's time zone, in which sales begin and end.
    """
    return _Mapping(table, chosen, currency, fix, zone).run()


@dataclass
class _Mapping:
    table: Table
    map: ColumnMap
    currency: str
    fix: bool
    zone: tzinfo
    products: dict[str, ProductDraft] = field(default_factory=dict)
    heads: dict[str, MappedRow] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    fixed: list[Problem] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)
    parents: set[str] = field(default_factory=set)
    pricing: Pricing = field(init=False)

    def __post_init__(self) -> None:
        self.pricing = Pricing(self.currency, self.zone, self._amount, self._tell, self._change)

    def run(self) -> Drafts:
        names = {folded_label(name): name for name in self.table.header}
        rows = [MappedRow(line, self.map, names) for line in self.table.lines]
        for row in rows:
            if row.meets(self.map.skipped):
                self.left.append(Problem(row.line.number, "", f"{row.get('name')!r} is nothing that is sold by itself"))
        rows = [row for row in rows if not row.meets(self.map.skipped)]
        id_of_sku = {row.get("item"): row.get("id") for row in rows if row.get("item") and not row.get("parent")}
        belonging = [(row, self._product_id(row, id_of_sku)) for row in rows]
        self.parents = {product_id for row, product_id in belonging if row.get("parent")}
        for row, product_id in belonging:
            if product_id and not row.get("parent") and product_id not in self.heads:
                self._begin(row, product_id)
        for row, product_id in belonging:
            if product_id and self._is_item(row):
                self._add(row, product_id)
        self._require_items()
        problems, left = sorted(self.problems, key=_by_line), sorted(self.left, key=_by_line)
        return Drafts(list(self.products.values()), problems, self.fixed, left, self.pricing.counts)

    def _product_id(self, row: MappedRow, id_of_sku: dict[str, str]) -> str:
        parent = row.get("parent")
        found = id_of_sku.get(parent, parent).removeprefix("id:") if parent else row.get("id")
        column = "parent" if parent else "id"
        if not found:
            self._tell(row, column, "it is empty; every product needs an id")
        elif ROUNDED_ID.fullmatch(found):
            self._tell(row, column, f"a spreadsheet rounded {found!r}; export it again, with this column as text")
            return ""
        return found

    def _begin(self, row: MappedRow, product_id: str) -> None:
        self.heads[product_id] = row
        name = " ".join(self._text(row, "name").split())
        if not name:
            self._tell(row, "name", "it is empty; every product needs a name")
        said = {each: self._text(row, each) if row.has(each) else None for each in TEXTS}
        if not said["description"] and row.has("summary"):
            said["description"] = self._text(row, "summary")
        given = row.get("currency")
        if given and given.upper() != self.currency:
            self._tell(row, "currency", f"{given} is not the shop's currency, {self.currency}")
        self.products[product_id] = ProductDraft(
            row.line.number,
            product_id,
            name,
            row.other_names(),
            said["description"],
            said["category"],
            said["keywords"],
        )

    def _text(self, row: MappedRow, field_name: str) -> str:
        text = self._read(row, field_name, require_no_formula) or ""
        if self.map.escaped_lines:
            text = ESCAPED_LINE.sub("\n", text).replace("\\\\n", "\\n")
        seen = cleaned(text)
        if seen != text.replace("\r\n", "\n"):
            self._change(row, field_name, "it has characters that nobody sees", "the same text without them")
        return plain_text(seen)

    def _is_item(self, row: MappedRow) -> bool:
        if row.meets(self.map.heads):
            return False
        # What other rows belong to is no item itself, unless it has a price.
        if not row.has_price() and not row.get("parent") and row.get("id") in self.parents:
            return False
        # A row with a picture alone, such as Shopify has, is no item.
        return bool(row.get("price") or row.get("item") or row is self.heads.get(row.get("id")) or row.get("parent"))

    def _add(self, row: MappedRow, product_id: str) -> None:
        product, head = self.products.get(product_id), self.heads.get(product_id)
        if product is None or head is None:
            self._tell(row, "parent", f"there is no product {product_id!r} in the file")
            return
        if self.map.unpriced_left_out and not row.has_price():
            name = row.get("name") or product.name
            self.left.append(Problem(row.line.number, row.column("price"), f"{name!r} has no price, and is not sold"))
            return
        price, options = self.pricing.of(row), self._options(row, head)
        if price is None or options is None:
            return
        for chosen, surcharge, available in options:
            # A row below a product has an id of its own, which orders know.
            sku = row.get("item") or (row.get("id") if row.get("parent") else "")
            alone = len(options) == 1 and not row.get("choices")
            if ROUNDED_ID.fullmatch(sku):
                self._tell(row, "item", f"a spreadsheet rounded {sku!r}; export it again, with this column as text")
            if price + surcharge < 0:
                self._tell(row, "surcharges", f"{' '.join(chosen.values())} would cost less than nothing")
            item_id = sku if sku and alone else "/".join([sku or product_id, *chosen.values()])
            product.variants.append(
                VariantDraft(row.line.number, item_id, bool(sku and alone), chosen, price + surcharge, available)
            )

    def _amount(self, row: MappedRow, column: str, cell: str) -> int | None:
        try:
            return read_price(cell, self.currency)
        except FixableError as problem:
            self._change(row, column, str(problem), problem.fixed)
            return problem.amount
        except ValueError as problem:
            self._tell(row, column, str(problem))
            return None

    def _options(self, row: MappedRow, head: MappedRow) -> list[OnSale] | None:
        available = self._available(row, head)
        if row.get("choices"):
            return self._combinations(row, available)
        if row.get("options"):
            chosen = self._read(row, "options", _read_options)
            return None if chosen is None else [(chosen, 0, available)]
        # What WooCommerce says of a product without variations is a property, no choice.
        if row.map.columns.parent and not row.get("parent"):
            return [({}, 0, available)]
        return [(row.options(head), 0, available)]

    def _combinations(self, row: MappedRow, available: bool | None) -> list[OnSale] | None:
        chosen = self._read(row, "choices", lambda cell: combined(read_choices(row.get("choice_names"), cell)))
        if chosen is None:
            return None
        extra = self._read(row, "surcharges", lambda cell: one_each(cell, len(chosen))) or ["0"] * len(chosen)
        stock = self._read(row, "choice_stock", lambda cell: one_each(cell, len(chosen)))
        amounts = [self._surcharge(row, each) for each in extra]
        left = [True] * len(chosen) if stock is None else [self._in_stock(row, "choice_stock", each) for each in stock]
        return [
            (each, amount, here if available is None else available and here)
            for each, amount, here in zip(chosen, amounts, left, strict=True)
        ]

    def _surcharge(self, row: MappedRow, cell: str) -> int:
        amount = self._amount(row, "surcharges", cell.removeprefix("-").removeprefix("+")) or 0
        return -amount if cell.startswith("-") else amount

    def _available(self, row: MappedRow, head: MappedRow) -> bool | None:
        if not row.says_available():
            return None
        if row.get("available"):
            return self._read(row, "available", read_yes)
        if row.meets(self.map.unavailable) or head.meets(self.map.unavailable):
            return False
        stock = row.stock()
        return True if stock is None else self._in_stock(row, stock[0], stock[1])

    def _in_stock(self, row: MappedRow, column: str, cell: str) -> bool:
        try:
            return read_stock(cell) > 0
        except ValueError as problem:
            self._tell(row, column, str(problem))
            return False

    def _read(self, row: MappedRow, field_name: str, read: Callable[[str], T]) -> T | None:
        cell = row.get(field_name)
        if not cell:
            return None
        try:
            return read(cell)
        except ValueError as problem:
            self._tell(row, field_name, str(problem))
            return None

    def _require_items(self) -> None:
        told = {problem.line for problem in (*self.problems, *self.left)}
        for product_id, product in self.products.items():
            if product.variants or product.line in told:
                continue
            if self.map.unpriced_left_out:
                told_left = f"{product.name!r} has no item with a price, and is not sold"
                self.left.append(Problem(product.line, "", told_left))
            else:
                self._tell(self.heads[product_id], "price", f"the product {product_id!r} has no item with a price")
        for one, other in self._repeated():
            spelled = "" if one.item_id == other.item_id else f", as {one.item_id!r}"
            problem = f"the item {other.item_id!r} stands on line {one.line:,} already{spelled}"
            self.problems.append(Problem(other.line, "", problem))
        for earlier, same in alike(self.products):
            problem = f"{same!r} is {earlier!r} of line {self.products[earlier].line:,} in another spelling; write one"
            self._tell(self.heads[same], "id", problem)

    def _repeated(self) -> Iterator[tuple[VariantDraft, VariantDraft]]:
        first: dict[str, VariantDraft] = {}
        for product in self.products.values():
            for variant in product.variants:
                earlier = first.setdefault(plain_id(variant.item_id), variant)
                if earlier is not variant:
                    yield earlier, variant

    def _tell(self, row: MappedRow, field_name: str, text: str) -> None:
        column = row.column(field_name) if field_name in type(row.map.columns).model_fields else field_name
        self.problems.append(Problem(row.line.number, column, text))

    def _change(self, row: MappedRow, field_name: str, text: str, fixed: str) -> None:
        kept = self.fixed if self.fix else self.problems
        kept.append(Problem(row.line.number, row.column(field_name), text, fixed))


def _by_line(problem: Problem) -> int:
    return problem.line


def _read_options(cell: str) -> dict[str, str]:
    try:
        value = json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise ValueError(f'{cell[:60]!r} is not a JSON object of texts, such as {{"color": "black"}}') from error
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise ValueError(f'{cell[:60]!r} is not a JSON object of texts, such as {{"color": "black"}}')
    return value
