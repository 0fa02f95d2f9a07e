"""The products tools' results. Prices are in minor units."""

from typing import Self

from pydantic import BaseModel

from mcp_servers.runtime.untrusted import Label, Untrusted
from storage.shop.catalogue import Offer
from storage.shop.products import Product


class ProductSummary(BaseModel):
    """One product in a list; `price_from` is its cheapest available variant's price, or else its cheapest."""

    product_id: str
    name: Label
    price_from: int
    currency: str
    available: bool

    @classmethod
    def of(cls, offer: Offer) -> Self:
        """Return a product's entry in a list."""
        return cls.model_validate(offer._asdict() | {"product_id": offer.id})


class RecommendedProduct(ProductSummary):
    """One recommended product, and the reason."""

    reason: Label = ""

    @classmethod
    def because(cls, offer: Offer, reason: str) -> Self:
        """Return a product's entry with the reason for it."""
        return cls.model_validate(offer._asdict() | {"product_id": offer.id, "reason": reason})


class Recommendations(BaseModel):
    """Matching products, best first."""

    products: list[RecommendedProduct]


class ProductPage(BaseModel):
    """A page of products, best match first."""

    products: list[ProductSummary]
    next_cursor: str | None = None


class VariantView(BaseModel):
    """One item of a product."""

    item_id: str
    options: dict[Label, Label]
    price: int
    available: bool


class ProductView(BaseModel):
    """One product with all its variants."""

    product_id: str
    name: Label
    description: Untrusted
    currency: str
    variants: list[VariantView]

    @classmethod
    def of(cls, row: Product, *, first: str | None = None) -> Self:
        """Return a product with the variant `first` in front, since long lists are cut at the end."""
        variants = [
            VariantView(
                item_id=variant.item_id, options=variant.options, price=variant.price, available=variant.available
            )
            for variant in sorted(row.variants, key=lambda variant: variant.item_id != first)
        ]
        return cls(
            product_id=row.id, name=row.name, description=row.description, currency=row.currency, variants=variants
        )
