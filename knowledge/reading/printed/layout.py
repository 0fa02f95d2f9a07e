"""The order in which a printed page is read: columns one after the other, a table row by row."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

from knowledge.reading.formats.tables import Cell
from knowledge.reading.formats.words import raised
from knowledge.reading.printed.runs import Box, Printed, Run

GUTTER = 1.2
"""From how many times its letters' height a gap parts two columns, or two cells."""
_SPACE, _RAISED_SPACE = 0.15, 0.6
_APART = 0.8
"""Up to how many times its letters' height what is stored next goes on with the same line: some store each letter."""
_SMALLER = 0.75
_FEWEST_ROWS = 3
_FEWEST_WORDS, _FEWEST_SYLLABLES = 3, 9
_ENDS = re.compile(r"[.!?:;。]['\"”’)]?$")
_GOES_ON = re.compile(r"^[a-z가-힣(\"“'‘]")
_AWRY = 4.0
_FAR_BELOW = 2.5
"""From how many times its letters' height a row no longer belongs to the table above it."""


@dataclass
class Row:
    """Runs on one line, from the left."""

    runs: list[Run] = field(default_factory=list)
    rules: Sequence[Box] = ()

    @property
    def size(self) -> float:
        """The height of most of its letters."""
        sizes: Counter[float] = Counter()
        for run in self.runs:
            sizes[round(_height(run), 1)] += len(run.text.strip())
        return sizes.most_common(1)[0][0]

    @property
    def text(self) -> str:
        """Its text, with raised figures set apart."""
        return _joined(self.runs, self.size)

    @property
    def top(self) -> float:
        """Where it begins on its page."""
        return max(run.box[3] for run in self.runs)

    @property
    def bottom(self) -> float:
        """Where it ends on its page."""
        return min(run.box[1] for run in self.runs)

    def cells(self) -> list[Run]:
        """Return its runs, those that stand close together as one."""
        cells = list[Run]()
        parts = list[list[Run]]()
        for run in self.runs:
            right = max(one.box[2] for one in parts[-1]) if parts else 0.0
            near = bool(parts) and run.box[0] - right < GUTTER * self.size
            if near and not _walled(right, run, self.rules):
                parts[-1].append(run)
            else:
                parts.append([run])
        for part in parts:
            box = (
                part[0].box[0],
                min(r.box[1] for r in part),
                max(r.box[2] for r in part),
                max(r.box[3] for r in part),
            )
            cells.append(Run(_joined(part, self.size), box, self.size, headed=all(one.headed for one in part)))
        return cells


@dataclass
class Table:
    """Rows whose cells stand below each other."""

    grid: list[list[Cell]]
    heads: int


def in_order(page: Printed) -> Iterator[Row | Table]:
    """Yield a page's rows and tables in the order they are read."""
    for block in _blocks(_rows(_whole(page.runs, page.rules), page.rules), page.rules):
        yield from _with_tables(block)


def _height(run: Run) -> float:
    return run.size if run.size > 1 else run.box[3] - run.box[1]


def _whole(runs: Sequence[Run], rules: Sequence[Box]) -> list[Run]:
    """Return runs with those joined that are stored one after the other and go on with the same line."""
    whole = list[Run]()
    for run in runs:
        last = whole[-1] if whole else None
        if last is None or not _goes_on_with(last, run) or _walled(last.box[2], run, rules):
            whole.append(replace(run))
            continue
        last.text = _between(last, run) + run.text
        last.box = (last.box[0], min(last.box[1], run.box[1]), run.box[2], max(last.box[3], run.box[3]))
    return whole


def _goes_on_with(last: Run, run: Run) -> bool:
    size = _height(last)
    alike = abs(_height(run) - size) < 0.05 * size and abs(run.middle - last.middle) < 0.1 * size
    return alike and run.headed == last.headed and -0.3 * size < run.box[0] - last.box[2] < _APART * size


def _between(last: Run, run: Run) -> str:
    apart = run.box[0] - last.box[2] > _SPACE * _height(last) and not last.text.endswith(" ")
    return f"{last.text} " if apart else last.text


def _walled(right: float, run: Run, rules: Sequence[Box]) -> bool:
    """Tell whether a ruled line stands between a run and what ends left of it."""
    return any(
        right - 1 <= box[0] and box[2] <= run.box[0] + 1 and box[1] <= run.middle <= box[3] and box[2] - box[0] < _AWRY
        for box in rules
    )


def _rows(runs: Sequence[Run], rules: Sequence[Box]) -> list[Row]:
    rows = list[Row]()
    for run in sorted(runs, key=lambda one: (-_height(one), -one.middle)):
        near = [row for row in rows if abs(row.runs[0].middle - run.middle) < 0.6 * _height(row.runs[0])]
        if near:
            min(near, key=lambda row: abs(row.runs[0].middle - run.middle)).runs.append(run)
        else:
            rows.append(Row([run], rules))
    for row in rows:
        row.runs.sort(key=lambda one: one.box[0])
    return sorted(rows, key=lambda row: -row.runs[0].middle)


def _joined(runs: Sequence[Run], size: float) -> str:
    text, right, usual = "", None, median(run.middle for run in runs)
    for run in runs:
        is_raised = _height(run) < _SMALLER * size and run.middle > usual and bool(text.strip())
        space = (_RAISED_SPACE if is_raised else _SPACE) * size
        if right is not None and run.box[0] - right > space and not text.endswith(" "):
            text += " "
        text += raised(text.rstrip(), run.text) if is_raised else run.text
        right = run.box[2]
    return " ".join(text.split())


def _blocks(rows: list[Row], rules: Sequence[Box]) -> Iterator[list[Row]]:
    """Yield parts of a page in their order; where rows fall into columns of prose, each column is a part."""
    found = _columns(rows, rules)
    if found is None:
        yield rows
        return
    first, last, at = found
    inside = [run for row in rows[first:last] for run in row.runs]
    yield from _blocks(rows[:first], rules) if first else ()
    yield from _blocks(_rows([run for run in inside if run.box[0] < at], rules), rules)
    yield from _blocks(_rows([run for run in inside if run.box[0] >= at], rules), rules)
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
                found[round(other.box[0] / _AWRY)].append(other.box[0])
    likely = sorted(found.values(), key=len, reverse=True)[:12]
    return [min(begins) - 1 for begins in likely if len(begins) > 1]


def _not_across(rows: Sequence[Row], at: float, rules: Sequence[Box]) -> Iterator[tuple[int, int]]:
    first: int | None = None
    lines = [box for box in rules if box[0] < at - _AWRY and box[2] > at + _AWRY and box[3] - box[1] < _AWRY]
    for number, row in enumerate(rows):
        across = any(run.box[0] < at - _AWRY and run.box[2] > at + _AWRY for run in row.runs) or _ruled(row, lines)
        if across and first is not None:
            yield first, number
            first = None
        elif not across and first is None:
            first = number
    if first is not None:
        yield first, len(rows)


def _ruled(row: Row, lines: Sequence[Box]) -> bool:
    """Tell whether a row stands between two lines close to it, as rows of a table do that follows columns."""
    above = any(row.top - _AWRY <= box[1] <= row.top + row.size for box in lines)
    return above and any(row.bottom - row.size <= box[3] <= row.bottom + _AWRY for box in lines)


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
