"""Tables that are ruled on a printed page: which lines part which cells, whose text may go over several lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from knowledge.reading.printed.runs import Box, Run

_THIN, _SHORTEST = 4.0, 8.0
"""How wide a line may be, and how long it is at least, in points."""
_TOUCH = 3.0
_FEWEST_LINES = 3
_MOST_LINES = 600
"""More make a drawing."""


@dataclass(frozen=True)
class _Line:
    """A ruled line: where it lies, and from where to where it goes, across that."""

    at: float
    begins: float
    ends: float

    def crosses(self, middle: float) -> bool:
        return self.begins - _TOUCH <= middle <= self.ends + _TOUCH


@dataclass
class _Lines:
    """Lines that touch each other."""

    upright: list[_Line] = field(default_factory=list)
    level: list[_Line] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    """A ruled table: its edges from the left and from the top, and for each place in it the number of its cell."""

    lefts: Sequence[float]
    tops: Sequence[float]
    cells: Sequence[Sequence[int]]

    @property
    def top(self) -> float:
        """Where it begins on its page."""
        return self.tops[0]

    @property
    def bottom(self) -> float:
        """Where it ends on its page."""
        return self.tops[-1]

    def holds(self, run: Run) -> bool:
        """Whether a run stands in it."""
        return self.beside(run) and self.lefts[0] - _TOUCH <= run.box[0] and run.box[2] <= self.lefts[-1] + _TOUCH

    def beside(self, run: Run) -> bool:
        """Whether a run stands as high on the page as a part of it."""
        return self.bottom <= run.middle <= self.top

    def cell_of(self, run: Run) -> int:
        """Return the number of the cell in which a run stands; -1 if it goes over a line."""
        row = sum(run.middle < top for top in self.tops[1:-1])
        ends = [sum(x > left for left in self.lefts[1:-1]) for x in (run.box[0] + 1, run.box[2] - 1)]
        first, last = (self.cells[row][at] for at in ends)
        return first if first == last else -1


def grids_of(rules: Sequence[Box]) -> Iterator[Grid]:
    """Yield the ruled tables among a page's lines, from the top."""
    found = [grid for lines in _touching(_lines(rules)) if (grid := _grid(lines)) is not None]
    yield from sorted(found, key=lambda grid: -grid.top)


def _lines(rules: Sequence[Box]) -> _Lines:
    lines = _Lines()
    for left, bottom, right, top in rules:
        if right - left < _THIN:
            edges = [(True, _Line((left + right) / 2, bottom, top))]
        elif top - bottom < _THIN:
            edges = [(False, _Line((bottom + top) / 2, left, right))]
        else:
            edges = [
                *((True, _Line(x, bottom, top)) for x in (left, right)),
                *((False, _Line(y, left, right)) for y in (bottom, top)),
            ]
        for upright, line in edges:
            if line.ends - line.begins >= _SHORTEST:
                (lines.upright if upright else lines.level).append(line)
    return lines


def _touching(lines: _Lines) -> list[_Lines]:
    """Return the lines in groups that hang together: an upright one and a level one that cross or meet."""
    if len(lines.upright) + len(lines.level) > _MOST_LINES:
        return []
    groups, left = list[_Lines](), list(lines.upright)
    level = list(lines.level)
    while left:
        group, ahead = _Lines([left.pop()]), 0
        while ahead < len(group.upright):
            one = group.upright[ahead]
            met = [other for other in level if other.crosses(one.at) and one.crosses(other.at)]
            level = [other for other in level if other not in met]
            group.level += met
            more = [other for other in left if any(line.crosses(other.at) and other.crosses(line.at) for line in met)]
            left = [other for other in left if other not in more]
            group.upright += more
            ahead += 1
        groups.append(group)
    return groups


def _grid(lines: _Lines) -> Grid | None:
    lefts = _places(line.at for line in lines.upright)
    tops = _places(line.at for line in lines.level)[::-1]
    if min(len(lefts), len(tops)) < _FEWEST_LINES:
        return None
    numbers = [[-1] * (len(lefts) - 1) for _ in tops[1:]]
    for row, (top, bottom) in enumerate(pairwise(tops)):
        for column, (left, right) in enumerate(pairwise(lefts)):
            numbers[row][column] = row * len(lefts) + column
            if column and not _parted(lines.upright, left, (top + bottom) / 2):
                numbers[row][column] = numbers[row][column - 1]
            elif row and not _parted(lines.level, top, (left + right) / 2):
                numbers[row][column] = numbers[row - 1][column]
    return Grid(lefts, tops, numbers)


def _places(found: Iterator[float]) -> list[float]:
    """Return where lines lie, those that lie together once."""
    places = list[float]()
    for at in sorted(found):
        if not places or at - places[-1] > _TOUCH:
            places.append(at)
    return places


def _parted(lines: Sequence[_Line], at: float, middle: float) -> bool:
    return any(abs(line.at - at) <= _TOUCH and line.crosses(middle) for line in lines)
