"""Finding products by words: how well a product's name, keywords and description match."""

import re

from storage.products import Product

HANGUL = re.compile(r"[가-힣]")
WEIGHTS = (("name", 4), ("keywords", 3), ("category", 2), ("description", 1))


def words_of(query: str) -> list[str]:
    """Return the words to look for, in lower case; a plural is also found by its singular."""
    return [_stem(word) for word in re.findall(r"\w+", query.lower())]


def score(product: Product, words: list[str]) -> int:
    """Return how well a product matches; 0 when no word does. A word counts where it matches best."""
    return sum(max(_weight(product, word), 0) for word in words)


def _weight(product: Product, word: str) -> int:
    return max((weight for field, weight in WEIGHTS if _found(word, getattr(product, field).lower())), default=0)


def _found(word: str, text: str) -> bool:
    # Korean writes particles onto a word ("이어폰을"), so a word is also found without its last syllable.
    if HANGUL.search(word):
        return word in text or (len(word) > len("이어") and word[:-1] in text)
    return re.search(rf"\b{re.escape(word)}", text) is not None


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > len("gas") else word
