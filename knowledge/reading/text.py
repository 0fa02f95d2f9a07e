"""Normalising text, and estimating its tokens."""

import re
import unicodedata

_SPACES = re.compile(r"[ \u00a0\u3000]+")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Invisible marks, which can carry hidden text."""


def normalise(text: str) -> str:
    """Normalise text: composed letters, single spaces, no invisible characters, blank lines between paragraphs."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    lines = (_SPACES.sub(" ", _visible(line)).strip() for line in composed.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _visible(line: str) -> str:
    if not line.isprintable():
        line = "".join(mark for mark in line if unicodedata.category(mark) not in _UNSEEN)
    return line if line.isascii() else _VARIATIONS.sub("", line)


def cost(text: str) -> int:
    """Estimate a text's tokens: one per four Latin letters, one per Korean syllable."""
    latin = len(text) if text.isascii() else len(text.encode("ascii", "ignore"))
    return latin // 4 + len(text) - latin
