"""Bytes into text, whatever encoding a page was saved in."""

import codecs
import re

from knowledge.reading.documents import DocumentRefusedError

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_KOREAN = frozenset({"euc-kr", "euckr", "ks_c_5601-1987", "ksc5601", "korean", "windows-949", "ms949", "cp949"})
_LOOKED_AT = 4096
_HANGUL = re.compile("[가-힣]")


def decode(data: bytes) -> str:
    """Return the text in these bytes: as their mark or the page itself says, else UTF-8, CP949, or what fits best.

    Raises:
        DocumentRefusedError: they are no text, or of no encoding that can be told.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _or_refused(_strictly(data, encoding))
    if b"\0" in data:
        raise DocumentRefusedError("it is not text")
    declared = _DECLARED.search(data[:_LOOKED_AT])
    told = declared[1].decode("ascii").lower() if declared else "utf-8"
    for encoding in dict.fromkeys(("utf-8", "cp949" if told in _KOREAN else told)):
        text = _strictly(data, encoding)
        if text is not None:
            return text
    korean = _korean(data)
    return _or_refused(_best(data) if korean is None else korean)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _korean(data: bytes) -> str | None:
    text = _strictly(data, "cp949")
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
