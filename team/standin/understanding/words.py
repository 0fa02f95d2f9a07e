"""Which of the data's words a text contains."""

import re
from functools import cache

from team.standin.data.tables import tables
from team.standin.understanding.language import HANGUL, LANGUAGES, LATIN, Language

SAME_BEGINNING = 5

Patterns = list[re.Pattern[str]]


@cache
def _tables(language: Language) -> dict[str, dict[str, list[str]]]:
    return tables(language, "words") | tables(language, "concepts")


@cache
def group(name: str, languages: tuple[Language, ...] = LANGUAGES) -> dict[str, Patterns]:
    """Return the entries of one table in these languages, as compiled patterns."""
    found: dict[str, Patterns] = {}
    for language in languages:
        for key, lines in _tables(language).get(name, {}).items():
            found.setdefault(key, []).extend(re.compile(line, re.IGNORECASE) for line in lines)
    return found


@cache
def _either(table: str, languages: tuple[Language, ...]) -> dict[str, re.Pattern[str]]:
    """Return one pattern per entry."""
    every = group(table, languages)
    return {key: re.compile("|".join(one.pattern for one in some), re.IGNORECASE) for key, some in every.items()}


def _written_in(text: str) -> tuple[Language, ...]:
    """Return the languages whose letters the text contains: words of the others cannot occur in it."""
    hangul, latin = HANGUL.search(text), LATIN.search(text)
    return LANGUAGES if hangul and latin else ("ko",) if hangul else ("en",)


def says(text: str, table: str, key: str) -> bool:
    """Whether the text contains one of that entry's words."""
    found = _either(table, _written_in(text)).get(key)
    return found is not None and found.search(text) is not None


def said(text: str, table: str) -> list[str]:
    """Return the table's entries whose words the text contains, in the table's order."""
    return [key for key, pattern in _either(table, _written_in(text)).items() if pattern.search(text)]


def without(text: str, table: str, key: str) -> str:
    """Return the text without that entry's words."""
    for pattern in group(table)[key]:
        text = pattern.sub(" ", text)
    return " ".join(text.split())


def replaced(text: str, table: str, key: str, sign: str) -> str:
    """Return the text with one sign in place of each of that entry's words."""
    pattern = _either(table, _written_in(text)).get(key)
    return pattern.sub(sign, text) if pattern else text


def stems(text: str) -> set[str]:
    """Return the first letters of a text's content words; for Korean ones, the first two syllables."""
    telling = without(without(text, "search", "en"), "routing", "common").lower()
    return {word[:SAME_BEGINNING] for word in re.findall(r"[a-z]{4,}", telling)} | set(
        re.findall(r"[가-힣]{2}", telling)
    )
