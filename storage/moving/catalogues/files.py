"""What a file is before anything is read of it: its size, what it looks like inside, and the text in it."""

import unicodedata
from pathlib import Path

from storage.settings import CannotStartError

LARGEST = 128 << 20
"""Bytes; a row takes a few times its size in memory."""
KOREAN = "cp949"
BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
"""What spreadsheets begin a file with that they save as "Unicode text"."""
OTHERS = {
    b"PK\x03\x04": "this is a workbook, or a zip archive; save it as CSV UTF-8 in a spreadsheet, or unpack it",
    b"\xd0\xcf\x11\xe0": "this is a workbook, perhaps with a password; save it as CSV UTF-8 in a spreadsheet",
    b"\x1f\x8b": "this is compressed; unpack it first",
    b"%PDF": "this is a PDF; export the table itself as CSV (UTF-8)",
}
PAGES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")
LOOKED_AT = 64


class ProductsFileError(CannotStartError):
    """The file cannot be read as products or orders; nothing was written."""

    def __init__(self, path: Path, problem: str, line: int | None = None) -> None:
        place = str(path) if line is None else f"{path} line {line:,}"
        super().__init__(f"{place}: {problem}. Nothing was imported, and the shop is as it was.")


def read_text(path: Path) -> tuple[str, str | None]:
    """Return the text of a file, and its encoding where that is not UTF-8.

    Raises:
        ProductsFileError: it is missing, too large, something else than a text, or in another encoding.
    """
    try:
        if (size := path.stat().st_size) > LARGEST:
            raise ProductsFileError(path, f"it has {size >> 20:,} MB; at most {LARGEST >> 20} are taken at once")
        content = path.read_bytes()
    except OSError as error:
        raise ProductsFileError(path, f"it cannot be read: {error.strerror}") from error
    for begins, problem in OTHERS.items():
        if content.startswith(begins):
            raise ProductsFileError(path, problem)
    if content[:LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(PAGES):
        problem = "this is a web page, which some shops export as .xls; open it in a spreadsheet and save it as CSV"
        raise ProductsFileError(path, problem)
    return _decoded(path, content)


def _decoded(path: Path, content: bytes) -> tuple[str, str | None]:
    if encoding := BOMS.get(content[:2]):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError as error:
            raise ProductsFileError(path, "the text is cut off, or not UTF-16; save the file as UTF-8") from error
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    # What Korean shop systems and spreadsheets save; other encodings would decode as it too, to other letters.
    try:
        text = content.decode(KOREAN)
    except UnicodeDecodeError:
        text = ""
    first = text.split("\n", 1)[0]
    if any(unicodedata.name(letter, "").startswith("HANGUL SYLLABLE") for letter in first):
        return text, KOREAN
    raise ProductsFileError(path, "the text is not UTF-8; save the file as UTF-8", line)
