"""A small table as a bar chart: SVG without script, style or link, drawn in the colours of the text around it."""

from xml.etree.ElementTree import Element, SubElement, tostring

from team.services.insights.running import Cell, Result

SVG = "http://www.w3.org/2000/svg"
FEWEST_BARS, MOST_BARS = 2, 30
WIDTH, ROW, BAR, MARGIN = 640, 28, 18, 8
"""Pixels: the whole chart, a row, the bar in it, and around them."""
LABELS, VALUES = 190, 90
"""Pixels for the names on the left and for the figures behind the longest bar."""
LONGEST_LABEL = 26


def chart_of(result: Result, title: str) -> str:
    """Return a result as a bar chart in SVG, or "" where it is no table of one name and one figure a row."""
    bars = _bars(result)
    if bars is None:
        return ""
    low, high = min(0.0, *(value for _, value in bars)), max(0.0, *(value for _, value in bars))
    height = 2 * MARGIN + ROW * len(bars)
    look = {"role": "img", "font-family": "sans-serif", "font-size": "13"}
    svg = Element("svg", {"xmlns": SVG, "viewBox": f"0 0 {WIDTH} {height}", **look})
    _add(svg, "title", title)
    scale = (WIDTH - LABELS - VALUES - 2 * MARGIN) / ((high - low) or 1.0)
    zero = MARGIN + LABELS - low * scale
    for number, (label, value) in enumerate(bars):
        top = MARGIN + number * ROW
        _draw(svg, label, value, top, zero, scale)
    return tostring(svg, encoding="unicode")


def _bars(result: Result) -> list[tuple[str, float]] | None:
    if len(result.columns) != 2 or not FEWEST_BARS <= len(result.rows) <= MOST_BARS:  # noqa: PLR2004 - a name, a figure
        return None
    figures = [one for row in result.rows for one in row[1:]]
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in figures):
        return None
    return [(_label(row[0]), float(row[1] or 0)) for row in result.rows]


def _label(cell: Cell) -> str:
    text = "–" if cell is None else str(cell)
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"


def _draw(svg: Element, label: str, value: float, top: int, zero: float, scale: float) -> None:
    length = abs(value) * scale
    left = zero if value >= 0 else zero - length
    middle = str(top + ROW // 2 + 4)
    _add(svg, "text", label, x=str(MARGIN + LABELS - 8), y=middle, fill="currentColor", **{"text-anchor": "end"})
    bar = {"x": f"{left:.1f}", "y": str(top + (ROW - BAR) // 2), "width": f"{length:.1f}", "height": str(BAR)}
    _add(svg, "rect", "", rx="3", fill="currentColor", opacity="0.55", **bar)
    _add(svg, "text", f"{value:,.10g}", x=f"{left + length + 6:.1f}", y=middle, fill="currentColor")


def _add(parent: Element, tag: str, text: str, **attributes: str) -> None:
    element = SubElement(parent, tag, attributes)
    element.text = text or None
