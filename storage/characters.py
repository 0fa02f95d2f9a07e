"""Invisible characters and terminal escapes: removed from output, and not text on their own.

Text in any script is left as it is. Zero-width characters that shape their neighbours stay: joiners (emoji, Persian,
Hindi), one variation selector, and the marks U+200E, U+200F and U+061C, which only order the characters next to them.
Overrides, embeddings and isolates are removed whether or not they are closed: right-to-left text is readable without
them.
"""

import re
import unicodedata
from typing import Any

# Control and bidirectional characters, every character Unicode has readers ignore (Default_Ignorable_Code_Point), and
# blank symbols: the empty Braille cell, the object replacement character, the null notehead.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ud800-\udfff\U0001bca0-\U0001bca3"
    "\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# ECMA-48: a control sequence, a terminated control string, or an escape with its argument.
SEQUENCES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x9c|\x1b\\)"
    r"|\x1b[ -/]*[0-~]"
)
BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
TAGS = "\U000e0067\U000e0062"
FLAGS = "|".join(
    f"\U0001f3f4{TAGS}{''.join(chr(0xE0000 + ord(letter)) for letter in part)}\U000e007f"
    for part in ("eng", "sct", "wls")
)
"""The flags of England, Scotland and Wales: the only text that uses tag characters."""

HIDDEN = re.compile(
    f"({FLAGS})|(?<=[\ufe0e\ufe0f])[\ufe0e\ufe0f]+|[\x00-\x08\x0e-\x1f\x7f-\x9f\u180b-\u180f\u200b\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0d\ufeff\ufff0-\ufffb\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]+"
)

WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""How a file in UTF-16 begins, as Windows' own programs write it."""

HALF = "Cs"
"""Unicode's category of surrogates, which stand for half a character."""

LONGEST_NAME = 80
"""Characters of what a program calls itself."""


def decoded(content: bytes) -> str:
    """Return the text of a file that somebody edited: UTF-8 or, where it begins with that byte order mark, UTF-16.

    The mark is no part of the text.

    Raises:
        UnicodeDecodeError: it is neither.
    """
    return content.decode("utf-16" if content.startswith(WIDE_MARKS) else "utf-8-sig")


def cleaned(text: str) -> str:
    """Return a text without terminal escapes and direction overrides; idempotent.

    Line breaks of every kind become "\\n"; readable text is left as it is.
    """
    if text.isascii() and text.isprintable():
        return text
    broken = BREAKS.sub("\n", SEQUENCES.sub("", text))
    return HIDDEN.sub(lambda found: found[1] or "", broken)


def cleaned_json(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return JSON with all its strings cleaned."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, dict):
        return {name: cleaned_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned_json(item) for item in value]
    return value


def is_blank(text: str) -> bool:
    """Return whether a text has no visible character: it is empty, white space, or zero-width.

    Half a character, which is no text, is not blank.
    """
    kinds = ((each, unicodedata.category(each)) for each in text)
    return not any(kind == HALF or (kind[0] in "LNPS" and UNSEEN.match(each) is None) for each, kind in kinds)


def shown_name(name: str) -> str:
    """Return a name that is safe to show: one line, without direction overrides or invisible characters."""
    plain = "".join(" " if unicodedata.category(mark)[0] in "CZ" else mark for mark in name)
    return " ".join(plain.split())[:LONGEST_NAME]
