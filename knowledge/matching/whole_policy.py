"""Two kinds of question that their words alone decide: one that asks for a policy as such, and one about another shop.

No single passage answers "What is your shipping policy?", so the learned decision calls it unanswered, although the
policy itself is the answer. "What is Amazon's return window?" is close to our own, but is not a question about it.
"""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from knowledge.language.glossary import HANGUL
from knowledge.language.words import MEANING_MARK, search_words, subjects

_LISTS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent.parent / "language" / "asking.toml").read_text(encoding="utf-8")
)


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Match these words: an English one whole, a Korean one with whatever ending follows."""
    either = "|".join(
        rf"{re.escape(word)}[가-힣]*" if HANGUL.search(word) else rf"\b{re.escape(word)}\b" for word in words
    )
    return re.compile(rf"(?<![가-힣])(?:{either})", re.IGNORECASE)


POLICY, ASKING, OTHERS = (_pattern(_LISTS[name]) for name in ("policy", "asking", "others"))
COMPARES = re.compile("|".join(re.escape(word) for word in _LISTS["compares"]), re.IGNORECASE)


def asks_for_a_policy(question: str, titles: Iterable[str]) -> bool:
    """Return whether a question asks for one of these policies as such: all else that it names stands in its title."""
    if not POLICY.search(question):
        return False
    named = subjects(ASKING.sub(" ", POLICY.sub(" ", question)))
    return bool(named) and any(_names_all(set(search_words(title)), named) for title in titles)


def is_about_another_shop(question: str, passages: Iterable[str]) -> bool:
    """Return whether a question names another shop, and none of these passages speaks of that shop and its subject."""
    if not OTHERS.search(question) or COMPARES.search(question):
        return False
    named = subjects(ASKING.sub(" ", OTHERS.sub(" ", question)))
    told = [set(search_words(text)) for text in passages if OTHERS.search(text)]
    return not any(2 * sum(_is_in(text, words) for words in named) > len(named) for text in told)


def _names_all(title: set[str], named: Iterable[tuple[str, ...]]) -> bool:
    return all(_is_in(title, words) for words in named)


def _is_in(text: set[str], words: tuple[str, ...]) -> bool:
    return words[0] in text or all(word in text for word in words if not word.startswith(MEANING_MARK))
