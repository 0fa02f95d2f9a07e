"""Which products of the shop a picture may show: those with a picture like it, else those its words find."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel

from mcp_servers.products.search import WEIGHTS, Match, words_of
from mcp_servers.runtime import untrusted
from mcp_servers.runtime.results import ByModels
from mcp_servers.vision.model import Answer, clipped

ALIKE = 0.87
"""From here on two pictures show the same; other products of one style stay below, and so does a page of print."""
MOST = 3
SUREST_BY_WORDS = 0.5
"""A word that fits says what kind of product it is, not which."""
NOT_ALIKE = "No picture of a product is close enough to this one."
NAMED = (
    "What product does the picture show? Fill `label` with what a shop's catalogue would call it, in two to four "
    "English words; leave it empty if the picture shows no product."
)


class Label(Answer):
    """What the model calls the product."""

    label: Annotated[str, clipped(80)]


class LikelyProduct(BaseModel):
    """A product, how likely it is from 0 to 1, and whether its picture or a word says so."""

    product_id: str
    name: untrusted.Label
    score: float
    by: Literal["picture", "words"]


class Identification(ByModels):
    """The closest products, the most likely first; why there is none."""

    products: list[LikelyProduct]
    note: untrusted.Label | None = None


def by_pictures(names: Mapping[str, str], alike: Mapping[str, float]) -> list[LikelyProduct]:
    """Return the products with pictures that are alike, in the order given."""
    return [
        LikelyProduct(product_id=one, name=names[one], score=alike[one], by="picture") for one in alike if one in names
    ]


def by_words(names: Mapping[str, str], matches: Sequence[Match], label: str) -> list[LikelyProduct]:
    """Return the products that the words for one find best."""
    most = max(weight for _, weight in WEIGHTS) * max(1, len(words_of(label)))
    return [
        LikelyProduct(
            product_id=match.product_id,
            name=names[match.product_id],
            score=round(SUREST_BY_WORDS * match.score / most, 3),
            by="words",
        )
        for match in matches
        if match.product_id in names
    ]
