"""The order in which a printed page is read: columns one after the other, a table row by row."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.reading.formats.tables import Cell
from knowledge.reading.printed.grids import Grid, grids_of
from knowledge.reading.printed.rows import AWRY, GUTTER, Row, rows_of, whole
from knowledge.reading.printed.runs import Box, Printed, Run

_FEWEST_ROWS = 3
_FEWEST_WORDS, _FEWEST_SYLLABLES = 3, 9
_ENDS = re.compile(r"[.!?:;。]['\"”’)]?$")
_GOES_ON = re.compile(r"^[a-z가-힣(\"“'‘]")
_FAR_BELOW = 2.5
"""From how many times its letters' height a row no longer belongs to the table above it."""


@dataclass
class Table:
    """Rows whose cells stand below each other, and the lines in cells that have several."""

    grid: list[list[Cell]]
    heads: int
    lines: Sequence[tuple[Cell, Sequence[Row]]] = ()


def in_order(page: Printed) -> Iterator[Row | Table]:
    """Yield a page's rows and tables in the order they are read."""
    left = whole(page.runs, page.rules)
    for grid in grids_of(page.rules):
        above = [run for run in left if run.middle > grid.top]
        if (table := _ruled_table(grid, left)) is not None:
            yield from _read(above, page.rules)
            yield table
            left = [run for run in left if run.middle < grid.bottom]
    yield from _read(left, page.rules)


def _read(runs: Sequence[Run], rules: Sequence[Box]) -> Iterator[Row | Table]:
    for block in _blocks(rows_of(runs, rules), rules):
        yield from _with_tables(block)


def _ruled_table(grid: Grid, runs: Sequence[Run]) -> Table | None:
    """Return a ruled table with its text, unless something stands beside it or goes over its lines."""
    inside = [run for run in runs if grid.beside(run)]
    cells = defaultdict[int, list[Run]](list)
    for run in inside:
        cells[grid.cell_of(run) if grid.holds(run) else -1].append(run)
    if not inside or -1 in cells or len(cells) == 1:
        return None
    lines = {number: rows_of(part, ()) for number, part in cells.items()}
    told = {number: Cell(" ".join(row.text for row in part)) for number, part in lines.items()}
    rows = [[number for number in row if number in told] for row in grid.cells]
    plain = (
        at for at, row in enumerate(filter(None, rows)) if not _names(run for number in row for run in cells[number])
    )
    empty = Cell("")
    filled = [[told.get(number, empty) for number in row] for row in grid.cells if not told.keys().isdisjoint(row)]
    return Table(filled, next(plain, 0), [(told[number], part) for number, part in lines.items()])


def _names(runs: Iterable[Run]) -> bool:
    """Tell whether all of a row is printed as the names of columns are."""
    return all(run.headed or run.bold for run in runs)


def _blocks(rows: list[Row], rules: Sequence[Box]) -> Iterator[list[Row]]:
    """Yield parts of a page in their order; where rows fall into columns of prose, each column is a part."""
    found = _columns(rows, rules)
    if found is None:
        yield rows
        return
    first, last, at = found
    inside = [run for row in rows[first:last] for run in row.runs]
    yield from _blocks(rows[:first], rules) if first else ()
    yield from _blocks(rows_of([run for run in inside if run.box[0] < at], rules), rules)
    yield from _blocks(rows_of([run for run in inside if run.box[0] >= at], rules), rules)
    yield from _blocks(rows[last:], rules) if last < len(rows) else ()


def _columns(rows: Sequence[Row], rules: Sequence[Box]) -> tuple[int, int, float] | None:
    best: tuple[int, int, float] | None = None
    for at in _gutters(rows):
        for first, last in _not_across(rows, at, rules):
            longer = best is None or last - first > best[1] - best[0]
            if longer and _are_columns(rows[first:last], at, rules):
                best = (first, last, at)
    return best


def _gutters(rows: Sequence[Row]) -> list[float]:
    """Return where columns may begin: a little left of all the runs that begin about there, most of them first."""
    found = defaultdict[int, list[float]](list)
    for row in rows:
        for one, other in pairwise(row.runs):
            if other.box[0] - one.box[2] > GUTTER * row.size:
                found[round(other.box[0] / AWRY)].append(other.box[0])
    likely = sorted(found.values(), key=len, reverse=True)[:12]
    return [min(begins) - 1 for begins in likely if len(begins) > 1]


def _not_across(rows: Sequence[Row], at: float, rules: Sequence[Box]) -> Iterator[tuple[int, int]]:
    first: int | None = None
    lines = [box for box in rules if box[0] < at - AWRY and box[2] > at + AWRY and box[3] - box[1] < AWRY]
    for number, row in enumerate(rows):
        across = any(run.box[0] < at - AWRY and run.box[2] > at + AWRY for run in row.runs) or _ruled(row, lines)
        if across and first is not None:
            yield first, number
            first = None
        elif not across and first is None:
            first = number
    if first is not None:
        yield first, len(rows)


def _ruled(row: Row, lines: Sequence[Box]) -> bool:
    """Tell whether a row stands between two lines close to it, as rows of a table do that follows columns."""
    above = any(row.top - AWRY <= box[1] <= row.top + row.size for box in lines)
    return above and any(row.bottom - row.size <= box[3] <= row.bottom + AWRY for box in lines)


def _are_columns(rows: Sequence[Row], at: float, rules: Sequence[Box]) -> bool:
    sides = [_side(rows, at, left=left) for left in (True, False)]
    top, bottom = max(row.top for row in rows), min(row.bottom for row in rows)
    ruled = sum(box[0] < at < box[2] and bottom <= box[1] <= top for box in rules)
    return ruled < _FEWEST_ROWS and all(len(side) >= _FEWEST_ROWS and _flows(side) for side in sides)


def _side(rows: Sequence[Row], at: float, *, left: bool) -> list[str]:
    sides = (Row([run for run in row.runs if (run.box[0] < at) is left]) for row in rows)
    return [side.text for side in sides if side.runs]


def _flows(lines: Sequence[str]) -> bool:
    words = sum(len(line.split()) for line in lines) / len(lines)
    syllables = sum(len(line) for line in lines) / len(lines)
    korean = any("가" <= letter <= "힣" for line in lines for letter in line)
    enough = syllables >= _FEWEST_SYLLABLES if korean else words >= _FEWEST_WORDS
    goes_on = any(not _ENDS.search(one) and _GOES_ON.match(other) for one, other in pairwise(lines))
    return enough and goes_on


def _with_tables(rows: Sequence[Row]) -> Iterator[Row | Table]:
    at = 0
    while at < len(rows):
        until = _end_of_table(rows, at)
        if until - at > 1:
            yield _table([row.cells() for row in rows[at:until]])
            at = until
        else:
            yield rows[at]
            at += 1


def _end_of_table(rows: Sequence[Row], at: int) -> int:
    cells = rows[at].cells()
    until = at + 1
    while len(cells) > 1 and until < len(rows):
        below = rows[until].cells()
        apart = rows[until - 1].bottom - rows[until].top
        if len(below) == 1 or apart > _FAR_BELOW * rows[until].size or not _stand_below(cells, below):
            break
        until += 1
    return until


def _stand_below(cells: Sequence[Run], below: Sequence[Run]) -> bool:
    return all(any(one.box[0] - 9 < cell.box[2] and cell.box[0] - 9 < one.box[2] for one in cells) for cell in below)


def _table(rows: Sequence[Sequence[Run]]) -> Table:
    widest = max(rows, key=len)
    edges = [(one.box[2] + other.box[0]) / 2 for one, other in pairwise(widest)]
    grid = list[list[Cell]]()
    for row in rows:
        texts = [""] * len(widest)
        for cell in row:
            column = sum((cell.box[0] + cell.box[2]) / 2 > edge for edge in edges)
            texts[column] = f"{texts[column]} {cell.text}".strip()
        grid.append([Cell(text) for text in texts])
    heads = next((number for number, row in enumerate(rows) if not all(cell.headed for cell in row)), 0)
    return Table(grid, heads)
