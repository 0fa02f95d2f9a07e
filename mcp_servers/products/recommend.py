"""Recommending products, each with a reason a customer can check: its kind, its words, its price."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.products.catalogue import Catalogue, first_offers
from mcp_servers.products.search import words_of
from mcp_servers.products.views import RecommendedProduct
from mcp_servers.products.words import WORDS
from storage.shop.catalogue import Offer, list_offers
from storage.shop.money import money
from storage.shop.products import Product


@dataclass(frozen=True)
class Wish:
    """The budget and number of recommendations, and the language of the reasons."""

    budget: int | None
    limit: int
    language: str

    def affords(self, offer: Offer) -> bool:
        """Return whether a product is available within the budget."""
        return offer.available and (self.budget is None or offer.price_from <= self.budget)


async def fitting(session: AsyncSession, catalogue: Catalogue, query: str, wish: Wish) -> list[RecommendedProduct]:
    """Return the products that match a need in words, best first."""
    matches = await catalogue.matches(session, query)
    found = await first_offers(session, [match.product_id for match in matches], wish.affords, wish.limit)
    reason = WORDS.say("matches", wish.language, query=" ".join(words_of(query)))
    return [RecommendedProduct.because(offer, reason) for _, offer in found]


async def similar_to(
    session: AsyncSession, catalogue: Catalogue, product: Product, wish: Wish
) -> list[RecommendedProduct]:
    """Return other products of the same kind, then those with the same options; nearest in price first."""
    [price] = [offer.price_from for offer in await list_offers(session, [product.id]) if offer is not None]
    reasons = await _reasons(session, catalogue, product, wish.language)
    found = [offer for _, offer in await first_offers(session, list(reasons), wish.affords, len(reasons))]
    found.sort(key=lambda one: (one.category != product.category, abs(one.price_from - price), one.position))
    return [
        RecommendedProduct.because(
            offer, _with_difference(reasons[offer.id], offer, offer.price_from - price, wish.language)
        )
        for offer in found[: wish.limit]
    ]


async def _reasons(session: AsyncSession, catalogue: Catalogue, product: Product, language: str) -> dict[str, str]:
    """Return the products like this one, each with the reason."""
    reasons: dict[str, str] = {}
    own = {option for variant in product.variants for option in variant.options}
    for choices, product_ids in (await catalogue.by_choices(session)).items():
        shared = sorted(own & choices)
        if shared and len(shared) * 2 >= len(own):
            reason = WORDS.say("same_options", language, name=product.name, options=", ".join(shared))
            reasons |= dict.fromkeys(product_ids, reason)
    if product.category:
        reason = WORDS.say("same_kind", language, name=product.name, category=product.category)
        reasons |= dict.fromkeys(await catalogue.of_category(session, product.category), reason)
    reasons.pop(product.id, None)
    return reasons


def _with_difference(reason: str, other: Offer, difference: int, language: str) -> str:
    if difference == 0:
        return reason
    message, amount = "dearer" if difference > 0 else "cheaper", money(abs(difference), other.currency)
    return WORDS.say(message, language, reason=reason, amount=amount)
