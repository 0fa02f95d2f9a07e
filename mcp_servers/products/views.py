"""The products tools' results. Prices are in minor units."""

from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel

from mcp_servers.products.words import WORDS
from mcp_servers.runtime.untrusted import Label, Untrusted
from storage.reviews.summaries import Rating, ReviewSummary
from storage.shop.catalogue import Offer
from storage.shop.products import Product


class ProductSummary(BaseModel):
    """One product in a list; `price_from` is its cheapest available variant's price, or else its cheapest."""

    product_id: str
    name: Label
    price_from: int
    currency: str
    available: bool
    rating: float | None = None
    reviews: int | None = None

    @classmethod
    def of(cls, offer: Offer, language: str) -> Self:
        """Return a product's entry in a list, in a language."""
        return cls.model_validate(offer._asdict() | {"product_id": offer.id, "name": offer.name_in(language)})

    def rated(self, ratings: Mapping[str, Rating]) -> Self:
        """Return the entry with what others say of the product."""
        found = ratings.get(self.product_id)
        return self if found is None else self.model_copy(update={"rating": found.mean, "reviews": found.reviews})


class RecommendedProduct(ProductSummary):
    """One recommended product, and the reason."""

    reason: Label = ""

    @classmethod
    def because(cls, offer: Offer, reason: str, language: str) -> Self:
        """Return a product's entry with the reason for it, in a language."""
        return cls.of(offer, language).model_copy(update={"reason": reason})


class Recommendations(BaseModel):
    """Matching products, best first."""

    products: list[RecommendedProduct]
    read_as: Label | None = None


class ProductPage(BaseModel):
    """A page of products, best first; `read_as` says how the query was understood, `side_by_side` compares two."""

    products: list[ProductSummary]
    next_cursor: str | None = None
    read_as: Label | None = None
    side_by_side: dict[Label, dict[Label, Label]] | None = None


class VariantView(BaseModel):
    """One item of a product."""

    item_id: str
    options: dict[Label, Label]
    price: int
    available: bool


class ReviewsView(BaseModel):
    """What others say of a product; `said` is how many praised and criticised what, `quotes` are words of theirs."""

    rating: float
    reviews: int
    stars: dict[str, int]
    said: dict[Label, Label]
    quotes: list[Untrusted]

    @classmethod
    def of(cls, summary: ReviewSummary, language: str) -> Self:
        """Return a product's reviews in a language."""
        said = {
            WORDS.say(f"aspect_{name}", language): WORDS.say("aspect_said", language, **counts)
            for name, counts in summary.aspects.items()
        }
        return cls(rating=summary.mean, reviews=summary.reviews, stars=summary.counts, said=said, quotes=summary.quotes)


class ProductView(BaseModel):
    """One product with all its variants."""

    product_id: str
    name: Label
    description: Untrusted
    currency: str
    variants: list[VariantView]
    reviews: ReviewsView | None = None

    @classmethod
    def of(cls, row: Product, reviews: ReviewsView | None, language: str, *, first: str | None = None) -> Self:
        """Return a product in a language, with the variant `first` in front, since long lists are cut at the end."""
        variants = [
            VariantView(
                item_id=variant.item_id, options=variant.options, price=variant.price, available=variant.available
            )
            for variant in sorted(row.variants, key=lambda variant: variant.item_id != first)
        ]
        return cls(
            product_id=row.id,
            name=row.name_in(language),
            description=row.description,
            currency=row.currency,
            variants=variants,
            reviews=reviews,
        )
