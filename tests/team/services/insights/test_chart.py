"""Bar charts of small tables: every figure is in the picture, and nothing in it runs."""

from collections.abc import Sequence

import pytest
from lxml import etree

from team.services.insights.chart import chart_of
from team.services.insights.running import Cell, Result

HOSTILE = "</text><script>alert(1)</script>"


def result(*rows: Sequence[Cell], columns: Sequence[str] = ("country", "total")) -> Result:
    return Result(columns, rows, more=False, ms=0.0)


def test_each_row_is_a_bar_as_long_as_its_figure_and_labelled_with_it() -> None:
    chart = etree.fromstring(chart_of(result(["KR", 1500], ["US", 750], [None, 0]), "total of each country"))
    texts = [one.text for one in chart.iter("{*}text")]
    lengths = [float(one.get("width")) for one in chart.iter("{*}rect")]

    assert texts == ["KR", "1,500", "US", "750", "–", "0"]
    assert lengths[0] == pytest.approx(2 * lengths[1], rel=0.01)
    assert lengths[2] == 0
    assert chart.findtext("{*}title") == "total of each country"


def test_figures_below_zero_stand_left_of_the_others() -> None:
    chart = etree.fromstring(chart_of(result(["a", 10], ["b", -10]), "t"))
    (one, one_width), (other, other_width) = [(float(r.get("x")), float(r.get("width"))) for r in chart.iter("{*}rect")]

    assert one_width == other_width > 0
    assert one == pytest.approx(other + other_width, abs=0.2)


def test_a_name_is_never_markup() -> None:
    chart = etree.fromstring(chart_of(result([HOSTILE, 1], ["b", 2]), HOSTILE))

    assert {etree.QName(one).localname for one in chart.iter()} == {"svg", "title", "text", "rect"}
    assert chart.findtext("{*}title") == HOSTILE


@pytest.mark.parametrize(
    "table",
    [
        result(["KR", 1]),
        result(*[(str(number), number) for number in range(31)]),
        result(["KR", "US"], ["a", "b"]),
        result(["KR", True], ["US", False]),
        result([1], [2], columns=("n",)),
        result(["a", 1, 2], ["b", 3, 4], columns=("a", "b", "c")),
    ],
)
def test_what_is_no_table_of_names_and_figures_has_no_chart(table: Result) -> None:
    assert chart_of(table, "t") == ""
