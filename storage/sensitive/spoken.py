"""Numbers said digit by digit, in English or Korean: "four one one one", "double seven", "사일일일"."""

import re
from itertools import pairwise

from storage.sensitive.text import UNSEEN
from storage.sensitive.words import table_of

DIGITS, REPEATS, SYLLABLES = (table_of("spoken", name) for name in ("digits", "repeats", "syllables"))

WORD = rf"(?:{'|'.join([*DIGITS, *REPEATS])})"
WORDS = re.compile(rf"(?<![a-z]){WORD}(?:[ \t\n,.;/\x01-]{{1,3}}{WORD}){{2,39}}(?![a-z])")
PART = re.compile(r"[^,;/\n]+")
"""Of a number whose groups are told apart by commas, one group."""

SYLLABLE = f"[{''.join(SYLLABLES)}]"
PIECE = rf"(?:{SYLLABLE}{{2,19}}|{SYLLABLE}(?![가-힣]))"
HANGUL = re.compile(rf"(?<![가-힣]){PIECE}(?:[ \t,./\x01-]{{1,3}}{PIECE}){{0,19}}")
COPULA = re.compile(r"(?<=[공영일삼육륙칠팔]이)(?=에요|예요|고|야|라|며|거든)")
"""After a final consonant `이` is no two, but belongs to "is"."""

FEWEST = 3
"""Digits of the shortest number that is read."""


def in_digits(text: str) -> str:
    """Return a plain text with its spoken numbers in digits; as long as before, what is over is `UNSEEN`."""
    return HANGUL.sub(_syllables, WORDS.sub(_words, text))


def _words(run: re.Match[str]) -> str:
    return PART.sub(lambda part: _padded(_said(part[0].split()), part[0]), run[0].replace(".", " ").replace("-", " "))


def _said(words: list[str]) -> str:
    """Return the digits of these words; "double" and "triple" repeat the one behind them."""
    words = " ".join(words).replace(UNSEEN, " ").split()
    before = ["", *words]
    return "".join(DIGITS[word] * int(REPEATS.get(one, "1")) for one, word in pairwise(before) if word in DIGITS)


def _syllables(run: re.Match[str]) -> str:
    said = "".join(SYLLABLES.get(char, char) for char in run[0])
    if COPULA.search(run.string, run.end(), run.end() + 3) is not None:
        said = f"{said[:-1]}이"
    return said if sum(map(str.isdigit, said)) >= FEWEST else run[0]


def _padded(digits: str, instead_of: str) -> str:
    return digits.ljust(len(instead_of), UNSEEN)
