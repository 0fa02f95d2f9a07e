"""Two kinds of question that their words alone decide: one that asks for a policy as such, and one about another shop.

No single passage answers "What is your shipping policy?", so the learned decision calls it unanswered, although the
policy itself is the answer. "What is Amazon's return window?" is close to our own, but is not a question about it.
"""

import tomllib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from knowledge.language.words import MEANING_MARK, search_words, subjects

_LISTS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent.parent / "language" / "asking.toml").read_text(encoding="utf-8")
)
Subjects = Sequence[tuple[str, ...]]
# English words stand whole, Korean ones at a word's beginning, before any particle or ending.
POLICY, ASKING, OTHERS, COMPARES = (tuple(_LISTS[name]) for name in ("policy", "asking", "others", "compares"))


def subjects_of_policy(question: str) -> Subjects:
    """Return what a question names that asks for a policy as such, and nothing if it asks for none."""
    return subjects(_without(question, (*POLICY, *ASKING))) if _has(question, POLICY) else []


def names_all(text: str, named: Subjects) -> bool:
    """Return whether a text names all of these subjects, if there are any."""
    words = set(search_words(text))
    return bool(named) and all(_is_in(words, one) for one in named)


def is_about_another_shop(question: str, passages: Iterable[str]) -> bool:
    """Return whether a question names another shop, and none of these passages speaks of that shop and its subject."""
    if not _has(question, OTHERS) or _has(question, COMPARES):
        return False
    named = subjects(_without(question, (*OTHERS, *ASKING)))
    told = [set(search_words(text)) for text in passages if _has(text, OTHERS)]
    return not any(2 * sum(_is_in(text, words) for words in named) > len(named) for text in told)


def _has(text: str, listed: tuple[str, ...]) -> bool:
    words = _words(text)
    # "Best Buy" is one name.
    return any(_is_listed(word, listed) for word in (*words, *map("".join, pairwise(words))))


def _without(text: str, listed: tuple[str, ...]) -> str:
    return " ".join(word for word in _words(text) if not _is_listed(word, listed))


def _words(text: str) -> list[str]:
    words = (word.strip(".,;:!?~^()[]\"'“”‘’") for word in text.casefold().replace("’", "'").split())
    return [word.removesuffix("'s") for word in words]


def _is_listed(word: str, listed: tuple[str, ...]) -> bool:
    return word in listed or (not word.isascii() and word.startswith(listed))


def _is_in(text: set[str], words: tuple[str, ...]) -> bool:
    return words[0] in text or all(word in text for word in words if not word.startswith(MEANING_MARK))
