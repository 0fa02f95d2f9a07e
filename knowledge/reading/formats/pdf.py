"""PDF: its text page by page, with what stands in larger letters as headings."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

from knowledge.reading.documents import DocumentRefusedError, Draft
from knowledge.reading.formats.dates import effective_day
from knowledge.reading.formats.ink import only_seen

MOST_PAGES = 1_000
LONGEST_HEADING_LINE = 120
LARGER = 1.15
"""From how much larger than most of its text a line is a heading."""


@dataclass
class Line:
    """A line of a page and the size of its letters."""

    text: str
    size: float


def read_pdf(data: bytes) -> Draft:
    """Read a PDF's text.

    Raises:
        DocumentRefusedError: it is broken, locked, too long, or has no text that its reader sees.
    """
    # It warns of every slip of a file that it can read all the same.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        lines = list(_lines(reader))
        told = _told(reader)
    except (FileNotDecryptedError, DependencyError) as error:
        raise DocumentRefusedError("it is locked with a password") from error
    except LimitReachedError as error:
        raise DocumentRefusedError("it unpacks to more than a document may hold") from error
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        # What pypdf raises for a broken file is of no one class.
        raise DocumentRefusedError("it is a broken PDF") from error
    if not any(line.text.strip() for line in lines):
        raise DocumentRefusedError("none of its text can be seen: it holds pictures, or hidden text")
    text = as_text(lines)
    day = effective_day(text, [str(told.pop("day", ""))], datetime.now(UTC).date())
    return Draft(text, told | ({"effective_date": day} if day else {}))


def _lines(reader: PdfReader) -> Iterator[Line]:
    if len(reader.pages) > MOST_PAGES:
        raise DocumentRefusedError(f"it has more than {MOST_PAGES:,} pages")
    for page in reader.pages:
        only_seen(page, reader)
        yield from lines_of(page)


def lines_of(page: PageObject) -> list[Line]:
    """Return a page's lines, each with the size of its largest letters."""
    lines = [Line("", 0.0)]

    def put(text: str, _cm: Sequence[float], matrix: Sequence[float], _font: object, size: float) -> None:
        height = abs(size * (matrix[3] or matrix[1] or 1))
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append(Line("", 0.0))
            lines[-1].text += part
            if part.strip():
                lines[-1].size = max(lines[-1].size, height)

    page.extract_text(visitor_text=put)
    return [*lines, Line("", 0.0)]


def as_text(lines: Sequence[Line]) -> str:
    """Return lines as the text of a draft."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text.strip())
    usual = sizes.most_common(1)[0][0]
    return "\n".join(_line(line, usual) for line in lines)


def _line(line: Line, usual: float) -> str:
    text = re.sub("^#", "＃", line.text.strip())
    is_heading = line.size > LARGER * usual and len(text) <= LONGEST_HEADING_LINE and any(map(str.isalpha, text))
    return f"\n## {text}\n" if is_heading else text


def _told(reader: PdfReader) -> dict[str, object]:
    told: dict[str, object] = {}
    known = reader.metadata
    if known is None:
        return told
    if known.title and known.title.strip():
        told["title"] = known.title.strip()[:200]
    moment = known.modification_date or known.creation_date
    if moment:
        told["day"] = moment.date().isoformat()
    return told
