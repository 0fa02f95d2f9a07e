"""Detects a text's language, and converts its letters and digits to their usual width."""

import re
from typing import Literal, get_args

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
LATIN = re.compile(r"[A-Za-z]")
CODES = re.compile(r"#?\b[A-Za-z_]+[-_]?\d[\w-]*|\[[^\[\]]*+\]|(?<!\S)[^\s@]++@\S++")

FULL_WIDTH = {code + 0xFEE0: code for code in range(ord("!"), ord("~") + 1)} | {0x3000: ord(" ")}


def plain_width(text: str) -> str:
    """Return the text with `＃Ｗ１０４２` as `#W1042`: Korean keyboards can type both."""
    return text.translate(FULL_WIDTH)


def language_of(*texts: str) -> Language:
    """Return Korean if at least a fifth of the letters are; the first text with any letters decides."""
    for text in texts:
        letters = CODES.sub(" ", text)
        hangul, latin = len(HANGUL.findall(letters)), len(LATIN.findall(letters))
        if hangul or latin:
            return "ko" if hangul * 4 >= latin else "en"
    return "en"
