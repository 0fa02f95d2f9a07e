"""The sentences of `replies.toml`, filled in."""

import re
import tomllib
from functools import cache
from pathlib import Path

from team.standin.language import Language, Word

WITHOUT_MINOR_UNITS = ("KRW", "JPY", "VND")


@cache
def _tables() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(Path(__file__).with_name("replies.toml").read_text(encoding="utf-8"))


def say(language: Language, key: str, **facts: object) -> str:
    """One sentence, such as `order.where`."""
    table, name = key.split(".", 1)
    return _tables()[table][name][language].format(**{fact: Word(value) for fact, value in facts.items()})


def known(table: str, name: str) -> bool:
    """Whether there is such a sentence."""
    return name in _tables()[table]


def refusal(language: Language, error: str) -> str:
    """A tool's refusal as it is told to a customer."""
    for name, sentence in _tables()["refusal"].items():
        if found := re.search(sentence["match"], error):
            return say(language, f"refusal.{name}", error=error, **_in_words(found.groupdict(), language))
    raise LookupError(error)


def _in_words(facts: dict[str, str], language: Language) -> dict[str, str]:
    return {
        fact: say(language, f"status.{value}") if known("status", value) else value for fact, value in facts.items()
    }


def openings(table: str, language: Language) -> list[str]:
    """How each sentence of a table begins, up to its first fact."""
    return [sentence[language].split("{")[0].strip() for sentence in _tables()[table].values()]


def money(amount: int, currency: str, language: Language) -> str:
    """An amount of minor units as people write it."""
    if currency in WITHOUT_MINOR_UNITS:
        return f"{amount:,}원" if currency == "KRW" and language == "ko" else f"{amount:,} {currency}"
    return (
        f"{amount // 100:,}.{amount % 100:02d} {currency}" if amount >= 0 else f"-{money(-amount, currency, language)}"
    )
