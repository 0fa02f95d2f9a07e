"""Finding products by words: how well a product's name, keywords, category and description match."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from storage.shop.catalogue import ProductText

HANGUL = re.compile(r"[가-힣]")
WORST_KEPT = 2
# Heavier fields come later, since a word counts where it matches best.
WEIGHTS = (("description", 1), ("category", 2), ("keywords", 3), ("name", 4))


class Match(NamedTuple):
    """A product that matches a query, and how well: the sum of its words' weights."""

    product_id: str
    score: int


def words_of(query: str) -> list[str]:
    """Return the words to look for, in lower case; plurals also match their singular, single letters do not count."""
    words = [_stem(word) for word in re.findall(r"\w+", query.lower())]
    return [word for word in words if len(word) > 1 or HANGUL.search(word)]


class WordIndex:
    """Which products have which words. Building it is slow enough to run in a thread."""

    def __init__(self, texts: Sequence[ProductText]) -> None:
        self._ids = [text.id for text in texts]
        self._fields = [(weight, _Field([getattr(text, field) for text in texts])) for field, weight in WEIGHTS]

    def best_matches(self, query: str) -> list[Match]:
        """Return the products that match a query, best first, without those that match far worse than the best."""
        scores: Counter[int] = Counter()
        for word, times in Counter(words_of(query)).items():
            for product, weight in self._weights(word).items():
                scores[product] += weight * times
        best = max(scores.values(), default=0)
        kept = [(-score, product) for product, score in scores.items() if score * WORST_KEPT >= best]
        return [Match(self._ids[product], -score) for score, product in sorted(kept)]

    def _weights(self, word: str) -> dict[int, int]:
        weights: dict[int, int] = {}
        for weight, field in self._fields:
            for products in field.having(word):
                weights.update(dict.fromkeys(products, weight))
        return weights


class _Field:
    """The words of one field, sorted, each with its products by position in the shop's order."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._products: dict[str, list[int]] = {}
        for product, text in enumerate(texts):
            for word in set(re.findall(r"\w+", text.lower())):
                self._products.setdefault(word, []).append(product)
        self._words = sorted(self._products)
        self._korean = [word for word in self._words if HANGUL.search(word)]

    def having(self, word: str) -> Iterator[list[int]]:
        """Yield the products of each word of theirs that a searched word finds: that begins with it, or in Korean
        has it anywhere.
        """
        if not HANGUL.search(word):
            yield from self._beginning(word)
            return
        # Korean writes particles onto a word ("이어폰을"), so a word is also found without its last syllable.
        if len(word) > len("가방"):
            yield from self._beginning(word[:-1])
        yield from (self._products[one] for one in self._korean if word in one)

    def _beginning(self, start: str) -> Iterator[list[int]]:
        for place in range(bisect_left(self._words, start), len(self._words)):
            if not self._words[place].startswith(start):
                return
            yield self._products[self._words[place]]


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > len("gas") else word
