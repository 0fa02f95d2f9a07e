"""PDF: its text as a reader of the printed page takes it, with what stands in larger letters as headings.

pdfium says where each letter is printed and on which ground; pypdf, which bounds what a file may unpack to, says first
whether it can be read at all.
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pypdfium2
from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

from knowledge.reading.documents import DocumentRefusedError, Draft, Left
from knowledge.reading.formats.dates import effective_day
from knowledge.reading.formats.surroundings import SURROUNDS
from knowledge.reading.printed.layout import Table, in_order
from knowledge.reading.printed.paragraphs import as_text
from knowledge.reading.printed.rows import Row
from knowledge.reading.printed.runs import Printed, printed

MOST_PAGES = 1_000
_FILE_NAME = re.compile(
    r"^\s*(?:about:|file:|https?://|microsoft (?:word|powerpoint|excel)\b|untitled|제목 ?없음|無題)"
    r"|\.(?:html?|docx?|hwpx?|odt|pdf|pptx?|xlsx?|indd|txt|rtf)\s*$",
    re.IGNORECASE,
)
_EDGE = 0.1
"""How much of a page's height at its top and bottom may be the same on every page."""
_FEWEST_ALIKE = 3
_PICTURED, _FEW_LETTERS = 0.3, 20

Page = tuple[Printed, list[Row | Table]]


def read_pdf(data: bytes) -> Draft:
    """Read a PDF's text.

    Raises:
        DocumentRefusedError: it is broken, locked, too long, or has no text that its reader sees.
    """
    told = _checked(data)
    try:
        with pypdfium2.PdfDocument(data) as document:
            pages = [_page(document, number) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise DocumentRefusedError("it is a broken PDF") from error
    if not any(page.runs for page, _ in pages):
        raise DocumentRefusedError("none of its text can be seen: it holds pictures, or hidden text")
    parts, around = _without_edges(pages)
    text = as_text(parts)
    day = effective_day(text, [str(told.pop("day", ""))], datetime.now(UTC).date())
    return Draft(text, told | ({"effective_date": day} if day else {}), [*_left(pages), *around])


def _page(document: pypdfium2.PdfDocument, number: int) -> Page:
    page = document[number]
    try:
        made = printed(page)
        return made, list(in_order(made))
    finally:
        page.close()


def _checked(data: bytes) -> dict[str, object]:
    """Return what a PDF says of itself, if it unpacks within bounds."""
    # It warns of every slip of a file that it can read all the same.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        pages = len(reader.pages)
        for page in reader.pages if pages <= MOST_PAGES else ():
            contents = page.get_contents()
            if contents is not None:
                contents.get_data()
        told = _told(reader)
    except (FileNotDecryptedError, DependencyError) as error:
        raise DocumentRefusedError("it is locked with a password") from error
    except LimitReachedError as error:
        raise DocumentRefusedError("it unpacks to more than a document may hold") from error
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        # What pypdf raises for a broken file is of no one class.
        raise DocumentRefusedError("it is a broken PDF") from error
    if pages > MOST_PAGES:
        raise DocumentRefusedError(f"it has more than {MOST_PAGES:,} pages")
    return told


def _told(reader: PdfReader) -> dict[str, object]:
    told: dict[str, object] = {}
    known = reader.metadata
    if known is None:
        return told
    # What writes a PDF often takes the name of its own file for a title.
    if known.title and known.title.strip() and not _FILE_NAME.search(known.title):
        told["title"] = known.title.strip()[:200]
    moment = known.modification_date or known.creation_date
    if moment:
        told["day"] = moment.date().isoformat()
    return told


def _without_edges(pages: Sequence[Page]) -> tuple[list[Row | Table], list[Left]]:
    """Return all parts of a document but what stands at the edge of every page, and that."""
    counted = Counter(text for page, parts in pages for text in {_alike(row) for row in _edges(page, parts)})
    repeated = {text for text, count in counted.items() if count >= _FEWEST_ALIKE and count * 2 > len(pages)}
    kept, left = list[Row | Table](), list[Left]()
    for page, parts in pages:
        edges = {id(row) for row in _edges(page, parts) if _alike(row) in repeated}
        kept += [part for part in parts if id(part) not in edges]
        left += [Left(why=SURROUNDS, text=row.text) for row in parts if isinstance(row, Row) and id(row) in edges]
    return kept, left


def _edges(page: Printed, parts: Sequence[Row | Table]) -> Iterator[Row]:
    for part in parts:
        if isinstance(part, Row) and (part.top < _EDGE * page.height or part.bottom > (1 - _EDGE) * page.height):
            yield part


def _alike(row: Row) -> str:
    return re.sub(r"\d+", "#", row.text)


def _left(pages: Sequence[Page]) -> Iterator[Left]:
    for number, (page, _) in enumerate(pages, start=1):
        for why, text in page.hidden:
            if any(map(str.isalnum, text)):
                yield Left(why=why, text=text.strip())
        letters = sum(len(run.text.strip()) for run in page.runs)
        if page.pictured > _PICTURED and letters < _FEW_LETTERS:
            yield Left(why="a picture, whose text cannot be read", text=f"page {number}", lost=True)
