"""Which of the shop's products a picture may show: those with similar pictures, else those found by description."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel

from mcp_servers.runtime import untrusted
from mcp_servers.runtime.results import ByModels
from mcp_servers.vision.model import Answer, clipped

if TYPE_CHECKING:
    from mcp_servers.products.search import Match

ALIKE = 0.87
"""From this similarity on, two pictures show the same product; similar products and printed pages stay below."""
MOST = 3
SUREST_BY_WORDS = 0.5
"""A matching word says what kind of product it is, not which one."""
NOT_ALIKE = "No picture of a product is close enough to this one."
NAMED = (
    "What product does the picture show? Fill `label` with what a shop's catalogue would call it, in two to four "
    "English words; leave it empty if the picture shows no product."
)


class Label(Answer):
    """What the model calls the product."""

    label: Annotated[str, clipped(80)]


class LikelyProduct(BaseModel):
    """A product, its likelihood from 0 to 1, and whether a picture or a word matched."""

    product_id: str
    name: untrusted.Label
    score: float
    by: Literal["picture", "words"]


class Identification(ByModels):
    """The closest products, most likely first, or the reason why there are none."""

    products: list[LikelyProduct]
    note: untrusted.Label | None = None


def by_pictures(names: Mapping[str, str], alike: Mapping[str, float]) -> list[LikelyProduct]:
    """Return the products with similar pictures, in the order given."""
    return [
        LikelyProduct(product_id=one, name=names[one], score=alike[one], by="picture") for one in alike if one in names
    ]


def by_words(names: Mapping[str, str], matches: "Sequence[Match]") -> list[LikelyProduct]:
    """Return the products that best match a description."""
    return [
        LikelyProduct(
            product_id=match.product_id,
            name=names[match.product_id],
            score=round(SUREST_BY_WORDS * match.score, 3),
            by="words",
        )
        for match in matches
        if match.product_id in names
    ]
