"""Words: what a text is searched by, in English and Korean, and the shop's glossary that joins the two."""

import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

GLOSSARY = Path(__file__).resolve().parent / "glossary.toml"
MEANING_MARK = "§"
"""Stands before a meaning, so that it is never taken for a word."""

_HANGUL = re.compile(r"[가-힣]+")
_STOP_WORDS = """
a about am an and any are as at be been but by can could d did do does for from had has have he her here him his how i
if in into is it its just ll m may me my no not of on or our out re s shall she should so some t than that the their
them then there these they this those to up us ve was we were what when where which who why will with would you your
"""


@cache
def _stemmer() -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple())
    return builder.filter(Filter.lowercase()).filter(Filter.stemmer("english")).build()


@cache
def _stop_stems() -> frozenset[str]:
    return frozenset(_stemmer().analyze(_STOP_WORDS))


@dataclass(frozen=True)
class Glossary:
    """What shop words mean, whichever language says them."""

    meanings: tuple[str, ...]
    english: dict[tuple[str, ...], str]
    korean: dict[str, str]
    korean_pattern: re.Pattern[str]
    in_english: dict[str, str]
    digest: str
    longest: int


@cache
def glossary() -> Glossary:
    """Read the glossary, once in a process: it is data of this package and does not change."""
    source = GLOSSARY.read_bytes()
    entries = tomllib.loads(source.decode())["meaning"]
    english = {tuple(_stemmer().analyze(word)): name for name, entry in entries.items() for word in entry["en"]}
    words = sorted({word for entry in entries.values() for word in entry["ko"]}, key=len, reverse=True)
    return Glossary(
        meanings=tuple(sorted(entries)),
        english=english,
        korean={_joined(word): name for name, entry in entries.items() for word in entry["ko"]},
        korean_pattern=_pattern(words),
        in_english={name: entry["en"][0] for name, entry in entries.items()},
        digest=hashlib.sha256(source).hexdigest()[:8],
        longest=max(map(len, english)),
    )


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    # Sorted by their first letter, which is looked at first: ten times as quick as one list of all words.
    rests: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        rests[word[0]].append(r"\s?".join(map(re.escape, word.split()))[len(re.escape(word[0])) :])
    firsts = "".join(map(re.escape, rests))
    choices = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items())
    return re.compile(f"(?=[{firsts}])(?:{choices})", re.IGNORECASE)


def meanings(text: str) -> list[str]:
    """Return what the shop words in a text mean, as often as they stand there."""
    return [*_korean_meanings(text), *_english_meanings(text)]


def as_english(text: str) -> str:
    """Return a text with its Korean shop words in English and the rest of its Korean left out."""
    book = glossary()
    translated = book.korean_pattern.sub(lambda found: f" {book.in_english[_meaning(found)]} ", text)
    return " ".join(_HANGUL.sub(" ", translated).split())


def syllable_pairs(text: str) -> Iterator[str]:
    """Yield each Korean word's neighbouring syllables; a word of one syllable is yielded whole."""
    for word in _HANGUL.findall(text):
        if len(word) == 1:
            yield word
        for start in range(len(word) - 1):
            yield word[start : start + 2]


def search_words(text: str) -> list[str]:
    """Return what BM25 counts: English stems, Korean syllable pairs, and each meaning twice, since it says more."""
    stems = [stem for stem in _stemmer().analyze(_HANGUL.sub(" ", text)) if stem not in _stop_stems()]
    marked = [f"{MEANING_MARK}{meaning}" for meaning in meanings(text)]
    return [*stems, *syllable_pairs(text), *marked, *marked]


def language_of(text: str) -> str:
    """Return the language a question is in: Korean where a third of its letters or more are Hangul."""
    letters = sum(mark.isalpha() for mark in text)
    hangul = sum(map(len, _HANGUL.findall(text)))
    return "ko" if hangul and hangul * 3 >= letters else "en"


def _korean_meanings(text: str) -> Iterator[str]:
    return (_meaning(found) for found in glossary().korean_pattern.finditer(text))


def _english_meanings(text: str) -> Iterator[str]:
    book, stems, start = glossary(), _stemmer().analyze(_HANGUL.sub(" ", text)), 0
    while start < len(stems):
        for length in range(min(book.longest, len(stems) - start), 0, -1):
            meaning = book.english.get(tuple(stems[start : start + length]))
            if meaning is not None:
                yield meaning
                start += length - 1
                break
        start += 1


def _meaning(found: re.Match[str]) -> str:
    return glossary().korean[_joined(found.group())]


def _joined(word: str) -> str:
    return re.sub(r"\s", "", word).lower()
