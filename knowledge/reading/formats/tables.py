"""Tables as sentences: each cell with the names of its column, and of the group its row is in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from knowledge.reading.formats.words import words_of

MOST_COLUMNS = 60
MOST_CELLS = 100_000
"""Most cells of a table once its spans are filled in: a page cannot unfold into more text than a document may have."""

LONGEST_GROUP = 80


@dataclass(frozen=True)
class Cell:
    """A cell: its text, whether it names others, and over how many columns it goes."""

    text: str
    names: bool = False
    width: int = 1


Row = Sequence[Cell]


def rows_of(table: HtmlElement) -> Iterator[str]:
    """Yield each row of a table as a line, with the names of each column before its cell where the table has names."""
    for caption in table.iterchildren("caption"):
        yield words_of(caption)
    grid = grid_of(table)
    yield from told_rows(grid, heads_of(grid))


def told_rows(grid: Sequence[Row], heads: int) -> Iterator[str]:
    """Yield the rows of a grid below its first `heads` rows, which name the columns.

    A cell that goes over several columns or rows stands in each of them; one over all of them names the rows below it,
    or is said of the row above it.
    """
    names = [
        _joined(row[at].text for row in grid[:heads] if at < len(row)) for at in range(max(map(len, grid), default=0))
    ]
    rows = grid[heads:]
    if not _have_notes(rows):
        yield from _told_in_groups(rows, names)
        return
    for row, note in zip(rows[::2], rows[1::2], strict=True):
        yield sentence("; ".join(filter(None, (_told(row, names), note[0].text))))


def _told_in_groups(rows: Sequence[Row], names: Sequence[str]) -> Iterator[str]:
    group, waits = "", False
    for row in rows:
        if is_group(row):
            if waits:
                yield sentence(group)
            group, waits = row[0].text, True
            if len(group) > LONGEST_GROUP:
                yield sentence(group)
                group, waits = "", False
            continue
        told = "; ".join(filter(None, (group, _told(row, names))))
        if told != group:
            yield sentence(told)
            waits = False
    if waits:
        yield sentence(group)


def _have_notes(rows: Sequence[Row]) -> bool:
    """Tell whether what goes over all columns is said of the row above it, as where no row is left for the last."""
    fewest = 4
    alternate = len(rows) >= fewest and not len(rows) % 2
    return alternate and not any(map(is_group, rows[::2])) and all(map(is_group, rows[1::2]))


def _told(row: Row, names: Sequence[str]) -> str:
    own = [not (at and row[at] is row[at - 1] and names[at] == names[at - 1]) for at in range(len(row))]
    leading = next((at for at, cell in enumerate(row) if not cell.names), 0)
    if not any(names) and leading:
        name = _joined(cell.text for cell in row[:leading])
        rest = "; ".join(
            cell.text for cell, stays in zip(row[leading:], own[leading:], strict=True) if stays and cell.text
        )
        return f"{name}: {rest}" if name and rest else name or rest
    return "; ".join(
        f"{name}: {cell.text}" if name and name != cell.text else cell.text
        for name, cell, stays in zip(names, row, own, strict=False)
        if stays and cell.text
    )


def sentence(text: str) -> str:
    """Return text that ends as a sentence does."""
    return text if text.endswith((".", "!", "?", "。")) else f"{text}."


def looks_headed(grid: Sequence[Row]) -> bool:
    """Tell whether the first row names columns: words over columns that are numbers all the way down."""
    shortest = 3
    if len(grid) < shortest or any(not cell.text or _has_digit(cell) for cell in grid[0]):
        return False
    columns = [[row[at] for row in grid[1:] if at < len(row)] for at in range(1, len(grid[0]))]
    return any(column and all(map(_has_digit, column)) for column in columns)


def _has_digit(cell: Cell) -> bool:
    return any(map(str.isdecimal, cell.text))


def _joined(names: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(filter(None, names)))


def grid_of(table: HtmlElement) -> list[list[Cell]]:
    """Return a table's own rows, each cell in all the places that it covers."""
    grid, below = list[list[Cell]](), dict[int, tuple[int, Cell]]()
    total = 0
    for row in table.iter("tr"):
        if next(row.iterancestors("table")) is not table:
            continue
        cells = _row([one for one in row if one.tag in {"td", "th"}], below)
        total += len(cells)
        if total > MOST_CELLS:
            break
        if cells:
            grid.append(cells)
    return grid


def _row(own: Sequence[HtmlElement], below: dict[int, tuple[int, Cell]]) -> list[Cell]:
    cells, left = list[Cell](), list(own)
    while len(cells) < MOST_COLUMNS and (left or len(cells) in below):
        at = len(cells)
        if at in below:
            rows, cell = below.pop(at)
            cells.append(cell)
            if rows > 1:
                below[at] = (rows - 1, cell)
            continue
        element = left.pop(0)
        width = min(_span(element, "colspan"), MOST_COLUMNS - at)
        rows = _span(element, "rowspan")
        cell = Cell(words_of(element), element.tag == "th" or _is_in_head(element), width)
        cells += [cell] * width
        if rows > 1:
            below |= dict.fromkeys(range(at, at + width), (rows - 1, cell))
    return cells


def _span(cell: HtmlElement, name: str) -> int:
    told = cell.get(name, "1").strip()
    most = 1_000
    return min(max(int(told), 1), most) if told.isdecimal() and len(told) < most else 1


def _is_in_head(cell: HtmlElement) -> bool:
    return next(cell.iterancestors("thead"), None) is not None or _is_bold(cell)


def _is_bold(cell: HtmlElement) -> bool:
    only = list(cell)
    return len(only) == 1 and only[0].tag in {"b", "strong"} and not (cell.text or only[0].tail or "").strip()


def heads_of(grid: Sequence[Row]) -> int:
    """Return how many of the first rows name the columns."""
    heads = 0
    for row in grid:
        if not all(cell.names or not cell.text for cell in row) or (heads and is_group(row)):
            break
        heads += 1
    # One cell over all columns names the rows below it, and no column.
    if heads == 1 and is_group(grid[0]):
        return 0
    # A table of names alone, or of one column, has no row that names the others.
    if heads == len(grid) or (heads and len(grid[0]) == 1):
        return 0
    return heads or 2 * _splits_names(grid) or int(looks_headed(grid))


def _splits_names(grid: Sequence[Row]) -> bool:
    """Tell whether the second row divides what the first names together: many editors mark no cell as a name."""
    shortest = 3
    if len(grid) < shortest or is_group(grid[0]) or not any(cell.width > 1 for cell in grid[0]):
        return False
    first, second = grid[:2]
    divided = all(one.width == 1 for cell, one in zip(first, second, strict=False) if cell.width > 1)
    named = all(cell.text and not _has_digit(cell) for row in grid[:2] for cell in row)
    return divided and named and len(first) == len(second)


def is_group(row: Row) -> bool:
    """Tell whether a row is one cell over all columns."""
    return len(row) > 1 and row[0].width >= len(row) and bool(row[0].text)
