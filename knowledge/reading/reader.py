"""Reading one file into one document, by its extension."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from knowledge.reading.documents import DocumentRefusedError, Draft, Source, source_of

MOST_BYTES = 10_000_000
"""Largest text file; a typical page is a tenth of it, pictures included."""
MOST_PDF_BYTES = 50_000_000

_AS_PDF = ": open it in its program and save it as PDF"
_WAYS_OUT = {
    **dict.fromkeys((".doc", ".docx", ".odt", ".rtf", ".pages", ".hwp", ".hwpx", ".ppt", ".pptx"), _AS_PDF),
    **dict.fromkeys((".mht", ".mhtml", ".webarchive"), ": save the page as “Webpage, complete” in the browser"),
    **dict.fromkeys((".xls", ".xlsx", ".ods", ".numbers"), ": save its sheet as a web page (.html)"),
}
_FIRST_BYTES = {
    b"PK\x03\x04": "a Word, Hangul or ZIP file",
    b"\xd0\xcf\x11\xe0": "an old Word, Excel or Hangul file",
    b"{\\rtf": "a rich text file (RTF)",
}
"""How files begin that are none of these formats, whatever they are called."""

Read = Callable[[bytes], Draft]


@dataclass(frozen=True)
class Request:
    """What to read: a file, the source to record, and whether it is an FAQ page."""

    path: Path
    place: str
    as_faq: bool = False


def read_source(request: Request) -> Source:
    """Read a document.

    Raises:
        DocumentRefusedError: it cannot be read, or is not a valid document.
    """
    read = _format(request)
    most = MOST_PDF_BYTES if request.path.suffix.lower() == ".pdf" else MOST_BYTES
    return source_of(request.place, request.path, read(_bytes(request.path, most)))


def _bytes(path: Path, most: int) -> bytes:
    try:
        # Opening a pipe would wait for its writer.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise DocumentRefusedError("it is not a file")
            data = file.read(most + 1)
    except FileNotFoundError as error:
        raise DocumentRefusedError("there is no such file") from error
    except OSError as error:
        raise DocumentRefusedError(f"it cannot be read: {(error.strerror or 'no reason given').lower()}") from error
    if len(data) > most:
        raise DocumentRefusedError(f"it is larger than {most // 1_000_000} MB")
    other = next((what for first, what in _FIRST_BYTES.items() if data.startswith(first)), "")
    if other:
        raise DocumentRefusedError(f"it is {other}{_AS_PDF}")
    if not data.strip():
        raise DocumentRefusedError("it is empty")
    return data


def _format(request: Request) -> Read:
    # Each format's parser is slow to import, and most handbooks have one format.
    suffix = request.path.suffix.lower()
    if suffix in {".html", ".htm", ".xhtml"}:
        from knowledge.reading.formats import html

        return partial(html.read_faq if request.as_faq else html.read_page, path=request.path)
    if request.as_faq:
        raise DocumentRefusedError("--site accepts only saved pages (.html)")
    if suffix in {".md", ".markdown"}:
        from knowledge.reading.formats.markdown import read_markdown

        return read_markdown
    if suffix == ".pdf":
        from knowledge.reading.formats.pdf import read_pdf

        return read_pdf
    if suffix in {".txt", ".text"}:
        from knowledge.reading.formats.plain import read_plain

        return read_plain
    way_out = _WAYS_OUT.get(suffix, "")
    raise DocumentRefusedError(f"only Markdown (.md), HTML (.html), text (.txt) and PDF (.pdf) are supported{way_out}")
