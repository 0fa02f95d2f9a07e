"""Fills in the sentences of the data."""

from functools import cache

from team.standin.data.tables import tables
from team.standin.speaking.particles import Word
from team.standin.understanding.language import Language
from team.standin.understanding.words import group

NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
"""Currencies whose minor unit is not a hundredth (ISO 4217)."""


@cache
def _replies(language: Language) -> dict[str, dict[str, str]]:
    return tables(language, "replies")


def say(language: Language, key: str, **facts: object) -> str:
    """Return one sentence, such as `order.where`."""
    table, name = key.split(".", 1)
    return _replies(language)[table][name].format(**{fact: Word(value) for fact, value in facts.items()})


def known(table: str, name: str) -> bool:
    """Whether there is such a sentence."""
    return name in _replies("en")[table]


def refusal(language: Language, error: str) -> str:
    """Put a tool's refusal into words for a customer."""
    for name, (pattern,) in group("refusal").items():
        if found := pattern.search(error):
            return say(language, f"refusal.{name}", error=error, **_in_words(found.groupdict(), language))
    raise LookupError(error)


def _in_words(facts: dict[str, str], language: Language) -> dict[str, str]:
    return {
        fact: say(language, f"status.{value}") if known("status", value) else value for fact, value in facts.items()
    }


def openings(table: str, language: Language) -> list[str]:
    """Return how each sentence of a table begins, up to its first fact."""
    return [sentence.split("{")[0].strip() for sentence in _replies(language)[table].values()]


def money(amount: int, currency: str, language: Language) -> str:
    """Format an amount of minor units as people write it."""
    if currency in NO_DIGITS:
        return f"{amount:,}원" if currency == "KRW" and language == "ko" else f"{amount:,} {currency}"
    digits = 3 if currency in THREE_DIGITS else 2
    whole, rest = divmod(abs(amount), 10**digits)
    return f"{'-' if amount < 0 else ''}{whole:,}.{rest:0{digits}d} {currency}"
