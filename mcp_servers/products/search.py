"""Finding products by words: how well a product's name, keywords and description match."""

import re
from collections.abc import Sequence

from storage.products import Product

HANGUL = re.compile(r"[가-힣]")
WORST_KEPT = 2
WEIGHTS = (("name", 4), ("keywords", 3), ("category", 2), ("description", 1))


def words_of(query: str) -> list[str]:
    """Return the words to look for, in lower case; a plural is also found by its singular, a lone letter is no word."""
    words = [_stem(word) for word in re.findall(r"\w+", query.lower())]
    return [word for word in words if len(word) > 1 or HANGUL.search(word)]


def score(product: Product, words: list[str]) -> int:
    """Return how well a product matches; 0 when no word does. A word counts where it matches best."""
    return sum(_weight(product, word) for word in words)


def best_matches(products: Sequence[Product], query: str) -> list[Product]:
    """Return the products that match a query, the best first, without those that match far worse than the best."""
    words = words_of(query)
    scored = [(score(product, words), product) for product in products]
    best = max((found for found, _ in scored), default=0)
    kept = [pair for pair in scored if pair[0] > 0 and pair[0] * WORST_KEPT >= best]
    return [product for _, product in sorted(kept, key=lambda pair: (-pair[0], pair[1].position))]


def _weight(product: Product, word: str) -> int:
    return max((weight for field, weight in WEIGHTS if _found(word, getattr(product, field).lower())), default=0)


def _found(word: str, text: str) -> bool:
    if not HANGUL.search(word):
        return re.search(rf"\b{re.escape(word)}", text) is not None
    # Korean writes particles onto a word ("이어폰을"), so a word is also found without its last syllable.
    without_particle = len(word) > len("가방") and re.search(rf"\b{re.escape(word[:-1])}", text) is not None
    return word in text or without_particle


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > len("gas") else word
