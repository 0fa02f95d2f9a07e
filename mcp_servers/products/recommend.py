"""Recommending products, each with a reason a customer can check: its kind, its words, its price."""

from collections.abc import Sequence

from mcp_servers.products.search import best_matches, words_of
from mcp_servers.products.views import ProductSummary, RecommendedProduct
from storage.money import money
from storage.products import Product

REASONS = {
    "en": {
        "same_kind": "the same kind as {name} ({category})",
        "same_options": "comes in the same choices as {name} ({options})",
        "matches": "matches '{query}'",
        "cheaper": "{amount} less",
        "dearer": "{amount} more",
    },
    "ko": {
        "same_kind": "{name}와(과) 같은 종류 ({category})",
        "same_options": "{name}와(과) 같은 옵션 ({options})",
        "matches": "'{query}' 검색어와 일치",
        "cheaper": "{amount} 저렴",
        "dearer": "{amount} 더 비쌈",
    },
}


def fitting(query: str, products: Sequence[Product], language: str) -> list[RecommendedProduct]:
    """Return the products that match a need in words, the best first."""
    words = REASONS.get(language, REASONS["en"])
    reason = words["matches"].format(query=" ".join(words_of(query)))
    return [_recommended(product, reason) for product in best_matches(products, query)]


def similar_to(product: Product, products: Sequence[Product], language: str) -> list[RecommendedProduct]:
    """Return other products of the same kind, then those with the same choices; the nearest in price first."""
    words, price = REASONS.get(language, REASONS["en"]), _price(product)
    reasons = {other.id: _likeness(product, other, words) for other in products if other.id != product.id}
    alike = [other for other in products if reasons.get(other.id)]
    alike.sort(key=lambda other: (other.category != product.category, abs(_price(other) - price)))
    return [_recommended(other, f"{reasons[other.id]}{_difference(price, other, words)}") for other in alike]


def _likeness(product: Product, other: Product, words: dict[str, str]) -> str | None:
    if product.category and other.category == product.category:
        return words["same_kind"].format(name=product.name, category=product.category)
    shared = sorted(_choices(product) & _choices(other))
    if not shared or len(shared) * 2 < len(_choices(product)):
        return None
    return words["same_options"].format(name=product.name, options=", ".join(shared))


def _difference(price: int, other: Product, words: dict[str, str]) -> str:
    difference = _price(other) - price
    if difference == 0:
        return ""
    key = "dearer" if difference > 0 else "cheaper"
    return f", {words[key].format(amount=money(abs(difference), other.currency))}"


def _choices(product: Product) -> set[str]:
    return {option for variant in product.variants for option in variant.options}


def _price(product: Product) -> int:
    return ProductSummary.of(product).price_from


def _recommended(product: Product, reason: str) -> RecommendedProduct:
    return RecommendedProduct(**ProductSummary.of(product).model_dump(), reason=reason)
