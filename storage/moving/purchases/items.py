"""Which items of the catalogue an order's lines are that name a product and what was chosen of it, but no item."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TypeVar

from storage.moving.purchases.drafts import LineDraft
from storage.shop.products import Product, Variant
from storage.shop.spelling import find_meant, folded_label

T = TypeVar("T")
BETWEEN = re.compile(r"[\s,/|:=]+")
"""What systems write between options and their values: `Red / Large`, `색상=빨강, 크기=대`."""
CHOSEN = " - "
"""Shopify writes what was chosen after this behind the product's name."""


def names_of(line: LineDraft) -> Iterator[tuple[str, str]]:
    """Yield each name that a line's product may have, and what the line then says was chosen of it; longest first."""
    yield line.name, line.option
    name = line.name
    while CHOSEN in name:
        name = name.rpartition(CHOSEN)[0]
        yield name, line.option or line.name[len(name) + len(CHOSEN) :]


def name_of(line: LineDraft, options: Mapping[str, str]) -> str:
    """Return what a line's product is called, without the options that it also tells: these may change later."""
    told = _tellings(options)
    return next((name for name, option in names_of(line) if option and _bare(option) in told), line.name)


def named_item(line: LineDraft, products: Iterable[Product]) -> Variant | None:
    """Return the item that a line means: of the product it names, the one with the options that it tells."""
    listed = list(products)
    by_id = {product.id: product for product in listed}
    of_id = ((find_meant(each, by_id), option) for each in line.named for _, option in names_of(line))
    of_name = ((_only(each for each in listed if each.name == name), option) for name, option in names_of(line))
    found = (_item(product, option) for product, option in chain(of_id, of_name) if product is not None)
    return next((item for item in found if item is not None), None)


def _item(product: Product, option: str) -> Variant | None:
    told = _bare(option)
    if len(product.variants) == 1 and not (told and product.variants[0].options):
        return product.variants[0]
    return _only(item for item in product.variants if told and told in _tellings(item.options))


def _tellings(options: Mapping[str, str]) -> tuple[str, str]:
    values = "".join(map(_bare, options.values()))
    return values, "".join(_bare(name) + _bare(value) for name, value in options.items())


def _bare(text: str) -> str:
    return BETWEEN.sub("", folded_label(text))


def _only(found: Iterable[T]) -> T | None:
    several = list(found)
    return several[0] if len(several) == 1 else None
