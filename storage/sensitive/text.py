"""A text as it is compared: letter by letter as long as the text itself, so that places in both are the same."""

import unicodedata

UNSEEN = "\x01"
"""In the place of what nobody sees, such as a zero-width space between two digits."""

DASHES = frozenset("‐‑‒–—―−﹘﹣－ー")


def plain(text: str) -> str:
    """Return a text in lower case with digits of every script as 0 to 9, one character for each of its own."""
    if text.isascii():
        return text.lower()
    return "".join(map(_plain, text))


def _plain(char: str) -> str:
    if char.isascii():
        return char.lower()
    if char in DASHES:
        return "-"
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(char) == "Cf":
        return UNSEEN
    if unicodedata.category(char) == "Zs":
        return " "
    folded = unicodedata.normalize("NFKC", char).lower()
    return folded if len(folded) == 1 else char
