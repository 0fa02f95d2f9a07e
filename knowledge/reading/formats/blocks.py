"""A page's text in order: headings, and paragraphs under them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

MARKED_LEVEL = 3

_BLOCK_NAMES = """
address article aside blockquote body button center dd details dialog dir div dl dt fieldset figcaption figure footer
form header hgroup hr li main menu nav ol option p pre section summary table tbody td tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split()) | {*HEADINGS}


@dataclass(frozen=True)
class Block:
    """A heading of some level, or a paragraph, which has level 0; marked if the reader asked for such headings."""

    text: str
    level: int = 0
    marked: bool = False


IsHeading = Callable[[HtmlElement], bool]


def blocks_of(root: HtmlElement, is_heading: IsHeading) -> list[Block]:
    """Return the text under an element, in the page's order.

    Args:
        root: where to begin.
        is_heading: which elements stand over what follows, besides `h1` to `h6`.
    """
    reading = _Reading(is_heading)
    reading.read(root)
    reading.end_paragraph()
    return reading.blocks


def as_text(blocks: Sequence[Block]) -> str:
    """Return blocks as the text of a draft."""
    return "\n\n".join(f"{'#' * block.level} {block.text}" if block.level else block.text for block in blocks)


def plain(element: HtmlElement) -> str:
    """Return all text of an element in one line."""
    return " ".join("".join(element.itertext()).split())


class _Reading:
    def __init__(self, is_heading: IsHeading) -> None:
        self.blocks = list[Block]()
        self._is_heading = is_heading
        self._words = list[str]()

    def read(self, element: HtmlElement) -> None:
        marked = self._is_heading(element)
        if marked or element.tag in HEADINGS:
            self.end_paragraph()
            level = int(element.tag[1]) if element.tag in HEADINGS else MARKED_LEVEL
            self._add(Block(plain(element), level, marked))
        elif element.tag == "table" and _is_data(element):
            self.end_paragraph()
            for row in rows_of(element):
                self._add(Block(row))
        elif element.tag == "br":
            self._words.append(" ")
        else:
            self._read_inside(element)

    def end_paragraph(self) -> None:
        paragraph = " ".join("".join(self._words).split())
        self._words.clear()
        # A line that begins with this mark would be taken for a heading.
        self._add(Block(re.sub("^#", "＃", paragraph)))

    def _read_inside(self, element: HtmlElement) -> None:
        is_block = element.tag in _BLOCKS
        if is_block:
            self.end_paragraph()
        if element.tag == "li":
            self._words.append("- ")
        self._words.append(element.text or "")
        for child in element:
            if isinstance(child.tag, str):
                self.read(child)
            self._words.append(child.tail or "")
        if is_block:
            self.end_paragraph()

    def _add(self, block: Block) -> None:
        if any(map(str.isalnum, block.text)):
            self.blocks.append(block)


def rows_of(table: HtmlElement) -> Iterator[str]:
    """Yield each row of a table as a line, with the name of each column before its cell where the table has names."""
    names = list[str]()
    for row in table.iter("tr"):
        cells = [plain(cell) for cell in row if cell.tag in {"td", "th"}]
        if not names and all(cell.tag == "th" for cell in row) and len(cells) > 1:
            names = cells
        elif len(names) == len(cells):
            yield "; ".join(f"{name}: {cell}" for name, cell in zip(names, cells, strict=True) if cell) + "."
        elif any(cells):
            yield "; ".join(cell for cell in cells if cell) + "."


def _is_data(table: HtmlElement) -> bool:
    # A table that holds headings or another table lays out a page.
    return next(table.iterdescendants("table", "form", *HEADINGS), None) is None
