"""Which of the words in `words.toml` a text holds."""

import re
import tomllib
from functools import cache
from pathlib import Path

SAME_BEGINNING = 5

HANGUL, LATIN, NONE = re.compile(r"[가-힣ㄱ-ㅣ]"), re.compile(r"[A-Za-z]"), re.compile(r"(?!)")

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
def _either(table: str, script: str) -> dict[str, re.Pattern[str]]:
    """One pattern an entry, of those lines only that a text in this script can hold."""
    foreign = LATIN if script == "hangul" else HANGUL if script == "latin" else NONE
    lines = {
        key: [one.pattern for one in every if not foreign.search(_plain(one))] for key, every in group(table).items()
    }
    return {key: re.compile("|".join(every), re.IGNORECASE) for key, every in lines.items() if every}


def _plain(pattern: re.Pattern[str]) -> str:
    """The letters a pattern looks for, without the letters of its own syntax."""
    return re.sub(r"\\.", "", pattern.pattern)


def _script(text: str) -> str:
    hangul, latin = HANGUL.search(text), LATIN.search(text)
    return "both" if hangul and latin else "hangul" if hangul else "latin"


def says(text: str, table: str, key: str) -> bool:
    """Whether the text holds one of the words of that entry."""
    found = _either(table, _script(text)).get(key)
    return found is not None and found.search(text) is not None


def said(text: str, table: str) -> list[str]:
    """The entries of the table whose words the text holds, in the table's order."""
    return [key for key, pattern in _either(table, _script(text)).items() if pattern.search(text)]


def without(text: str, table: str, key: str) -> str:
    """The text with the words of that entry taken out."""
    for pattern in group(table)[key]:
        text = pattern.sub(" ", text)
    return " ".join(text.split())


def replaced(text: str, table: str, key: str, sign: str) -> str:
    """The text with one sign in the place of each word of that entry."""
    pattern = _either(table, _script(text)).get(key)
    return pattern.sub(sign, text) if pattern else text


def stems(text: str) -> set[str]:
    """The beginnings of a text's telling words; of Korean ones, the first two syllables."""
    telling = without(without(text, "search", "en"), "routing", "common").lower()
    return {word[:SAME_BEGINNING] for word in re.findall(r"[a-z]{4,}", telling)} | set(
        re.findall(r"[가-힣]{2}", telling)
    )
