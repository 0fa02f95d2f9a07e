"""Rows of a printed page: runs on one line, those that belong together as one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from knowledge.reading.formats.words import raised
from knowledge.reading.printed.runs import Box, Run

GUTTER = 1.2
"""From how many times its letters' height a gap parts two columns, or two cells."""
AWRY = 4.0
_SPACE, _RAISED_SPACE = 0.15, 0.6
_APART = 0.8
"""Up to how many times its letters' height what is stored next goes on with the same line: some store each letter."""
_SMALLER = 0.75


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


def _height(run: Run) -> float:
    return run.size if run.size > 1 else run.box[3] - run.box[1]


def whole(runs: Sequence[Run], rules: Sequence[Box]) -> list[Run]:
    """Return runs with those joined that are stored one after the other and go on with the same line."""
    found = list[Run]()
    for run in runs:
        last = found[-1] if found else None
        if last is None or not _goes_on_with(last, run) or _walled(last.box[2], run, rules):
            found.append(replace(run))
            continue
        last.text, last.bold = _between(last, run) + run.text, last.bold and run.bold
        last.box = (last.box[0], min(last.box[1], run.box[1]), run.box[2], max(last.box[3], run.box[3]))
    return found


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
        right - 1 <= box[0] and box[2] <= run.box[0] + 1 and box[1] <= run.middle <= box[3] and box[2] - box[0] < AWRY
        for box in rules
    )


def rows_of(runs: Sequence[Run], rules: Sequence[Box]) -> list[Row]:
    """Return the rows that runs make, from the top."""
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
