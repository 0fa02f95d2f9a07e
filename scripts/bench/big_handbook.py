"""Makes up a handbook of any size: policies as long as real ones, in English and Korean, the same every time."""

import random
from collections.abc import Iterator
from pathlib import Path

from knowledge.documents import HANDBOOK
from knowledge.reader import Request, read_source

SECTIONS = 8
"""Of a policy; each is one passage, as in the built-in handbook."""
IN_A_FOLDER = 500


def write_handbook(folder: Path, passages: int) -> int:
    """Write policies with this many passages, every other one in Korean; return how many policies."""
    dice = random.Random(passages)  # noqa: S311 - nothing secret
    said = {language: _said(language) for language in ("en", "ko")}
    count = passages // SECTIONS
    for number in range(count):
        language = "ko" if number % 2 else "en"
        path = folder / str(number // IN_A_FOLDER) / f"policy-{number}.{language}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(_policy(number, language, said[language], dice)))
    return count


def _said(language: str) -> list[list[str]]:
    files = sorted((HANDBOOK / language).glob("*.md"))
    sources = [read_source(Request(path, str(path))) for path in files]
    return [piece.text.split() for source in sources for piece in source.pieces]


def _policy(number: int, language: str, said: list[list[str]], dice: random.Random) -> Iterator[str]:
    yield f"---\ntitle: {_words(said, dice, 3)} {number}\nlanguage: {language}\neffective_date: 2025-01-01\n---"
    for section in range(SECTIONS):
        yield f"## {_words(said, dice, 5)} {number}-{section}"
        yield f"{_words(said, dice, dice.randint(30, 90) if language == 'en' else dice.randint(20, 60))}."


def _words(said: list[list[str]], dice: random.Random, count: int) -> str:
    words = list[str]()
    while len(words) < count:
        sentence = dice.choice(said)
        start = dice.randrange(len(sentence))
        words += sentence[start : start + dice.randint(2, 6)]
    # A colon or a quotation mark would make a title no YAML.
    return " ".join(words[:count]).strip(".:,").translate({ord(mark): None for mark in ":\"'"})
