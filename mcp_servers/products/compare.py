"""Two products side by side: what each costs, which options it comes in, and what only one of them has."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from mcp_servers.products.words import WORDS
from storage.reviews.summaries import list_ratings
from storage.shop.catalogue import Offer
from storage.shop.money import money
from storage.shop.products import Product, get_product

Facts = dict[str, dict[str, str]]


async def side_by_side(session: AsyncSession, offers: Sequence[Offer], language: str) -> Facts | None:
    """Return the facts of each of these products by its name, in a language; None if there are not at least two."""
    if len(offers) < 2:  # noqa: PLR2004 - one has nothing beside it
        return None
    products = [await get_product(session, offer.id) for offer in offers]
    options = [_options(product) for product in products]
    ratings = await list_ratings(session, [offer.id for offer in offers])
    facts: Facts = {}
    for place, (offer, product) in enumerate(zip(offers, products, strict=True)):
        others = [one for at, one in enumerate(options) if at != place]
        told = _facts(offer, product, language) | _choices(options[place], others, language)
        if rating := ratings.get(offer.id):
            told[WORDS.say("side_rating", language)] = f"{rating.mean} ({rating.reviews:,})"
        name = product.name_in(language)
        facts[name if name not in facts else f"{name} ({product.id})"] = told
    return facts | {WORDS.say("side_cheapest", language): _cheapest(offers, language)}


def _facts(offer: Offer, product: Product, language: str) -> dict[str, str]:
    prices = sorted({variant.price for variant in product.variants} or {offer.price_from})
    shown = " – ".join(
        money(price, offer.currency, language) for price in (prices if len(prices) == 1 else (prices[0], prices[-1]))
    )
    return {
        WORDS.say("side_price", language): shown,
        WORDS.say("side_stock", language): WORDS.say("side_yes" if offer.available else "side_no", language),
    }


def _choices(
    own: Mapping[str, Sequence[str]], others: Sequence[Mapping[str, Sequence[str]]], language: str
) -> dict[str, str]:
    only = {
        name: [value for value in values if not any(value in other.get(name, ()) for other in others)]
        for name, values in own.items()
    }
    said = {"side_options": _listed(own), "side_only": _listed(only)}
    return {WORDS.say(name, language): text for name, text in said.items() if text}


def _listed(options: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{name}: {', '.join(values)}" for name, values in options.items() if values)


def _cheapest(offers: Sequence[Offer], language: str) -> dict[str, str]:
    ordered = sorted(offers, key=lambda offer: offer.price_from)
    difference = ordered[1].price_from - ordered[0].price_from
    amount = money(difference, ordered[0].currency, language)
    message = "side_cheaper" if difference else "side_same"
    return {ordered[0].name_in(language): WORDS.say(message, language, amount=amount)}


def _options(product: Product) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for variant in product.variants:
        for name, value in variant.options.items():
            if value not in found.setdefault(name, []):
                found[name].append(value)
    return found
