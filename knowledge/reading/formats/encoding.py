"""Bytes into text, whatever encoding a page was saved in."""

import codecs
import re

import webencodings

from knowledge.reading.documents import DocumentRefusedError

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_LOOKED_AT = 4096
_HANGUL = re.compile("[가-힣]")
_WRONG = "\ufffd"
_KOREAN = dict.fromkeys(("cp949", "ms949", "euckr", "uhc"), "cp949")
_HALF, _FEW = 0.5, 0.1
"""Of the letters that are not ASCII, how many may be wrong in an encoding that is told, and in one that is guessed."""


def decode(data: bytes) -> str:
    """Return the text in these bytes: as their mark or the page itself says, else UTF-8, CP949, or what fits best.

    One wrong byte says nothing against an encoding in which the rest makes sense; it becomes U+FFFD.

    Raises:
        DocumentRefusedError: they are no text, or of no encoding that can be told.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _or_refused(_mostly(data, encoding))
    if b"\0" in data:
        raise DocumentRefusedError("it is not text")
    encodings = dict.fromkeys(("utf-8", _told(data)))
    for read in (_strictly, _mostly):
        for encoding in encodings:
            text = read(data, encoding)
            if text is not None:
                return text
    korean = _korean(data)
    return _or_refused(_best(data) if korean is None else korean)


def wrong_bytes(text: str) -> int:
    """Return how many places of a text could not be read."""
    return text.count(_WRONG)


def _told(data: bytes) -> str:
    declared = _DECLARED.search(data[:_LOOKED_AT])
    label = (declared[1] or declared[2]).decode("ascii").lower() if declared else ""
    # Web pages mean by a label what browsers do: by EUC-KR all of CP949, by Latin-1 Windows' letters.
    known = webencodings.lookup(label)
    return str(known.codec_info.name) if known is not None else _KOREAN.get(label, "utf-8")


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _mostly(data: bytes, encoding: str, most: float = _HALF) -> str | None:
    try:
        text = data.decode(encoding, "replace")
    except LookupError:
        return None
    foreign = sum(not mark.isascii() for mark in text)
    return text if wrong_bytes(text) <= foreign * most else None


def _korean(data: bytes) -> str | None:
    text = _strictly(data, "cp949") or _mostly(data, "cp949", _FEW)
    if text is None:
        return None
    foreign = sum(not mark.isascii() for mark in text)
    return text if len(_HANGUL.findall(text)) * 2 > foreign else None


def _best(data: bytes) -> str | None:
    # Slow to import, and hardly any file needs it.
    import charset_normalizer

    found = charset_normalizer.from_bytes(data).best()
    return None if found is None else str(found)


def _or_refused(text: str | None) -> str:
    if text is None:
        raise DocumentRefusedError("its encoding cannot be told: save it as UTF-8")
    return text
