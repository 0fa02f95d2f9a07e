"""What a message hides from people but not from a model: text in Base64, in hexadecimal, moved by 13, or reversed."""

import binascii
import codecs
import re

BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,2000}={0,2}")
HEX = re.compile(r"(?<![\da-z])(?:[\da-f]{2}[ ,]?){12,1000}(?![\da-z])", re.IGNORECASE)
ASIDE = re.compile(r"\b(?:instructions?|prompts?|rules|ignore|system|reveal)\b", re.IGNORECASE)
"""Without one of these words, letters that were moved or reversed are nothing to read."""


def decoded(text: str) -> str:
    """Return what is hidden in a text, in one line; empty where nothing is."""
    hidden = [_of_base64(found[0]) for found in BASE64.finditer(text)]
    hidden += [_of_hex(found[0]) for found in HEX.finditer(text)]
    turned = [codecs.encode(text, "rot13"), text[::-1]] if text.isascii() else []
    return " ".join([one for one in hidden if one] + [one for one in turned if ASIDE.search(one)])


def _of_base64(found: str) -> str:
    whole = found.rstrip("=").translate(str.maketrans("-_", "+/"))
    whole = whole[: len(whole) - (len(whole) % 4 == 1)]
    try:
        return _readable(binascii.a2b_base64(whole + "=" * (-len(whole) % 4)))
    except binascii.Error:
        return ""


def _of_hex(found: str) -> str:
    return _readable(bytes.fromhex(found.replace(",", " ")))


def _readable(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return ""
    return text if text.replace("\n", " ").isprintable() else ""
