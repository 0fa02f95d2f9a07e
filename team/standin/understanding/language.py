"""Which language a text is in."""

import re
from typing import Literal, get_args

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
LATIN = re.compile(r"[A-Za-z]")
CODES = re.compile(r"#?\b[A-Za-z_]+[-_]?\d[\w-]*|\[[^\]]*\]|\S+@\S+")


def language_of(*texts: str) -> Language:
    """Korean where a fifth of the letters are; the first text that has letters decides."""
    for text in texts:
        letters = CODES.sub(" ", text)
        hangul, latin = len(HANGUL.findall(letters)), len(LATIN.findall(letters))
        if hangul or latin:
            return "ko" if hangul * 4 >= latin else "en"
    return "en"
