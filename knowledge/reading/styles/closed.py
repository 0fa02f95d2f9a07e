"""What keeps an element out of sight with all that is in it, by its own style or its own marks."""

import re
from collections.abc import Mapping

from lxml.html import HtmlElement

from knowledge.reading.styles.values import CLEAR, length

Style = Mapping[str, str]

FAR_OUT = -400
"""From how many pixels outside the page a part of it is out of sight."""

_FOR_READERS_ALOUD = re.compile(r"(?:^|[\s_-])(?:sr-only|visually-hidden|visuallyhidden|screen-reader\S*)(?:$|\s)")
_CLIPPED = re.compile(r"rect\((?:[01](?:px)?[\s,]*){4}\)|inset\((?:50|100)%|circle\(0|polygon\(0 0, 0 0")
_FLAT = re.compile(r"scale(?:[xy]|3d)?\(\s*0(?:\.0+)?\s*[,)]")
_MOVED = re.compile(r"translate(?:x|y|3d)?\(\s*(-\d+)(?:px|%|vw)")
_ICON = re.compile(r"(?:^|[\s_-])(?:icons?|ico|symbols?|fa|fa[srbl]|glyphicon|octicon)(?:$|[\s_-])", re.IGNORECASE)
_IN_A_LINE = frozenset({"span", "b", "strong", "i", "em", "small", "sup", "sub", "font", "mark", "u", "bdi"})
_SIDES = ("height", "max-height", "width", "max-width")


def why_closed(element: HtmlElement, style: Style) -> str:
    """Return why an element may be waiting to be opened, or nothing if it is open."""
    by_style = _why_shut(style)
    if by_style:
        return by_style
    if "hidden" in element.attrib and "display" not in style:
        return "the attribute hidden"
    if element.tag == "dialog" and "open" not in element.attrib:
        return "a dialog"
    return _why_unspoken(element) if element.get("aria-hidden") == "true" else ""


def _why_unspoken(element: HtmlElement) -> str:
    """Return why what is not read aloud may not be seen either: a part of a line is seen, but for an icon's name."""
    if element.tag not in _IN_A_LINE:
        return "aria-hidden"
    return "an icon" if _ICON.search(element.get("class", "")) else ""


def is_shut(style: Style) -> bool:
    """Tell whether a style alone keeps what it holds on out of sight until something opens it."""
    return bool(_why_shut(style)) or style.get("visibility") in {"hidden", "collapse"}


def _why_shut(style: Style) -> str:
    if style.get("display") == "none":
        return "display: none"
    flat = any(length(style.get(side, "")) in {0.0, 1.0} for side in _SIDES)
    if flat and re.search("hidden|clip", style.get("overflow", "")):
        return "no height or width"
    if style.get("content-visibility") == "hidden":
        return "content-visibility: hidden"
    return "scaled to nothing" if _FLAT.search(style.get("transform", "")) else ""


def why_away(element: HtmlElement, style: Style) -> str:
    """Return why no click brings an element into sight, or nothing."""
    if _FOR_READERS_ALOUD.search(element.get("class", "")):
        return "for screen readers only"
    placed = style.get("position") in {"absolute", "fixed", "relative", "sticky"}
    sides = ("left", "top", "right", "margin-left") if placed else ("margin-left",)
    moved = _MOVED.search(style.get("transform", ""))
    if any((length(style.get(side, "")) or 0) <= FAR_OUT for side in sides) or (moved and int(moved[1]) <= FAR_OUT):
        return "outside the page"
    return "clipped away" if _CLIPPED.search(f"{style.get('clip', '')} {style.get('clip-path', '')}") else ""


def is_clear(style: Style) -> bool:
    """Tell whether an element and all that is in it is transparent."""
    opacity = length(style.get("opacity", ""), 1.0)
    if style.get("opacity", "").endswith("%"):
        opacity = length(style["opacity"], 1.0)
    return (opacity is not None and opacity < CLEAR) or "opacity(0)" in style.get("filter", "").replace("%", "")
