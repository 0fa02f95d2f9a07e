"""What others say of a product, as one row of figures: how many, how many stars, what they praise and criticise."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from storage.db import Base

USUAL_MEAN, USUAL_REVIEWS = 3.5, 10
"""A product with few reviews is taken to be nearer to the usual: one review with five stars does not say much."""
WELL = 4.0
"""From this mean on, weighed so, a product counts as well reviewed."""


class ReviewSummary(Base):
    """The reviews of one product, counted. `stars` is the sum of all ratings in hundredths; `counts` has how many gave
    one to five stars, `aspects` how many praised and criticised each, `quotes` a few texts of others.
    """

    __tablename__ = "review_summaries"
    __table_args__ = (CheckConstraint("reviews > 0", name="there_is_one"),)

    product_id: Mapped[str] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"), primary_key=True)
    reviews: Mapped[int]
    stars: Mapped[int]
    counts: Mapped[dict[str, Any]]
    aspects: Mapped[dict[str, Any]]
    quotes: Mapped[list[str]]
    counted_at: Mapped[datetime]

    @property
    def mean(self) -> float:
        """The mean rating, from 1 to 5."""
        return round(self.stars / 100 / self.reviews, 2)


class Rating(NamedTuple):
    """A product's mean rating, and of how many reviews."""

    mean: float
    reviews: int

    @property
    def worth(self) -> float:
        """The mean, nearer to the usual the fewer reviews there are."""
        return (self.mean * self.reviews + USUAL_MEAN * USUAL_REVIEWS) / (self.reviews + USUAL_REVIEWS)

    @property
    def is_good(self) -> bool:
        """Whether the product counts as well reviewed."""
        return self.worth >= WELL


AT_ONCE = 500


async def find_summary(session: AsyncSession, product_id: str) -> ReviewSummary | None:
    """Return what others say of a product; None where nobody has said anything."""
    return await session.get(ReviewSummary, product_id)


async def list_ratings(session: AsyncSession, product_ids: Sequence[str]) -> dict[str, Rating]:
    """Return the ratings of those of these products that have any."""
    found: dict[str, Rating] = {}
    query = select(ReviewSummary.product_id, ReviewSummary.stars, ReviewSummary.reviews)
    for start in range(0, len(product_ids), AT_ONCE):
        some = product_ids[start : start + AT_ONCE]
        for product_id, stars, reviews in await session.execute(query.where(ReviewSummary.product_id.in_(some))):
            found[product_id] = Rating(round(stars / 100 / reviews, 2), reviews)
    return found
