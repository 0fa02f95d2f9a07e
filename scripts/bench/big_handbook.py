"""Generates a handbook of any size: policies as long as real ones, in English and Korean, the same every time.

Its sentences are the built-in handbook's, cut up and mixed. One word in eight is invented, and drawn so that a few are
common and most are rare, which makes the vocabulary grow with the handbook as it does in real text.
"""

import random
from collections.abc import Iterator
from pathlib import Path

from knowledge.reading.documents import HANDBOOK
from knowledge.reading.reader import Request, read_source

LANGUAGES = ("en", "ko")
SECTIONS = 8
"""Per policy; each section is one passage, as in the built-in handbook."""
IN_A_FOLDER = 500
MADE_UP = 1 / 8
"""Share of all words: the models, brands, streets and numbers that occur in one policy only."""
VOCABULARY = 50_000
LENGTHS = {"en": (30, 90), "ko": (20, 60)}
"""The fewest and most words in a section."""
SYLLABLES = {
    "en": [first + then for first in "bcdfgklmnprstv" for then in "aeiou"],
    "ko": list(
        "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호구누두루무부수우주추"
    ),
}


def write_handbook(folder: Path, passages: int) -> int:
    """Write policies with this many passages, each in English and in Korean; return the number of files."""
    dice = random.Random(passages)  # noqa: S311 - nothing secret
    said = {language: _said(language) for language in LANGUAGES}
    count = passages // SECTIONS
    for number in range(count):
        policy, language = number // len(LANGUAGES), LANGUAGES[number % len(LANGUAGES)]
        path = folder / str(number // IN_A_FOLDER) / f"policy-{policy}.{language}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(_policy(policy, language, said[language], dice)))
    return count


def _said(language: str) -> list[list[str]]:
    files = sorted((HANDBOOK / language).glob("*.md"))
    sources = [read_source(Request(path, str(path))) for path in files]
    return [piece.text.split() for source in sources for piece in source.pieces]


def _policy(number: int, language: str, said: list[list[str]], dice: random.Random) -> Iterator[str]:
    yield f"---\ntitle: {_words(said, language, dice, 3)} {number}\nlanguage: {language}\n"
    yield "effective_date: 2025-01-01\n---"
    for section in range(SECTIONS):
        yield f"## {_words(said, language, dice, 5)} {number}-{section}"
        yield f"{_words(said, language, dice, dice.randint(*LENGTHS[language]))}."


def _words(said: list[list[str]], language: str, dice: random.Random, count: int) -> str:
    words = list[str]()
    while len(words) < count:
        sentence = dice.choice(said)
        start = dice.randrange(len(sentence))
        words += sentence[start : start + dice.randint(2, 6)]
    mixed = (_made_up(language, dice) if dice.random() < MADE_UP else word for word in words[:count])
    # A colon or quotation mark would make the title invalid YAML.
    return " ".join(mixed).strip(".:,").translate({ord(mark): None for mark in ":\"'"})


def _made_up(language: str, dice: random.Random) -> str:
    # A uniformly distributed exponent makes a word's frequency inversely proportional to its rank, as in real text.
    rank = int(VOCABULARY ** dice.random())
    syllables, word = SYLLABLES[language], ""
    while rank:
        rank, syllable = divmod(rank, len(syllables))
        word += syllables[syllable]
    return word
