"""The shop's glossary: what shop words mean, in either language."""

import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

GLOSSARY = Path(__file__).resolve().parent / "glossary.toml"
HANGUL = re.compile(r"[가-힣]+")
NOTHING = r"(?!)"
"""A pattern that matches nowhere."""


@cache
def stemmer() -> TextAnalyzer:
    """Return a function that splits English into word stems."""
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    return builder.filter(Filter.lowercase()).filter(Filter.stemmer("english")).build()


@dataclass(frozen=True)
class Glossary:
    """Which words have which meaning, prepared for lookup."""

    meanings: dict[str, int]
    """Meaning numbers by name."""
    english: dict[tuple[str, ...], str]
    korean: dict[str, str]
    korean_pattern: re.Pattern[str]
    latin_pattern: re.Pattern[str]
    """Korean words without Korean letters, such as A/S."""
    in_english: dict[str, str]
    words: dict[str, frozenset[str]]
    digest: str
    lengths: dict[str, tuple[int, ...]]
    """By first stem: the lengths, in stems, of the English words that start with it, longest first."""


@dataclass(frozen=True)
class Meant:
    """A meaning, and how much of the text expresses it: stems in English, letters in Korean."""

    meaning: str
    start: int
    length: int


@cache
def glossary() -> Glossary:
    """Read the glossary once per process: it is package data and does not change."""
    source = GLOSSARY.read_bytes()
    entries = tomllib.loads(source.decode())["meaning"]
    english = {tuple(stemmer().analyze(word)): name for name, entry in entries.items() for word in entry["en"]}
    korean = sorted({word for entry in entries.values() for word in entry["ko"]}, key=len, reverse=True)
    return Glossary(
        meanings={name: number for number, name in enumerate(sorted(entries))},
        english=english,
        korean={_joined(word): name for name, entry in entries.items() for word in entry["ko"]},
        korean_pattern=_pattern(korean),
        latin_pattern=_pattern(word for word in korean if not HANGUL.search(word)),
        in_english={name: entry["en"][0] for name, entry in entries.items()},
        words={
            language: frozenset(word for entry in entries.values() for word in entry[language])
            for language in ("en", "ko")
        },
        digest=hashlib.sha256(source).hexdigest()[:8],
        lengths=_lengths(english),
    )


def _lengths(words: Iterable[tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for stems in words:
        lengths[stems[0]].add(len(stems))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    # Grouped by first letter, with each case as its own letter, so that a search can skip ahead: a hundred times as
    # fast as one list of all words.
    rests: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        rest = r"\s?".join(map(re.escape, word.split()))[len(re.escape(word[0])) :]
        for first in {word[0].lower(), word[0].upper()}:
            rests[first].append(rest)
    choices = "|".join(f"{re.escape(first)}(?i:{'|'.join(rest)})" for first, rest in rests.items())
    return re.compile(choices or NOTHING)


def meanings(text: str) -> list[str]:
    """Return the meanings of the shop words in a text, once per occurrence."""
    stems = stemmer().analyze(HANGUL.sub(" ", text))
    return [meant.meaning for meant in (*korean_meanings(text), *english_meanings(stems))]


def as_english(text: str) -> str:
    """Return a text with its Korean shop words in English and the rest of its Korean left out."""
    parts, end = list[str](), 0
    for meant in korean_meanings(text):
        parts += [text[end : meant.start], glossary().in_english[meant.meaning]]
        end = meant.start + meant.length
    return " ".join(HANGUL.sub(" ", " ".join([*parts, text[end:]])).split())


# Cached because each text is looked up twice in a row, for its meanings and for its English.
@lru_cache(maxsize=4_096)
def korean_meanings(text: str) -> Sequence[Meant]:
    """Return the meanings of the Korean shop words in a text, by position."""
    pattern = glossary().korean_pattern if HANGUL.search(text) else glossary().latin_pattern
    return [Meant(_meaning(found), found.start(), found.end() - found.start()) for found in pattern.finditer(text)]


def english_meanings(stems: list[str]) -> Iterator[Meant]:
    """Yield the meanings of the English shop words in a sequence of stems; the longest word wins."""
    book, start = glossary(), 0
    while start < len(stems):
        for length in book.lengths.get(stems[start], ()):
            meaning = book.english.get(tuple(stems[start : start + length]))
            if meaning is not None and start + length <= len(stems):
                yield Meant(meaning, start, length)
                start += length - 1
                break
        start += 1


def _meaning(found: re.Match[str]) -> str:
    return glossary().korean[_joined(found.group())]


def _joined(word: str) -> str:
    return re.sub(r"\s", "", word).casefold()
