"""Which language a text is in, and its letters and digits in the width they are usually typed in."""

import re
from typing import Literal, get_args

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
LATIN = re.compile(r"[A-Za-z]")
CODES = re.compile(r"#?\b[A-Za-z_]+[-_]?\d[\w-]*|\[[^\[\]]*+\]|(?<!\S)[^\s@]++@\S++")

FULL_WIDTH = {code + 0xFEE0: code for code in range(ord("!"), ord("~") + 1)} | {0x3000: ord(" ")}


def plain_width(text: str) -> str:
    """The text with `＃Ｗ１０４２` as `#W1042`: Korean keyboards type both."""
    return text.translate(FULL_WIDTH)


def language_of(*texts: str) -> Language:
    """Korean where a fifth of the letters are; the first text that has letters decides."""
    for text in texts:
        letters = CODES.sub(" ", text)
        hangul, latin = len(HANGUL.findall(letters)), len(LATIN.findall(letters))
        if hangul or latin:
            return "ko" if hangul * 4 >= latin else "en"
    return "en"
