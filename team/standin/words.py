"""Which of the words in `words.toml` a text holds."""

import re
import tomllib
from functools import cache
from pathlib import Path

SAME_BEGINNING = 5

Patterns = list[re.Pattern[str]]


@cache
def group(name: str) -> dict[str, Patterns]:
    """The entries of one table of `words.toml`, ready to search with."""
    return {key: [re.compile(line, re.IGNORECASE) for line in lines] for key, lines in _tables()[name].items()}


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    files = [Path(__file__).with_name(name) for name in ("words.toml", "concepts.toml")]
    return {name: table for file in files for name, table in tomllib.loads(file.read_text(encoding="utf-8")).items()}


@cache
def _either(table: str) -> dict[str, re.Pattern[str]]:
    return {
        key: re.compile("|".join(one.pattern for one in lines), re.IGNORECASE) for key, lines in group(table).items()
    }


def says(text: str, table: str, key: str) -> bool:
    """Whether the text holds one of the words of that entry."""
    found = _either(table).get(key)
    return found is not None and found.search(text) is not None


def said(text: str, table: str) -> list[str]:
    """The entries of the table whose words the text holds, in the table's order."""
    return [key for key, pattern in _either(table).items() if pattern.search(text)]


def without(text: str, table: str, key: str) -> str:
    """The text with the words of that entry taken out."""
    for pattern in group(table)[key]:
        text = pattern.sub(" ", text)
    return " ".join(text.split())


def stems(text: str) -> set[str]:
    """The beginnings of a text's telling words; of Korean ones, the first two syllables."""
    telling = without(without(text, "search", "en"), "routing", "common").lower()
    return {word[:SAME_BEGINNING] for word in re.findall(r"[a-z]{4,}", telling)} | set(
        re.findall(r"[가-힣]{2}", telling)
    )
