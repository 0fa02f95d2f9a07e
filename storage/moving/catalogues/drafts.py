"""What a file says of a product, before it meets the shop's: None is what the file does not say."""

from dataclasses import dataclass, field

from storage.moving.catalogues.prices import PriceCounts


@dataclass(frozen=True)
class Problem:
    """Something wrong on a line. `fix` says what `--fix` makes of it; without one, only a person can tell."""

    line: int
    column: str
    text: str
    fix: str | None = None

    def __str__(self) -> str:
        place = f"line {self.line:,}" + (f", column {self.column}" if self.column else "")
        return f"{place}: {self.text}" + (f" (--fix makes it {self.fix})" if self.fix is not None else "")


@dataclass
class VariantDraft:
    """One item on sale. `given` tells whether the file has its id, or it was made of the product's and the options."""

    line: int
    item_id: str
    given: bool
    options: dict[str, str]
    price: int
    available: bool | None


@dataclass
class ProductDraft:
    """One product with its items, in the file's order."""

    line: int
    id: str
    name: str
    names: dict[str, str] | None
    description: str | None
    category: str | None
    keywords: str | None
    variants: list[VariantDraft] = field(default_factory=list)


@dataclass
class Drafts:
    """All products of a file; what is wrong; what `--fix` changed; which rows are no product that this shop sells.

    `prices` says how many rows have which price.
    """

    products: list[ProductDraft]
    problems: list[Problem]
    fixed: list[Problem]
    left: list[Problem]
    prices: PriceCounts
