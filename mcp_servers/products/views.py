"""What the products tools hand back. Prices are in minor units."""

from typing import Self

from pydantic import BaseModel

from mcp_servers.runtime.untrusted import Label, Untrusted
from storage.products import Product


class ProductSummary(BaseModel):
    """One product of a list; `price_from` is its cheapest available variant's, or its cheapest."""

    product_id: str
    name: Label
    price_from: int
    currency: str
    available: bool

    @classmethod
    def of(cls, row: Product) -> Self:
        """Return a product's entry in a list."""
        available = [variant.price for variant in row.variants if variant.available]
        prices = available or [variant.price for variant in row.variants] or [0]
        return cls(
            product_id=row.id, name=row.name, price_from=min(prices), currency=row.currency, available=bool(available)
        )


class RecommendedProduct(ProductSummary):
    """One product of a recommendation, and why it is in it."""

    reason: Label = ""


class Recommendations(BaseModel):
    """What fits, the best first."""

    products: list[RecommendedProduct]


class ProductPage(BaseModel):
    """A page of products, the best match first."""

    products: list[ProductSummary]
    next_cursor: str | None = None


class VariantView(BaseModel):
    """One item of a product."""

    item_id: str
    options: dict[Label, Label]
    price: int
    available: bool


class ProductView(BaseModel):
    """One product with all it is sold in."""

    product_id: str
    name: Label
    description: Untrusted
    currency: str
    variants: list[VariantView]

    @classmethod
    def of(cls, row: Product) -> Self:
        """Return a product as the shop keeps it."""
        variants = [
            VariantView(
                item_id=variant.item_id, options=variant.options, price=variant.price, available=variant.available
            )
            for variant in row.variants
        ]
        return cls(
            product_id=row.id, name=row.name, description=row.description, currency=row.currency, variants=variants
        )
