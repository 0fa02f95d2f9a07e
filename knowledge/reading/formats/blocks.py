"""A page's text in order: headings, and paragraphs under them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from knowledge.reading.faq.boards import questions_in
from knowledge.reading.formats.tables import rows_of
from knowledge.reading.formats.words import BLOCKS, in_line, is_raised, raised, words_of

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

MARKED_LEVEL = 3
BOLD_LEVEL = 4
LONGEST_BOLD = 60
_HEAVY = re.compile(r"font-weight\s*:\s*(?:bold|bolder|[6-9]00)", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!。,;]['\"”’)]?$")
_MARK = re.compile(r"-|\d{1,4}\)")
_OPENED = re.compile(r"(?:^|[\s_-])(?:accordion|faq|toggle)(?:[_-](?:item|list|group|wrapper))?(?:$|\s)", re.IGNORECASE)


@dataclass(frozen=True)
class Block:
    """A heading of some level, or a paragraph, which has level 0; marked if the reader asked for such headings.

    `bold` tells a line in bold that stands over what follows, but is no heading of the page's own.
    """

    text: str
    level: int = 0
    marked: bool = False
    bold: bool = False


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
    return _with_bold(reading.blocks)


def _with_bold(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks whose lines in bold are headings where the page has at most one of its own, else labels."""
    are_headings = sum(bool(block.level) for block in blocks) <= 1
    made = list[Block]()
    for at, block in enumerate(blocks, start=1):
        over_text = block.bold and at < len(blocks) and not (blocks[at].level or blocks[at].bold)
        if over_text and are_headings:
            made.append(replace(block, level=BOLD_LEVEL))
        elif over_text and not block.text.endswith((":", "?")):
            made.append(replace(block, text=f"{block.text}:"))
        else:
            made.append(block)
    return made


def as_text(blocks: Sequence[Block]) -> str:
    """Return blocks as the text of a draft."""
    return "\n\n".join(f"{'#' * block.level} {block.text}" if block.level else block.text for block in blocks)


def plain(element: HtmlElement) -> str:
    """Return all text of an element in one line."""
    return words_of(element)


class _Reading:
    def __init__(self, is_heading: IsHeading) -> None:
        self.blocks = list[Block]()
        self._is_heading = is_heading
        self._words = list[str]()
        self._line = 0
        self._numbers = dict[HtmlElement, int]()
        self._above: Block | None = None

    def read(self, element: HtmlElement) -> None:
        """Read an element; what follows questions that a click opens stands under the heading above them again."""
        if not _is_opened(element):
            self._read(element)
            return
        self.end_paragraph()
        above, begins = self._heading(), len(self.blocks)
        self._read(element)
        self.end_paragraph()
        inside = self.blocks[begins:]
        if inside and not inside[-1].level and any(block.level for block in inside):
            self._above = above

    def _heading(self) -> Block | None:
        return self._above or next((block for block in reversed(self.blocks) if block.level), None)

    def _read(self, element: HtmlElement) -> None:
        marked = self._is_heading(element)
        if marked or element.tag in HEADINGS or is_title(element):
            self.end_paragraph(drops_mark=True)
            level = int(element.tag[1]) if element.tag in HEADINGS else MARKED_LEVEL if marked else 1
            self._add(Block(plain(element), level, marked))
        elif element.tag == "table" and _is_data(element):
            self.end_paragraph()
            self._read_table(element)
        elif self._begins_line() and _heads_line(element):
            self.end_paragraph()
            self._add(Block(re.sub("^#", "＃", plain(element)), bold=True))
        elif element.tag == "br":
            self._words.append(" ")
            self._line = len(self._words)
        elif is_raised(element):
            self._words.append(raised("".join(self._words[-2:]).rstrip(), "".join(element.itertext())))
        else:
            self._read_inside(element)

    def end_paragraph(self, *, drops_mark: bool = False) -> None:
        """End a paragraph; the mark of a list's item waits for what the item begins with, unless that is a heading."""
        paragraph = in_line("".join(self._words))
        if _MARK.fullmatch(paragraph):
            if drops_mark:
                self._words.clear()
            return
        self._words.clear()
        self._line = 0
        # A line that begins with this mark would be taken for a heading.
        self._add(Block(re.sub("^#", "＃", paragraph)))

    def _read_table(self, table: HtmlElement) -> None:
        questions, above = questions_in(table), self._heading()
        for question, answer in questions:
            self._add(Block(question, MARKED_LEVEL, marked=True))
            self._add(Block(answer))
        if questions:
            self._above = above
        for row in () if questions else rows_of(table):
            self._add(Block(row))

    def _begins_line(self) -> bool:
        return not any(map(str.isalnum, "".join(self._words[self._line :])))

    def _read_inside(self, element: HtmlElement) -> None:
        is_block = element.tag in BLOCKS
        if is_block:
            self.end_paragraph()
        if element.tag == "li":
            self._words = [mark for mark in self._words if mark.strip() != "-"]
            self._words.append(self._mark(element))
        self._words.append(element.text or "")
        for child in element:
            if isinstance(child.tag, str):
                self.read(child)
            self._words.append(child.tail or "")
        if is_block:
            self.end_paragraph(drops_mark=element.tag == "li")

    def _mark(self, item: HtmlElement) -> str:
        """Return what stands before an item of a list: its number, where the list is numbered."""
        ordered = item.getparent()
        if ordered is None or ordered.tag != "ol" or "reversed" in ordered.attrib:
            return "- "
        number = _number(item.get("value")) or self._numbers.get(ordered) or _number(ordered.get("start")) or 1
        self._numbers[ordered] = number + 1
        return f"{number}) "

    def _add(self, block: Block) -> None:
        if not any(map(str.isalnum, block.text)):
            return
        if self._above is not None and not block.level:
            self.blocks.append(self._above)
        self._above = None
        self.blocks.append(block)


def is_title(element: HtmlElement) -> bool:
    """Tell whether a paragraph is a document's title, as Word and Google Docs write it."""
    names = element.get("class", "").split()
    is_docs = "title" in names and element.get("id", "").startswith("h.")
    return element.tag == "p" and ("MsoTitle" in names or is_docs)


def _number(told: str | None) -> int | None:
    longest = 4
    return int(told) if told and told.isdecimal() and len(told) <= longest else None


def _is_opened(element: HtmlElement) -> bool:
    if element.tag in HEADINGS:
        return False
    is_panel = element.tag in {"details", "dl"} or element.get("role") == "tabpanel"
    return is_panel or bool(_OPENED.search(element.get("class", "")))


def _is_data(table: HtmlElement) -> bool:
    # A table that holds headings or another table lays out a page.
    return next(table.iterdescendants("table", "form", *HEADINGS), None) is None


def _heads_line(element: HtmlElement) -> bool:
    """Tell whether an element is all there is until the end of its line: short, in bold, and no sentence."""
    if element.tag not in {"b", "strong"} and not _HEAVY.search(element.get("style", "")):
        return False
    text = words_of(element)
    return 0 < len(text) <= LONGEST_BOLD and not _SENTENCE.search(text) and _ends_line(element)


def _ends_line(element: HtmlElement) -> bool:
    """Tell whether nothing follows on the same line: a break, a block, or the end of the block around it comes next."""
    while element.tag not in BLOCKS:
        if (element.tail or "").strip("\u200b \t\r\n\u00a0"):
            return False
        following = element.getnext()
        if following is not None:
            return following.tag == "br" or following.tag in BLOCKS
        parent = element.getparent()
        if parent is None:
            return True
        element = parent
    return True
