"""Whatever a column of the shop can hold is read from a CSV cell as it was written there."""

import csv
from datetime import UTC
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.moving.csv_files import cells

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
AMOUNTS = st.integers(0, cells.LARGEST)


def through_a_file(cell: str) -> str:
    """What a file gives back for this cell."""
    file = StringIO(newline="")
    csv.writer(file).writerow(["before", cell, "after"])
    [row] = csv.reader(StringIO(file.getvalue(), newline=""), strict=True)
    return row[1]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (cells.TEXT, TEXTS),
        (cells.AMOUNT, AMOUNTS),
        (cells.DIFFERENCE, st.integers(-cells.LARGEST, cells.LARGEST)),
        (cells.NUMBER, st.integers(1, cells.LARGEST)),
        (cells.BOOLEAN, st.booleans()),
        (cells.MOMENT, st.datetimes(timezones=st.just(UTC))),
        (cells.OPTIONS, st.dictionaries(TEXTS, TEXTS)),
        (cells.IDS, st.lists(TEXTS)),
    ],
    ids=["text", "amount", "difference", "number", "boolean", "moment", "options", "ids"],
)
def test_what_is_written_is_read(kind: cells.Kind, values: st.SearchStrategy[Any]) -> None:
    @given(values)
    def goes_round(value: object) -> None:
        assert kind.read(through_a_file(kind.write(value))) == value

    goes_round()


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (cells.AMOUNT, "1_000"),
        (cells.AMOUNT, "1 000"),
        (cells.AMOUNT, "+1"),
        (cells.AMOUNT, "1e3"),
        (cells.AMOUNT, "9" * 5000),
        (cells.DIFFERENCE, "--1"),
        (cells.BOOLEAN, "T"),
        (cells.MOMENT, "2026-03-02"),
        (cells.MOMENT, "yesterday"),
        (cells.OPTIONS, "[]"),
        (cells.OPTIONS, '{"a": NaN}'),
        (cells.IDS, "{}"),
        (cells.IDS, "[" * 100_000),
        (cells.CURRENCY, "US$"),
    ],
)
def test_what_only_looks_like_it_is_refused(kind: cells.Kind, cell: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its text is for nobody: the reader says what was expected
        kind.read(cell)
