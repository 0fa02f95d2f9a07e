"""From a search in words to products in order: what fits the words, what it may cost, what it goes with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.products.asked import Asked, read_asked
from mcp_servers.products.catalogue import Catalogue, first_offers
from mcp_servers.products.words import WORDS
from storage.reviews.summaries import list_ratings
from storage.shop.catalogue import Offer, list_affordable, list_bought_with, list_prices
from storage.shop.money import money
from storage.shop.products import Product, get_product
from storage.shop.shop import find_shop

MOST_SORTED = 2_000
"""Of products that match, this many of the best are put in the order of their prices."""
DEFAULT_CURRENCY = "USD"


@dataclass(frozen=True)
class Wanted:
    """A search as it was understood, with the limits that were given beside it."""

    asked: Asked
    most: int | None
    available_only: bool
    language: str
    currency: str
    loosely: bool = False
    """Whether nothing fits all the words, and what was found has a keyword among them."""

    @property
    def read_as(self) -> str | None:
        """Return how the search was understood beyond its words, in the language of whoever asked."""
        asked = self.asked
        if asked.is_plain and not self.loosely:
            return None
        said = {
            "read_words": None if self.loosely else asked.words,
            "read_loosely": asked.words if self.loosely else None,
            "read_beside": asked.beside,
            "read_least": asked.bounds.least,
            "read_most": self.most,
            "read_cheapest": asked.order == "price, lowest first",
            "read_dearest": asked.order == "price, highest first",
            "read_reviewed": asked.well_reviewed,
            "read_foreign": asked.bounds.foreign,
        }
        return "; ".join(self._say(name, value) for name, value in said.items() if value not in (None, False, ""))

    def _say(self, name: str, value: str | int) -> str:
        shown = str(value)
        if isinstance(value, int) and not isinstance(value, bool):
            shown = money(value, self.currency, self.language)
        return WORDS.say(name, self.language, value=shown, own=self.currency)

    def fits(self, offer: Offer) -> bool:
        """Return whether an offer is within the limits."""
        bounds = self.asked.bounds
        affordable = self.most is None or offer.price_from <= self.most
        worthy = bounds.least is None or offer.price_from >= bounds.least
        return affordable and worthy and (offer.available or not self.available_only)


async def read_wanted(
    session: AsyncSession, query: str, language: str, *, most: int | None = None, available_only: bool = True
) -> Wanted:
    """Return what a search wants; of two limits of the price the lower one counts."""
    shop = await find_shop(session)
    currency = DEFAULT_CURRENCY if shop is None else shop.currency
    asked = read_asked(query, currency)
    limits = [each for each in (most, asked.bounds.most) if each is not None]
    return Wanted(asked, min(limits, default=None), available_only, language, currency)


async def ranked(session: AsyncSession, catalogue: Catalogue, wanted: Wanted) -> tuple[Sequence[str], Wanted]:
    """Return the products that fit a search, in the order to show them, and the search as these fit it."""
    found, loosely = await _matching(session, catalogue, wanted)
    return await _ordered(session, found, wanted), replace(wanted, loosely=loosely)


async def _ordered(session: AsyncSession, found: Sequence[str], wanted: Wanted) -> Sequence[str]:
    least, most = wanted.asked.bounds.least, wanted.most
    if least is not None or most is not None:
        found = await list_affordable(session, found, least, most, available_only=wanted.available_only)
    if wanted.asked.well_reviewed:
        found = await _well_reviewed(session, found)
    if wanted.asked.order == "best match":
        return found
    prices = await list_prices(session, found[:MOST_SORTED])
    sign = 1 if wanted.asked.order == "price, lowest first" else -1
    # What is sold out has no price to order by, and comes last.
    return sorted(prices, key=lambda one: (prices[one] is None, sign * (prices[one] or 0)))


async def page_of(
    session: AsyncSession, product_ids: Sequence[str], wanted: Wanted, skip: int, limit: int
) -> tuple[list[Offer], int | None]:
    """Return the next offers that fit, and where the page after them begins; None where there is none."""
    found = await first_offers(session, product_ids[skip:], wanted.fits, limit + 1)
    return [offer for _, offer in found[:limit]], skip + found[limit][0] if len(found) > limit else None


async def beside(session: AsyncSession, catalogue: Catalogue, product: Product) -> dict[str, str]:
    """Return what goes with a product, best first, and why: others bought both, or it is made for its kind."""
    reasons = dict.fromkeys(await list_bought_with(session, product.id), "bought_together")
    for product_id in await catalogue.meant_for(session, product):
        reasons.setdefault(product_id, "meant_for")
    return reasons


async def _matching(session: AsyncSession, catalogue: Catalogue, wanted: Wanted) -> tuple[list[str], bool]:
    asked = wanted.asked
    if asked.compared:
        return await _in_turns(session, catalogue, asked.compared), False
    if asked.beside is not None:
        return await _beside(session, catalogue, asked), False
    if not asked.words:
        return list(await catalogue.ids(session)), False
    found = await catalogue.matches(session, asked.words)
    return [match.product_id for match in found], any(match.loosely for match in found)


async def _well_reviewed(session: AsyncSession, product_ids: Sequence[str]) -> list[str]:
    """Return those of these that many find good, the best first; one good review is not many."""
    ratings = await list_ratings(session, product_ids[:MOST_SORTED])
    return sorted((one for one in ratings if ratings[one].is_good), key=lambda one: -ratings[one].worth)


async def _in_turns(session: AsyncSession, catalogue: Catalogue, things: Sequence[str]) -> list[str]:
    """Return the best product for each thing, then the rest: both sides of a comparison are seen."""
    lists = [[match.product_id for match in await catalogue.matches(session, each)] for each in things]
    longest = max(map(len, lists), default=0)
    turns = (each[place] for place in range(longest) for each in lists if place < len(each))
    return list(dict.fromkeys(turns))


async def _beside(session: AsyncSession, catalogue: Catalogue, asked: Asked) -> list[str]:
    named = await catalogue.matches(session, asked.beside or "")
    if not named:
        return []
    product = await get_product(session, named[0].product_id)
    going = list(await beside(session, catalogue, product))
    if not asked.words:
        return going
    matching = [match.product_id for match in await catalogue.matches(session, asked.words)]
    return [*(one for one in going if one in set(matching)), *(one for one in matching if one not in set(going))]
