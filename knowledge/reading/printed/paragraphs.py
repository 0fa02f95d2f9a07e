"""Printed lines as text: paragraphs, words without the hyphens of line ends, headings, tables as labelled cells."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from knowledge.reading.formats.tables import looks_headed, told_rows
from knowledge.reading.formats.words import in_line
from knowledge.reading.printed.korean import HANGUL, SUREST, Spelling, break_between, breaks_words
from knowledge.reading.printed.layout import Table
from knowledge.reading.printed.rows import Row

LONGEST_HEADING_LINE = 120
LARGER = 1.15
"""From how much larger than most of its text a line is a heading."""
_APART = 0.9
"""From how many times its letters' height a gap above a line begins a paragraph."""
_LOOKED_AT = 4
_ROOM = 1.3
"""How many times its letters' height a line is shorter than the next where it was not full."""
_BROKEN = re.compile(r"[^\W\d_]-$")
_ENDS = re.compile(r"[.!?:;。]['\"”’)]?$")


def as_text(parts: Sequence[Row | Table]) -> str:
    """Return the parts of a document, in the order they are read, as the text of a draft."""
    usual = _usual_size(parts)
    paragraphs, before = list[str | Table | list[Row]](), None
    for part in parts:
        last = paragraphs[-1] if paragraphs else ""
        if isinstance(part, Table):
            paragraphs.append(part)
        elif _is_heading(part, usual):
            paragraphs.append(f"## {in_line(part.text)}")
        elif not isinstance(last, list) or not isinstance(before, Row) or _begins(before, part):
            paragraphs.append([part])
        else:
            last.append(part)
        before = part
    cells = [lines for one in paragraphs if isinstance(one, Table) for _, lines in one.lines]
    joining = _Joining([*(one for one in paragraphs if isinstance(one, list)), *cells])
    return "\n\n".join(text for one in paragraphs for text in _texts(one, joining) if text.strip())


def _texts(paragraph: str | Table | Sequence[Row], joining: "_Joining") -> list[str]:
    if isinstance(paragraph, str):
        return [paragraph]
    return _told(paragraph, joining) if isinstance(paragraph, Table) else [in_line(joining.text(paragraph))]


class _Joining:
    """The lines of a document's paragraphs, joined: with a space, or not where a line's end breaks a word."""

    def __init__(self, paragraphs: Sequence[Sequence[Row]]) -> None:
        lines = [row.text for rows in paragraphs for row in rows]
        self._spelling = Spelling(lines) if any(map(HANGUL.search, lines)) else None
        odds = [self._odds(*both) for rows in paragraphs for both in pairwise(rows)]
        self._breaks = breaks_words([one for one in odds if one is not None])

    def text(self, rows: Sequence[Row]) -> str:
        """Return a paragraph's lines as one."""
        said = re.sub("^#", "＃", rows[0].text)
        for before, row in pairwise(rows):
            odds = self._odds(before, row) if self._breaks else None
            said = _joined(said, row.text, spaced=odds is None or odds > 0)
        return said

    def _odds(self, before: Row, row: Row) -> float | None:
        found = None if self._spelling is None else break_between(before.text, row.text)
        if found is None or self._spelling is None:
            return None
        # Another syllable would have had room on the line, so it ended where it did for its words.
        return SUREST if _right(row) - _right(before) > _ROOM * before.size else self._spelling.spaced(found)


def _usual_size(parts: Sequence[Row | Table]) -> float:
    sizes: Counter[float] = Counter()
    for part in parts:
        if isinstance(part, Row):
            sizes[round(part.size, 1)] += len(part.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _is_heading(row: Row, usual: float) -> bool:
    text = row.text
    return row.size > LARGER * usual and len(text) <= LONGEST_HEADING_LINE and any(map(str.isalpha, text))


def _begins(before: Row, row: Row) -> bool:
    """Tell whether a line begins a paragraph: one higher on the page begins a column or a page, and may go on."""
    gap = before.bottom - row.top
    goes_on = not _ENDS.search(before.text[-_LOOKED_AT:]) and row.text[:1].islower()
    return not goes_on and (gap > _APART * row.size or gap < -0.5 * row.size)


def _right(row: Row) -> float:
    return max(run.box[2] for run in row.runs)


def _joined(said: str, text: str, *, spaced: bool) -> str:
    if _BROKEN.search(said[-_LOOKED_AT:]) and text[:1].islower():
        return said[:-1] + text
    return f"{said} {text}" if spaced else said + text


def _told(table: Table, joining: _Joining) -> list[str]:
    whole = {id(cell): replace(cell, text=joining.text(lines)) for cell, lines in table.lines}
    grid = [[whole.get(id(cell), cell) for cell in row] for row in table.grid]
    heads = table.heads or int(looks_headed(grid))
    named = [" ".join(cell.text for cell in dict.fromkeys(row) if cell.text) for row in grid[:heads]]
    return [*named, *(in_line(line) for line in told_rows(grid, heads))]
