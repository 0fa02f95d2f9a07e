"""Printed lines as text: paragraphs, words without the hyphens of line ends, headings, tables as labelled cells."""

import re
from collections import Counter
from collections.abc import Sequence

from knowledge.reading.formats.tables import looks_headed, told_rows
from knowledge.reading.formats.words import in_line
from knowledge.reading.printed.layout import Row, Table

LONGEST_HEADING_LINE = 120
LARGER = 1.15
"""From how much larger than most of its text a line is a heading."""
_APART = 0.9
"""From how many times its letters' height a gap above a line begins a paragraph."""
_LOOKED_AT = 4
_BROKEN = re.compile(r"[^\W\d_]-$")
_ENDS = re.compile(r"[.!?:;。]['\"”’)]?$")


def as_text(parts: Sequence[Row | Table]) -> str:
    """Return the parts of a document, in the order they are read, as the text of a draft."""
    usual = _usual_size(parts)
    paragraphs, before = [""], None
    for part in parts:
        if isinstance(part, Table):
            paragraphs += [*_told(part), ""]
        elif _is_heading(part, usual):
            paragraphs += [f"## {in_line(part.text)}", ""]
        else:
            text = re.sub("^#", "＃", part.text)
            if not isinstance(before, Row) or not paragraphs[-1] or _begins(before, part, paragraphs[-1], text):
                paragraphs.append(text)
            else:
                paragraphs[-1] = _joined(paragraphs[-1], text)
        before = part
    return "\n\n".join(in_line(one) if not one.startswith("## ") else one for one in paragraphs if one.strip())


def _usual_size(parts: Sequence[Row | Table]) -> float:
    sizes: Counter[float] = Counter()
    for part in parts:
        if isinstance(part, Row):
            sizes[round(part.size, 1)] += len(part.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _is_heading(row: Row, usual: float) -> bool:
    text = row.text
    return row.size > LARGER * usual and len(text) <= LONGEST_HEADING_LINE and any(map(str.isalpha, text))


def _begins(before: Row, row: Row, said: str, text: str) -> bool:
    """Tell whether a line begins a paragraph: one higher on the page begins a column or a page, and may go on."""
    gap = before.bottom - row.top
    goes_on = not _ENDS.search(said[-_LOOKED_AT:]) and text[:1].islower()
    return not goes_on and (gap > _APART * row.size or gap < -0.5 * row.size)


def _joined(said: str, text: str) -> str:
    if _BROKEN.search(said[-_LOOKED_AT:]) and text[:1].islower():
        return said[:-1] + text
    return f"{said} {text}"


def _told(table: Table) -> list[str]:
    heads = table.heads or int(looks_headed(table.grid))
    named = [" ".join(cell.text for cell in row if cell.text) for row in table.grid[:heads]]
    return [*named, *(in_line(line) for line in told_rows(table.grid, heads))]
