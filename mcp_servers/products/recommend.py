"""Recommending products, each with a reason a customer can check: its kind, its words, its price, others' orders."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.products.catalogue import Catalogue, first_offers
from mcp_servers.products.finding import Wanted, beside, page_of, ranked
from mcp_servers.products.views import Recommendations, RecommendedProduct
from mcp_servers.products.words import WORDS
from storage.shop.catalogue import Offer, list_offers, list_prices
from storage.shop.money import money
from storage.shop.products import Product

MOST_WEIGHED = 500
"""Of the products like one, this many are compared by price."""


@dataclass(frozen=True)
class Wish:
    """The budget and number of recommendations, and the language of the reasons."""

    budget: int | None
    limit: int
    language: str

    def affords(self, offer: Offer) -> bool:
        """Return whether a product is available within the budget."""
        return offer.available and (self.budget is None or offer.price_from <= self.budget)


async def fitting(session: AsyncSession, catalogue: Catalogue, wanted: Wanted, limit: int) -> Recommendations:
    """Return the products that match a need in words, best first."""
    ids, wanted = await ranked(session, catalogue, wanted)
    found, _ = await page_of(session, ids, wanted, 0, limit)
    reason = _why(wanted)
    return Recommendations(
        products=[RecommendedProduct.because(offer, reason, wanted.language) for offer in found], read_as=wanted.read_as
    )


async def going_with(
    session: AsyncSession, catalogue: Catalogue, product: Product, wish: Wish
) -> list[RecommendedProduct]:
    """Return what goes with a product: what others bought with it first, then what is made for its kind."""
    reasons = await beside(session, catalogue, product)
    found = await first_offers(session, list(reasons), wish.affords, wish.limit)
    name = product.name_in(wish.language)
    return [
        RecommendedProduct.because(offer, WORDS.say(reasons[offer.id], wish.language, name=name), wish.language)
        for _, offer in found
    ]


async def similar_to(
    session: AsyncSession, catalogue: Catalogue, product: Product, wish: Wish
) -> list[RecommendedProduct]:
    """Return other products of the same kind, then those with the same options; nearest in price first."""
    [own] = [offer.price_from for offer in await list_offers(session, [product.id]) if offer is not None]
    of_category = await catalogue.of_category(session, product.category) if product.category else []
    reason = WORDS.say("same_kind", wish.language, name=product.name_in(wish.language), category=product.category)
    nearest = await _nearest(session, product, of_category, own, wish)
    reasons = dict.fromkeys(nearest, reason)
    if len(reasons) < wish.limit:
        reasons = await _same_options(session, catalogue, product, own, wish) | reasons
        reasons = dict.fromkeys(nearest, reason) | reasons
    found = await first_offers(session, list(reasons), wish.affords, wish.limit)
    return [
        RecommendedProduct.because(
            offer, _with_difference(reasons[offer.id], offer, offer.price_from - own, wish.language), wish.language
        )
        for _, offer in found
    ]


async def _nearest(
    session: AsyncSession, product: Product, product_ids: Sequence[str], price: int, wish: Wish
) -> list[str]:
    """Return those of these that are within the budget, the nearest in price first."""
    prices = await list_prices(session, [one for one in product_ids if one != product.id][:MOST_WEIGHED])
    offered = {one: at for one, at in prices.items() if at is not None and (wish.budget is None or at <= wish.budget)}
    return sorted(offered, key=lambda one: abs(offered[one] - price))


async def _same_options(
    session: AsyncSession, catalogue: Catalogue, product: Product, price: int, wish: Wish
) -> dict[str, str]:
    """Return products with at least half of this one's options, the nearest in price first, each with the reason."""
    reasons: dict[str, str] = {}
    name = product.name_in(wish.language)
    own = {option for variant in product.variants for option in variant.options}
    for choices, product_ids in (await catalogue.by_choices(session)).items():
        shared = sorted(own & choices)
        if shared and len(shared) * 2 >= len(own):
            reason = WORDS.say("same_options", wish.language, name=name, options=", ".join(shared))
            reasons |= dict.fromkeys(product_ids, reason)
    return {one: reasons[one] for one in await _nearest(session, product, list(reasons), price, wish)}


def _why(wanted: Wanted) -> str:
    asked = wanted.asked
    if asked.beside is not None:
        return WORDS.say("goes_with", wanted.language, name=asked.beside)
    if wanted.loosely:
        return WORDS.say("read_loosely", wanted.language, value=asked.words)
    return WORDS.say("matches", wanted.language, query=asked.words) if asked.words else ""


def _with_difference(reason: str, other: Offer, difference: int, language: str) -> str:
    if difference == 0:
        return reason
    message, amount = "dearer" if difference > 0 else "cheaper", money(abs(difference), other.currency, language)
    return WORDS.say(message, language, reason=reason, amount=amount)
